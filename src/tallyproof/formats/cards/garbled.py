"""Names whose letters were decoded wrongly, such as JosÃ©, and what they should most likely read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tallyproof.formats.intake import Document

LOST = "\ufffd"
SHOWN = 5
_READ_AS = {
    "sloppy-windows-1252": "cp1252", "windows-1252": "cp1252", "latin-1": "latin-1", "macroman": "mac-roman",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Garbled:
    """A name as it stands, the likely right one (nothing where letters are lost), its row if it has one.

    ``read_as`` is the encoding by which the name was read wrongly, where that can be told.
    """

    what: str
    name: str
    likely: str
    read_as: str
    row: int | None


def garbled(what: str, name: str, row: int | None) -> Garbled | None:
    """Whether this name of a contest or choice is garbled; None for what reads well."""
    if name.isascii():
        return None
    if LOST in name:
        return Garbled(what, name, "", "", row)
    import ftfy

    found = ftfy.fix_encoding_and_explain(name)
    if found.text == name:
        return None
    steps = [step.parameter for step in found.explanation or () if step.action == "encode"]
    return Garbled(what, name, found.text, _READ_AS.get(steps[0], "") if steps else "", row)


def sentence(names: Sequence[Garbled], document: Document) -> str:
    """What to tell about the garbled names of one file."""
    shown = "; ".join(_shown(each) for each in names[:SHOWN])
    more = f"; and {len(names) - SHOWN:,} more names" if len(names) > SHOWN else ""
    return f"letters were decoded wrongly: {shown}{more}. {_remedy(names, document)}"


def _shown(each: Garbled) -> str:
    place = f" (row {each.row:,})" if each.row is not None else ""
    likely = f" is most likely '{each.likely}'" if each.likely else " has lost letters"
    return f"{each.what} '{each.name[:60]}'{place}{likely}"


def _remedy(names: Sequence[Garbled], document: Document) -> str:
    is_utf_8 = document.facts.bad_byte is None and not document.encoding.startswith("utf-16")
    if is_utf_8 and not document.encoding.startswith("utf-8"):
        return f"The file is UTF-8: leave --encoding {document.encoding} out"
    if not is_utf_8 and not document.encoding.startswith("utf-16"):
        return f"The file is not {document.encoding}: try --encoding cp1252 or mac-roman"
    read_as = next((each.read_as for each in names if each.read_as), "")
    cause = f"UTF-8 was read as {read_as}" if read_as else "It happened"
    return f"{cause} before the file was saved: export it again as UTF-8, and save it from no other program"
