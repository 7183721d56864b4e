"""Made-up files of an upload for the page of components: read in part, of unknown layout, unreadable."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from tallyproof.services.drafts import Cell, Draft, DraftFile, Seen, Sum
from tallyproof.services.uploading import Upload
from tallyproof.services.workspace import Workspace
from tallyproof.web.uploading import Card

ANN, BO = "Ann Example", "Bo Sample"
MAPPING = """[columns]
unit = "Ward"
[constants]
office = "Mayor"
[[choices]]
column = "Ann"
name = "Ann Example"
"""


def cards(workspace: Workspace, longest: str, huge: int) -> list[tuple[str, Card]]:
    """The card of a file in its main states, each with the state's heading; none of them can be sent."""
    files = [_ready(), _proposed(), _unreadable(), _large(longest, huge)]
    draft = Draft("0" * 16, "example", ANN, "", "", tuple(files))
    upload = Upload(draft, {}, {}, {}, None)
    ready, proposed, unreadable, large = (Card.of(upload, each, workspace) for each in files)
    rejected = [(12, _("has “many” in votes, which is no number"), "Ash,Ward 7,Mayor,Ann Example,many")]
    return [
        (_("Recognised"), replace(ready, rejections=rejected)),
        (_("Of unknown layout"), proposed),
        (_("Empty"), unreadable),
        (_("Very large"), large),
    ]


def _ready() -> DraftFile:
    seen = Seen(
        (("returns.csv", "openelections"),), (), 13, 12, 1, 12,
        cells=(Cell(2, "Ward 1, Ash", "Mayor", ANN, "choice", "total", 5_204),),
        contests=(Sum("Mayor", 6, ((ANN, 5_204), (BO, 4_796), ("Write-ins", None))),), contest_count=1,
    )  # fmt: skip
    return DraftFile(1, "returns.csv", 2_340, 2_340, seen=seen)


def _proposed() -> DraftFile:
    seen = Seen(
        (("wards.csv", "mapping"),), (), 2, 2, 0, 2, is_unknown=True, columns=("Ward", "Ann"),
        contests=(Sum("Mayor", 2, ((ANN, 20),)),), contest_count=1,
        raw=(("Ward", "Ann"), ("W1", "12"), ("W2", "8")),
    )  # fmt: skip
    return DraftFile(2, "wards.csv", 90, 90, mapping=MAPPING, seen=seen)


def _unreadable() -> DraftFile:
    seen = Seen(reason="is empty", remedy="Download it again or ask the office for the file")
    return DraftFile(3, "empty.csv", 0, seen=seen)


def _large(longest: str, huge: int) -> DraftFile:
    many = tuple(Sum(f"{longest} {n}", huge, ((longest, huge), (BO, huge - n))) for n in range(5))
    seen = Seen((("all.zip", "clarity"),), (), huge, huge, 0, huge, contests=many, contest_count=huge)
    return DraftFile(4, f"{longest}.zip", 499_000_000, 499_000_000, seen=seen)
