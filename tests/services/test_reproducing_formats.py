"""The formats, not the folders: a small audit made here, in two rounds with one contest; Colorado 2018."""

import gzip
import io
import tarfile
from fractions import Fraction
from pathlib import Path

import pytest

from tallyproof.audit.assertion import Tally, plurality
from tallyproof.audit.batch_error import Batch, BatchContest
from tallyproof.sampling.arlo import arlo_batches
from tallyproof.sampling.seed import Seed
from tallyproof.services.reproducing import reproduce
from tallyproof.services.reproduction import Result

BATCHES = {("Ash", "A, first"): (60, 30, 100), ("Ash", "B"): (50, 40, 100), ("Elm", "C"): (70, 10, 90)}
SEED = "12345"
ROUNDS = (4, 3)


def votes(ann: int, bob: int) -> str:
    return f"Ann: {ann}; Bob: {bob}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three batches in two jurisdictions, all counted without an error, unpacked and without prefixes."""
    for place in ("Ash", "Elm"):
        (tmp_path / place).mkdir()
        mine = {name: row for (where, name), row in BATCHES.items() if where == place}
        totals = "\n".join(f'"{name}",{ann},{bob}' for name, (ann, bob, _) in mine.items())
        (tmp_path / place / "totals.csv").write_text(f"Batch Name,Ann,Bob\n{totals}\n")
        cards = "\n".join(f'"{name}",{size}' for name, (*_, size) in mine.items())
        (tmp_path / place / "manifest.csv").write_text(f"Batch Name,Number of Ballots\n{cards}\n")
    (tmp_path / "report.csv").write_text(report())
    return tmp_path


def contest() -> BatchContest:
    tally = Tally({"Ann": 180, "Bob": 80}, 290)
    batches = tuple(Batch(" ".join(key), (a, b), size) for key, (a, b, size) in BATCHES.items())
    return BatchContest(tally, plurality(tally).assertions, batches)


def report() -> str:
    """The audit report of two rounds; P is that of batches without an error, (1 - 1/U)^n."""
    bound = contest().total_bound
    bounds: dict[tuple[str, str], Fraction] = dict(zip(BATCHES, contest().bounds.values(), strict=True))
    drawn = arlo_batches(Seed(SEED, reproducing=True), bounds, sum(ROUNDS))
    p = [f"{float(1 - 1 / bound) ** draws:.9f}" for draws in (ROUNDS[0], sum(ROUNDS))]
    rounds = [
        f"{i + 1},Mayor,Targeted,{ROUNDS[i]},{'Yes' if float(p[i]) <= 0.1 else 'No'},{p[i]}" for i in (0, 1)
    ]
    rows = []
    for key, (ann, bob, size) in BATCHES.items():
        parts = (drawn[: ROUNDS[0]], drawn[ROUNDS[0] :])
        tickets = [[each.number for each in part if each.batch == key] for part in parts]
        told = ", ".join(f"Round {i + 1}: {', '.join(part)}" for i, part in enumerate(tickets) if part)
        rows.append(f'{key[0]},"{key[1]}",{size},"{told}",Yes,{votes(ann, bob)},{votes(ann, bob)},,,')
    return "\n".join(
        [
            "######## ELECTION INFO ########",
            "Organization,Election Name,State",
            "Town,Small,XX",
            "",
            "######## CONTESTS ########",
            "Contest Name,Targeted?,Number of Winners,Votes Allowed,Total Ballots Cast,Vote Totals",
            f"Mayor,Targeted,1,1,290,{votes(180, 80)}",
            "",
            "######## AUDIT SETTINGS ########",
            "Audit Name,Audit Type,Audit Math Type,Risk Limit,Random Seed",
            f"Small,BATCH_COMPARISON,MACRO,10%,{SEED}",
            "",
            "######## ROUNDS ########",
            "Round Number,Contest Name,Targeted?,Sample Size,Risk Limit Met?,P-Value",
            *rounds,
            "",
            "######## SAMPLED BATCHES ########",
            "Jurisdiction Name,Batch Name,Ballots in Batch,Ticket Numbers: Mayor,Audited?,"
            "Reported Results: Mayor,Audit Results: Mayor,"
            "Change in Results: Mayor,Change in Margin: Mayor,Combined Batch",
            *rows,
        ]
    )


def test_a_small_audit_in_two_rounds_is_reproduced(folder: Path) -> None:
    """Tickets of both rounds and both P agree; a name with a comma and columns without a prefix are read."""
    found = reproduce(folder)
    counts = {question: results for (_, question), results in found.tallies.items()}
    assert counts["P-value"] == {Result.AGREES: 2, Result.DIFFERS: 0, Result.UNKNOWN: 0}
    assert counts["tickets"][Result.DIFFERS] == counts["batch votes"][Result.DIFFERS] == 0
    assert counts["draws listed"][Result.AGREES] == 2
    assert not any(line.result is Result.UNKNOWN for line in found.lines)


def test_a_misread_batch_moves_the_risk(folder: Path) -> None:
    """Ann's 60 read as 50 on paper: the printed changes and P are no longer those of the votes."""
    path = folder / "report.csv"
    seen = f"{votes(60, 30)},{votes(60, 30)},"
    assert seen in path.read_text()
    path.write_text(path.read_text().replace(seen, f"{votes(60, 30)},{votes(50, 30)},"))
    differing = {line.question for line in reproduce(folder).lines if line.result is Result.DIFFERS}
    assert {"change in results", "change in margin", "P-value"} <= differing


def test_a_batch_that_stands_twice_is_told(folder: Path) -> None:
    """Totals that name a batch twice cannot be drawn from."""
    path = folder / "Elm" / "totals.csv"
    path.write_text(path.read_text() + "C,1,1\n")
    (line,) = (each for each in reproduce(folder).lines if each.question == "draws and risk")
    assert "stands twice" in line.remark


def test_two_manifests_of_one_jurisdiction_are_told(folder: Path) -> None:
    """A second, other list of Elm: draws and risk need one of them, and both are named; a copy is none."""
    first = folder / "Elm" / "manifest.csv"
    second = folder / "Elm" / "older.csv"
    second.write_text(first.read_text())
    assert not reproduce(folder).is_incomplete
    second.write_text(first.read_text().replace("90", "91"))
    (line,) = (each for each in reproduce(folder).lines if each.question == "draws and risk")
    assert "needs one ballot manifest of Elm: Elm/manifest.csv and Elm/older.csv differ" in line.remark


def test_a_drawn_batch_without_a_count_leaves_p_open(folder: Path) -> None:
    """Batch C says Audited? No and has no votes seen: P of the rounds that drew it needs its count."""
    path = folder / "report.csv"
    said = f"Yes,{votes(70, 10)},{votes(70, 10)},"
    assert said in path.read_text()
    path.write_text(path.read_text().replace(said, f"No,{votes(70, 10)},,"))
    found = reproduce(folder)
    states = {line.question: line for line in found.lines if line.result is Result.UNKNOWN}
    assert {"audited", "P-value", "risk limit met"} <= set(states)
    assert "Elm / C" in states["audited"].remark


def packed(folder: Path, path: Path, mode: str = "w:gz") -> Path:
    """The folder's files as a tar archive, and the folder emptied."""
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for file in sorted(folder.rglob("*.csv")):
            archive.add(file, file.relative_to(folder).as_posix())
            file.unlink()
    return path


@pytest.mark.parametrize(("name", "mode"), [("a.tar.gz", "w:gz"), ("a.tgz", "w:gz"), ("a.tar", "w")])
def test_a_tar_archive_is_opened(folder: Path, name: str, mode: str) -> None:
    """The same audit from one archive: the same lines, and files go by the archive's name."""
    before = [(line.question, line.result, line.recomputed) for line in reproduce(folder).lines]
    packed(folder, folder / name, mode)
    found = reproduce(folder)
    assert [(line.question, line.result, line.recomputed) for line in found.lines] == before
    assert {line.file for line in found.lines} == {f"{name}/report.csv"}


def test_a_damaged_tar_archive_is_told(folder: Path) -> None:
    """Cut short at any place, packed or not, it is a line that cannot be checked, never silently less."""
    path = packed(folder, folder / "a.tar", "w")
    whole = path.read_bytes()
    for bad in (whole[:300], whole[:1024], whole[:2048], whole[: whole.rindex(b"ustar") + 300]):
        for content in (bad, gzip.compress(bad), gzip.compress(whole)[:-9]):
            path.write_bytes(content)
            found = reproduce(folder)
            assert any("damaged" in line.remark for line in found.lines), len(bad)
            assert found.is_incomplete


@pytest.mark.parametrize("kind", ["outside", "link", "device"])
def test_a_tar_archive_that_leads_out_is_refused(tmp_path: Path, kind: str) -> None:
    """A member above the archive, a link out of it and a device are refused; nothing is written."""
    info = tarfile.TarInfo("../above.csv" if kind == "outside" else "b.csv")
    if kind != "outside":
        info.type = tarfile.SYMTYPE if kind == "link" else tarfile.CHRTYPE
        info.linkname = "/etc/passwd" if kind == "link" else ""
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.addfile(info, io.BytesIO())
    (line,) = reproduce(tmp_path).lines
    assert "leads out of the archive or is no file" in line.remark
    assert [path.name for path in tmp_path.iterdir()] == ["a.tar"]


def test_a_tar_archive_that_swells_is_refused(tmp_path: Path) -> None:
    """300 MB of blanks in 300 kB are no table of an audit."""
    with gzip.open(tmp_path / "a.tar.gz", "wb") as packed_file:
        for _ in range(300):
            packed_file.write(b" " * 1_000_000)
    (line,) = reproduce(tmp_path).lines
    assert "far more than a table of its packed size should" in line.remark


def test_colorado_2018_has_sizes_that_agree(shared_data: Path) -> None:
    """768 sizes of an early contest.csv without a column for winners; its margins say what they need."""
    folder = shared_data / "audits" / "colorado2018"
    if not folder.is_dir():
        pytest.skip(f"needs Colorado's records of 2018 (looked in {folder})")
    tallies = reproduce(folder).tallies
    sizes = tallies["contest.csv", "samples to audit"]
    assert sizes == {Result.AGREES: 768, Result.DIFFERS: 0, Result.UNKNOWN: 0}
    assert tallies["contest.csv", "smallest margin"][Result.UNKNOWN] == 1_043
