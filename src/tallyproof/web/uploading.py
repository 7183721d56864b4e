"""What upload pages say: where a file stands, what will be imported, how far the work is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop
from django.utils.translation import ngettext

from tallyproof.services import importers, source_typed, uploading
from tallyproof.services.cases import ImportRecord
from tallyproof.services.drafts import Cell, DraftFile, Seen
from tallyproof.services.mapping_form import WORDS
from tallyproof.services.uploading import Upload
from tallyproof.services.working import Work
from tallyproof.services.workspace import Workspace
from tallyproof.web.mapping_fields import MappingForm, word_label
from tallyproof.web.measures import measure_words, mode_words
from tallyproof.web.wording import status_words, votes

REJECTIONS = 5
"""Rejected rows that a file's card shows; the others have a page."""

_UNSURE = re.compile(r"(\w+) = .* # (?:unsure: )?(.+)$")

_STATES = {
    "receiving": _noop("not all here yet"), "twice": _noop("the same file twice"),
    "named": _noop("two files of one name"), "reading": _noop("being read"),
    "counted": _noop("counts already"), "unreadable": _noop("cannot be read"),
    "claimed": _noop("two formats fit"), "unknown": _noop("layout not known"),
    "proposed": _noop("layout proposed"), "ready": _noop("ready"),
}  # fmt: skip


def names(upload: Upload) -> str:
    """The names of the upload's files, the first few of them."""
    given = [each.name for each in upload.draft.files]
    if not given:
        return _("no files yet")
    more = len(given) - 2
    shown = ", ".join(given[:2])
    return shown if more < 1 else _("%(shown)s and %(n)s more") % {"shown": shown, "n": votes(more)}


def size_words(size: int) -> str:
    """A size in bytes, kB or MB."""
    if size < 1000:
        return ngettext("%(n)s byte", "%(n)s bytes", size) % {"n": size}
    if size < 1_000_000:
        return _("%(n)s kB") % {"n": f"{size / 1000:,.3g}"}
    return _("%(n)s MB") % {"n": f"{size / 1_000_000:,.3g}" if size < 1e9 else f"{size / 1e6:,.0f}"}


# ---- sentences


def of_upload(upload: Upload) -> str:
    """What stands in the way of importing, or what will be imported."""
    files = upload.draft.files
    if not files:
        return _("No file is in this upload. Add one, or discard the upload.")
    if waiting := [each for each in files if not each.is_here]:
        return ngettext(
            "%(n)s file has not come as a whole; send it once more, and it goes on where it stopped.",
            "%(n)s files have not come as a whole; send them once more, and they go on where they stopped.",
            len(waiting),
        ) % {"n": votes(len(waiting))}
    if upload.undecided:
        return ngettext(
            "One file needs a decision before anything is imported.",
            "%(n)s files need a decision before anything is imported.",
            len(upload.undecided),
        ) % {"n": votes(len(upload.undecided))}
    if not upload.files:
        return _("Nothing here is new: these files count in the case already.")
    return _ready(upload)


def _ready(upload: Upload) -> str:
    rejected = sum(each.seen.rejected for each in upload.files if each.seen)
    rows = ngettext("One row will be imported", "%(n)s rows will be imported", upload.rows) % {
        "n": votes(upload.rows)
    }
    if not rejected:
        return _("%(rows)s; none is rejected.") % {"rows": rows}
    return ngettext(
        "%(rows)s; one will not be stored, and the reason stands below.",
        "%(rows)s; %(n)s will not be stored, and the reasons stand below.",
        rejected,
    ) % {"rows": rows, "n": votes(rejected)}


def import_words(upload: Upload) -> str:
    """What the button says that imports."""
    return ngettext("Import one row", "Import %(n)s rows", upload.rows) % {"n": votes(upload.rows)}


def of_work(work: Work) -> str:
    """What is being done now."""
    if work.phase == "importing":
        return _("The rows are being imported.")
    if work.phase == "waiting" or not work.file:
        return _("Reading begins as soon as other uploads are read.")
    return _("%(file)s is being read.") % {"file": work.file}


def left_words(seconds: float | None) -> str:
    """About how long something still takes."""
    if seconds is None:
        return _("not known yet")
    if seconds < 60:
        whole = max(1, round(seconds))
        return ngettext("about %(n)s second", "about %(n)s seconds", whole) % {"n": whole}
    minutes = round(seconds / 60)
    return ngettext("about %(n)s minute", "about %(n)s minutes", minutes) % {"n": votes(minutes)}


def for_script(most: int) -> dict[str, str]:
    """The sentences that the script says, for it to read from the page."""
    return {
        "sending": _("Sending {file}: {share} %, {left} left"),
        "left_s": _("about {n} s"),
        "left_min": _("about {n} min"),
        "unknown": _("some time"),
        "broken": _("The connection broke. Trying again; nothing that came is lost."),
        "stopped": _(
            "The connection did not come back. What came is kept: "
            "choose the files again, and they go on there."
        ),
        "signed_out": _(
            "You are signed out, or take no part in this case any more. What came is kept. "
            "Load this page again, sign in, and choose the files again."
        ),
        "refused": _("The server did not take this. Load the page again, then choose the files again."),
        "large": _("{file} is larger than what one upload may have: %(most)s.") % {"most": size_words(most)},
        "folder": _("{file} is a folder or cannot be read. Drop the files in it."),
        "none": _("Choose at least one file."),
        "done": _("Everything came. The files are being read."),
    }


def formats() -> dict[str, str]:
    """The formats that are recognised, by id."""
    return dict(importers.titles())


# ---- what a page shows


@dataclass(frozen=True, slots=True)
class Progress:
    """Work as a page shows it: shares in percent, numbers as they are written."""

    percent: int | None
    rows: str
    place: str
    left: str

    @classmethod
    def of(cls, work: Work) -> Progress:
        """The work as it stands now."""
        place = _("%(n)s of %(all)s") % {"n": work.place, "all": work.files} if work.files else ""
        percent = None if work.share is None else round(100 * work.share)
        return cls(percent, votes(work.rows), place, left_words(work.seconds_left))


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An upload in the list of those not imported yet."""

    upload: Upload
    names: str
    sentence: str

    @classmethod
    def of(cls, upload: Upload) -> Unfinished:
        """The upload with its names and where it stands."""
        return cls(upload, names(upload), of_work(upload.work) if upload.work else of_upload(upload))


@dataclass(frozen=True, slots=True)
class CellRow:
    """A number of the preview, in words."""

    cell: Cell
    choice: str
    mode: str


@dataclass(frozen=True, slots=True)
class Card:
    """A file as its card shows it."""

    file: DraftFile
    seen: Seen | None
    state: str
    state_words: str
    size: str
    recognised: list[tuple[str, str]]
    cells: list[CellRow]
    rejections: list[tuple[int, str, str]]
    more_rejections: int
    more_contests: int
    counted: ImportRecord | None
    twin: str
    claims: list[tuple[str, str]]
    others: list[tuple[str, str]]
    form: MappingForm | None
    notes: list[str]
    told: str

    @classmethod
    def of(cls, upload: Upload, file: DraftFile, workspace: Workspace) -> Card:
        """The card of one file."""
        seen, state, known = file.seen, upload.state(file), formats()
        rejections = uploading.rejections(workspace, file) if seen and seen.rejected else ()
        twin = upload.twice.get(file.number) or upload.named.get(file.number)
        claims = seen.claims if seen and not file.importer else ()
        is_table = bool(seen and (seen.is_unknown or file.mapping))
        return cls(
            file, seen, state, _(_STATES[state]), size_words(file.size),
            [(name, _title(each, known)) for name, each in seen.recognised] if seen else [],
            [_cell(each) for each in seen.cells] if seen else [],
            [(each.row, each.reason, each.raw) for each in rejections[:REJECTIONS]],
            max(0, len(rejections) - REJECTIONS), seen.contest_count - len(seen.contests) if seen else 0,
            upload.counted.get(file.number), twin.name if twin else "",
            [(each, known.get(each, each)) for each in claims], list(known.items()),
            MappingForm.of(file, seen) if is_table and seen else None, _notes(file), _fault(seen),
        )  # fmt: skip


def _title(importer: str, known: dict[str, str]) -> str:
    return _("a table read by a mapping") if importer == "mapping" else known.get(importer, importer)


def _cell(each: Cell) -> CellRow:
    choice = each.choice if each.measure in ("choice", "write_in", "other") else measure_words(each.measure)
    return CellRow(each, choice, mode_words(each.mode))


def _notes(file: DraftFile) -> list[str]:
    """What a proposal says of itself and is unsure of, without how to use it at the terminal."""
    if file.is_agreed:
        return []
    lines = file.mapping.splitlines()
    opening = lines[: next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))]
    said = [line.removeprefix("# ").replace(" under [[choices]]", "") for line in opening[2:]]
    return said + [
        f"{word_label(found[1]) if found[1] in WORDS else found[1]}: {found[2]}."
        for line in lines
        if (found := _UNSURE.match(line))
    ]


def _fault(seen: Seen | None) -> str:
    """Why a file cannot be read and what to do, in terms of this page."""
    if seen is None or seen.is_read:
        return ""
    if seen.mapping_fault:
        return seen.mapping_fault
    if seen.claims or seen.is_unknown:
        return ""
    remedy = seen.remedy
    if "--encoding" in remedy:
        remedy = _("Save it as CSV UTF-8, or write its encoding below, such as cp1252")
    elif "tallyproof" in remedy or "--" in remedy:
        remedy = _("Choose another format below, or leave it out")
    first = seen.reason.partition(" ")[0]
    if first in {"is", "has", "holds", "cannot", "needs", "packs", "did"}:
        said = _("It %(reason)s") % {"reason": seen.reason}
    else:  # a file's name keeps its small letter
        said = seen.reason if "." in first else f"{seen.reason[:1].upper()}{seen.reason[1:]}"
    return f"{said}. {remedy}." if remedy else f"{said}."


# ---- source, status, times


@dataclass(frozen=True, slots=True)
class About:
    """The form's fields as they were typed, what is wrong with them, and what the files themselves state."""

    typed: dict[str, str]
    faults: dict[str, str]
    stated: dict[str, str]
    needs_state: bool
    statuses: list[tuple[str, str]]
    zones: list[tuple[str, str]]

    @classmethod
    def of(cls, upload: Upload) -> About:
        """The fields of an upload."""
        from tallyproof.election.canvass import Status

        typed = {name: upload.draft.about.get(name, "") for name in source_typed.ABOUT}
        faults = {name: _wrong(word) for name, word in source_typed.faults_of(typed).items()}
        statuses = [(each.value, status_words(each)) for each in Status if each is not Status.UNKNOWN]
        zones = [(zone, _zone_words(zone)) for zone in source_typed.ZONES]
        needs = any(each.seen and each.seen.is_stateless for each in upload.draft.files)
        return cls(typed, faults, _stated(upload), needs and not typed["state"], statuses, zones)


def _wrong(word: str) -> str:
    return {
        "day": _("Write a day like 2024-11-20."),
        "time": _("Write a time like 17:00."),
        "missing": _("A time needs its day. Write the day too."),
        "zone": _("Choose a time zone of the list."),
        "status": _("Choose a status of the list."),
        "state": _("Write the two letters of the state, like WI."),
        "encoding": _("Write utf-8, cp1252 or latin-1."),
    }[word]


def _zone_words(zone: str) -> str:
    return {
        "America/New_York": _("Eastern"), "America/Chicago": _("Central"),
        "America/Denver": _("Mountain"), "America/Phoenix": _("Arizona"),
        "America/Los_Angeles": _("Pacific"), "America/Anchorage": _("Alaska"),
        "Pacific/Honolulu": _("Hawaii"), "America/Puerto_Rico": _("Puerto Rico"), "Pacific/Guam": _("Guam"),
    }.get(zone, "UTC")  # fmt: skip


def _stated(upload: Upload) -> dict[str, str]:
    """What the files say of themselves, used where a field is left empty."""
    from tallyproof.election.canvass import Status

    seen = [each.seen for each in upload.files if each.seen]
    status = next((each.status for each in seen if each.status), "")
    return {
        "source": upload.files[0].name if upload.files else "",
        "election": next((each.election for each in seen if each.election), ""),
        "as_of": next((each.as_of for each in seen if each.as_of), "")[:16].replace("T", " "),
        "status": status_words(Status(status)) if status else "",
    }
