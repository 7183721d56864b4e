"""The formats, not the folders: a small audit made here, in two rounds with one contest; Colorado 2018."""

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


def test_colorado_2018_has_sizes_that_agree(shared_data: Path) -> None:
    """768 sizes of an early contest.csv without a column for winners; its margins say what they need."""
    folder = shared_data / "audits" / "colorado2018"
    if not folder.is_dir():
        pytest.skip(f"needs Colorado's records of 2018 (looked in {folder})")
    tallies = reproduce(folder).tallies
    sizes = tallies["contest.csv", "samples to audit"]
    assert sizes == {Result.AGREES: 768, Result.DIFFERS: 0, Result.UNKNOWN: 0}
    assert tallies["contest.csv", "smallest margin"][Result.UNKNOWN] == 1_043
