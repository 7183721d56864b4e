"""A county written as CSV text and read by the real importers, as material for checks."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tallyproof.checks.catalogue import catalogue
from tallyproof.checks.check import Missing
from tallyproof.checks.material import Material
from tallyproof.election.canvass import Snapshot, Status
from tallyproof.election.evidence import Finding, Rejection, Remark
from tallyproof.formats import importer, intake, registry
from tallyproof.formats.tidy import Reading


def read(*files: Path, state: str = "") -> list[Reading]:
    """What the importer that recognises each document reads from it."""
    asked = importer.Asked(state=state)
    with intake.documents(list(files)) as documents:
        return [registry.recognise(each, asked).read(each, asked) for each in documents]


def written(text: str, name: str, state: str) -> Reading:
    """The text as a file of this name, read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        return read(path, state=state)[0]


def labelled(reading: Reading, snapshot: str) -> pl.DataFrame:
    """The returns table with the snapshot it belongs to."""
    return reading.frame.with_columns(snapshot=pl.lit(snapshot).cast(pl.Categorical))


def material(
    *texts: str, status: Status = Status.UNKNOWN, earlier: Sequence[tuple[str, Status]] = (),
    previous: str = "", state: str = "WI",
) -> Material:  # fmt: skip
    """Each text is a source of its own: "file-1.csv" as snapshot "s1", and so on.

    ``earlier`` are versions of the first source, newest first; ``previous`` an election before.
    """
    readings = [written(text, f"file-{n}.csv", state) for n, text in enumerate(texts, 1)]
    olds = [(written(text, "file-1.csv", state), as_then) for text, as_then in earlier]
    frames = [labelled(reading, f"s{n}") for n, reading in enumerate(readings, 1)]
    snapshots = {
        f"s{n}": Snapshot(f"s{n}", f"file-{n}.csv", status, sequence=n) for n in range(1, len(texts) + 1)
    }
    versions = tuple(
        (Snapshot(f"e{n}", "file-1.csv", as_then, sequence=-n), labelled(reading, f"e{n}"))
        for n, (reading, as_then) in enumerate(olds, 1)
    )
    before = labelled(written(previous, "before.csv", state), "before") if previous else None
    rejections: tuple[Rejection, ...] = sum((each.rejections for each in readings), ())
    remarks: tuple[Remark, ...] = sum((each.remarks for each in readings), ())
    return Material(pl.concat(frames), snapshots, versions, before, rejections, remarks)


def material_of(*files: Path, state: str = "") -> Material:
    """Real files, each a source of its own."""
    readings = [reading for file in files for reading in read(file, state=state)]
    frames = [labelled(reading, f"s{n}") for n, reading in enumerate(readings, 1)]
    names = [str(frame["file"][0]) for frame in frames]
    snapshots = {f"s{n}": Snapshot(f"s{n}", name, sequence=n) for n, name in enumerate(names, 1)}
    rejections: tuple[Rejection, ...] = sum((each.rejections for each in readings), ())
    remarks: tuple[Remark, ...] = sum((each.remarks for each in readings), ())
    return Material(pl.concat(frames), snapshots, (), None, rejections, remarks)


def findings(check: str, material: Material) -> list[Finding]:
    """What one check finds; fails where it cannot be made."""
    outcome = catalogue()[check].answer(material)
    assert not isinstance(outcome, Missing), outcome.needs
    return list(outcome)


def needs(check: str, material: Material) -> str:
    """What one check says it would need; nothing where it can be made."""
    outcome = catalogue()[check].answer(material)
    return outcome.needs if isinstance(outcome, Missing) else ""
