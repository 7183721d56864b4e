"""How fast Clarity and NIST files are read and NIST reports written, with the memory that a reading takes.

Run it alone (``python bench/formats.py [PRECINCTS]``), or take its lines from ``measure``. Each reading is a
process of its own, so that its peak is not that of the others.
"""

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

PRECINCTS, CONTESTS, CHOICES = 3_000, 30, 3
MODES = ("Election Day", "Absentee by Mail", "Advance Voting", "Provisional")
HEADING = """<ElectionResult>
<Timestamp>11/20/2020 3:37:06 PM EST</Timestamp><ElectionDate>11/3/2020</ElectionDate><Region>Demo</Region>
<VoterTurnout totalVoters="3000000" ballotsCast="2000000"><Precincts>
"""


def clarity_file(path: Path, precincts: int = PRECINCTS) -> None:
    """A county's detail file: with 3,000 precincts 50 MB and 1,086,452 numbers."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADING)
        for n in range(precincts):
            file.write(f'<Precinct name="Precinct {n:05d}" totalVoters="1000" ballotsCast="700" />\n')
        file.write("</Precincts></VoterTurnout>\n")
        for n in range(CONTESTS):
            file.write(f'<Contest key="{n}" text="Office {n}" voteFor="1">\n')
            file.writelines(_choice(choice, precincts, chance) for choice in range(CHOICES))
            file.write("</Contest>\n")
        file.write("</ElectionResult>\n")


def _choice(number: int, precincts: int, chance: random.Random) -> str:
    parts = [f'<Choice key="{number}" text="Person {chr(65 + number)} (Dem)" party="NP" totalVotes="0">\n']
    for mode in MODES:
        parts.append(f'<VoteType name="{mode}" votes="0">\n')
        parts += [
            f'<Precinct name="Precinct {n:05d}" votes="{chance.randrange(300)}" />\n'
            for n in range(precincts)
        ]
        parts.append("</VoteType>\n")
    return "".join([*parts, "</Choice>\n"])


def measure(precincts: int = PRECINCTS) -> Iterator[str]:
    """One line for each thing measured."""
    with TemporaryDirectory() as folder:
        detail, report, xml = (Path(folder) / name for name in ("detail.xml", "report.json", "report.xml"))
        clarity_file(detail, precincts)
        yield reading("Clarity detail XML", detail)
        small = Path(folder) / "small.xml"
        clarity_file(small, max(1, precincts // 10))
        yield writing(small, report, xml)
        yield reading("NIST JSON", report)
        yield reading("NIST XML", xml)


def reading(what: str, path: Path) -> str:
    """Numbers per second and peak memory of reading a file, after the start of the program."""
    command = [sys.executable, __file__, "--read", str(path)]
    numbers, took, peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    size = path.stat().st_size / 2**20
    return f"{what:20} {size:6.1f} MB {float(numbers) / float(took):12,.0f} numbers/s {int(peak):6,} MB peak"


def writing(source: Path, report: Path, xml: Path) -> str:
    """Numbers per second of building a report and writing it both ways."""
    from tallyproof.election.canvass import Status
    from tallyproof.formats.nist import building
    from tallyproof.formats.nist.writing import to_json, to_xml

    frame = read(source)
    day, now = date(2020, 11, 3), datetime(2020, 11, 20, tzinfo=UTC)
    heading = building.Heading("Clerk", "C", "General", day, now, Status.CERTIFIED, "bench")

    def write() -> None:
        built = building.build(frame, heading)
        report.write_bytes(to_json(built.report))
        xml.write_bytes(to_xml(built.report))

    return f"{'NIST written':20} {'':9} {frame.height / seconds(write):12,.0f} numbers/s"


def read(path: Path) -> "pl.DataFrame":
    """The returns table of a file."""
    from tallyproof.formats import intake, registry
    from tallyproof.formats.importer import Asked

    with intake.documents([path]) as (document,):
        return registry.recognise(document, Asked()).read(document, Asked()).frame


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _read_alone(path: Path) -> None:
    """Read a file whose size does not count for the start of the program; print numbers, seconds, peak."""
    import tallyproof.formats.registry

    assert tallyproof.formats.registry.registry()
    start = time.perf_counter()
    frame = read(path)
    took = time.perf_counter() - start
    print(frame.height, took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        _read_alone(Path(sys.argv[2]))
    else:
        for text in measure(int(sys.argv[1]) if len(sys.argv) > 1 else PRECINCTS):
            print(text)
