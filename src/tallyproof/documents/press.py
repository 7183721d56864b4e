"""Turns data and a template of ours into a PDF: offline, tagged, the same bytes for the same data."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from typst import Compiler, Fonts, PDFStandard

_TEMPLATES = files("tallyproof.documents") / "templates"
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn"}
"""Categories of characters that print nothing, or turn the direction of what follows."""
_SIZES = (10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7)
"""Sizes of the letters, in points, tried in turn where everything shall stand on one page."""


class Sheet(StrEnum):
    """Sizes of paper."""

    LETTER = "us-letter"
    A4 = "a4"


def printed(
    template: str,
    data: Mapping[str, Any],
    made: dt.datetime,
    sheet: Sheet = Sheet.LETTER,
    *,
    pages: int = 0,
    size: float = 0,
) -> bytes:
    """A PDF (tagged, by PDF/UA-1) of a template filled with data.

    Texts reach the template as data, never as source, so nothing in them is read as markup. ``made`` is
    the date in the file. ``pages`` asks for letters small enough for that many pages, where 7 points are;
    ``size`` for letters of so many points.
    Signs that the fonts of the compiler lack are taken from those of this machine, else shown as boxes;
    only then do the bytes depend on the machine, and without the sign the file is not PDF/UA.
    """
    from typst import TypstError

    values = _values(data, sheet)
    sizes = (size,) if size else _SIZES if pages else _SIZES[:1]
    try:
        return _fitted(_compiler(template), values, made, sizes, pages, ["ua-1"])
    except TypstError as fault:
        if "could not be displayed" not in fault.message:
            raise
    try:  # our fonts lack a sign: those of this machine may have it
        return _fitted(_compiler(template, every_font=True), values, made, sizes, pages, ["ua-1"])
    except TypstError:
        return _fitted(_compiler(template, every_font=True), values, made, sizes, pages, [])


def _fitted(
    compiler: Compiler,
    values: Any,
    made: dt.datetime,
    sizes: Sequence[float],
    pages: int,
    standards: list[PDFStandard],
) -> bytes:
    for size in sizes:
        inputs = {"data": _json({**values, "size": size})}
        pdf = compiler.compile(
            format="pdf", sys_inputs=inputs, timestamp=int(made.timestamp()), pdf_standards=standards
        )
        if not pages or _pages(compiler) <= pages:
            break
    assert isinstance(pdf, bytes)
    return pdf


def fitting_size(template: str, data: Mapping[str, Any], sheet: Sheet, pages: int = 1) -> float:
    """The largest size of letters, in points, with which the data stand on so many pages; else the least."""
    values = _values(data, sheet)
    for size in _SIZES:
        compiler = _compiler(template)
        compiler.compile(format="svg", sys_inputs={"data": _json({**values, "size": size})})
        if _pages(compiler) <= pages:
            return size
    return _SIZES[-1]


def _pages(compiler: Compiler) -> int:
    return int(compiler.query("<pages>", field="value", one=True))


def _values(data: Mapping[str, Any], sheet: Sheet) -> dict[str, Any]:
    seen: dict[str, Any] = _seen(msgspec.to_builtins({**data, "sheet": sheet.value}))
    return seen


def _json(values: Mapping[str, Any]) -> str:
    return msgspec.json.encode(values).decode()


@cache
def _fonts(every: bool) -> Fonts:
    """The fonts that come with the compiler; with ``every`` also those of this machine."""
    import typst

    return typst.Fonts(include_system_fonts=every)


def _compiler(template: str, *, every_font: bool = False) -> Compiler:
    import typst  # 80 MB that only papers need

    return typst.Compiler(
        str(_TEMPLATES / f"{template}.typ"),
        root=str(_TEMPLATES),
        font_paths=_fonts(every_font),
        ignore_system_fonts=not every_font,
    )


def _seen(value: Any) -> Any:
    """The value with nothing in its texts that prints nothing or turns what stands beside it."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Mapping):
        return {key: _seen(each) for key, each in value.items()}
    return [_seen(each) for each in value] if isinstance(value, Sequence) else value


def visible(text: str) -> str:
    """The text with control signs as spaces, and signs without a picture of their own left out."""
    if text.isascii() and text.isprintable():
        return text
    kept = (" " if each in "\n\r\t" else each for each in unicodedata.normalize("NFC", text))
    return "".join(each for each in kept if unicodedata.category(each) not in _UNSEEN)
