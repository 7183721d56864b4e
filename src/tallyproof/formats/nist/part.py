"""What all objects of NIST SP 1500-100 v2 have in common, and its texts of a fixed form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias, TypeVar

from msgspec import Meta, Struct

PREFIX = "ElectionResults."


class Part(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag=lambda name: f"{PREFIX}{name}",
):
    """An object of the specification: its "@type" is required, and a key it does not know is refused."""


_MONTH_AND_DAY = r"(0?[1-9]|1[012])-(0?[1-9]|[12][0-9]|3[01])"
_ZONE = r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_TIME = r"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]|(24:00:00))" + _ZONE

DateTimeWithZone: TypeAlias = Annotated[str, Meta(pattern=f"[0-9]{{4}}-{_MONTH_AND_DAY}T{_TIME}")]
TimeWithZone: TypeAlias = Annotated[str, Meta(pattern=_TIME)]
IsoDay: TypeAlias = Annotated[str, Meta(pattern=rf"^\d{{4}}-{_MONTH_AND_DAY.replace('?', '')}{_ZONE}?$")]
HtmlColorString: TypeAlias = Annotated[str, Meta(pattern="[0-9a-f]{6}")]
ShortString: TypeAlias = Annotated[str, Meta(max_length=32)]

Item = TypeVar("Item")
OneOrMore: TypeAlias = Annotated[Sequence[Item], Meta(min_length=1)]
