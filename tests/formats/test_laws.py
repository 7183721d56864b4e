"""Laws of reading: whatever the bytes or cells, nothing crashes, hangs or disappears."""

from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.election import returns
from tallyproof.errors import TallyproofError
from tallyproof.formats import intake, mapping, registry
from tallyproof.formats.importer import Asked
from tallyproof.formats.propose import propose
from tallyproof.formats.tidy import Reading

from .bad_files import put, workbook, zipped

laws = settings(
    max_examples=examples(40), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip

HEADERS = [
    "county,precinct,office,district,party,candidate,votes,mail,registered_voters",
    "county,ward,office,district,total votes,party,candidate,votes,other",
    "precinct,office,candidate,party_simplified,mode,votes,county_name,state_po,stage",
    "county,municipality,reporting_unit,ballots_cast,voters,registered,paper_ballots,counted,hindi",
    "state,county,unit,office,choice,party,measure,mode,votes",
]
NUMBERS = ["", "1", "12", "1,234", "-3", "12.0", "(4)", "*", "n/a", "li", "0.72", "9" * 25, "²"]
PLACES = ["Fern", "Ward 1", "Totals", "County Totals:", "Statistical Adjustments", "x" * 3000]
CONTESTS = [
    "President",
    "Registered Voters",
    "Turnout Pct",
    "Straight Party",
    "total_votes",
    "choice",
    "TOTAL",
]
CHOICES = [
    "Ann Adams",
    "Bob Baker",
    "Write-ins",
    "Over Votes",
    "REP",
    "é\n\"'",
    "\u202e",
    "TRUE",
    "2020-02-30",
]
cell = st.sampled_from([*NUMBERS, *PLACES, *CONTESTS, *CHOICES]) | st.text(max_size=6)
row = st.lists(cell, min_size=9, max_size=9) | st.lists(cell, max_size=10)
table = st.tuples(st.sampled_from(HEADERS), st.lists(row, max_size=8))


def quoted(value: str) -> str:
    """A cell as CSV writes it."""
    doubled = value.replace('"', '""').replace("\ud800", "")
    return f'"{doubled}"'


def attempt(path: Path, encoding: str = "") -> Reading | None:
    """What is read from the file's only document; None where it is refused in words."""
    try:
        with intake.documents([path], encoding) as (document,):
            return registry.recognise(document, Asked()).read(document, Asked())
    except TallyproofError as refusal:
        assert str(refusal)
        return None


def check(reading: Reading | None) -> None:
    """Read is stored plus rejected, each row once, and the table has the agreed columns."""
    if reading is None:
        return
    rejected = [each.row for each in reading.rejections]
    assert reading.read == reading.stored + len(rejected)
    assert len(set(rejected)) == len(rejected)
    assert not set(rejected) & set(reading.frame["row"].to_list())
    assert reading.frame.schema == returns.empty().schema
    assert all(each.reason for each in reading.rejections)
    returns.finest(returns.resolve_modes(reading.frame))


@laws
@given(content=table)
def test_no_table_loses_a_row(content: tuple[str, list[list[str]]], tmp_path: Path) -> None:
    """Any cells under the headers of every importer."""
    header, rows = content
    lines = [header, *(",".join(map(quoted, each)) for each in rows)]
    check(attempt(put(tmp_path, "returns.csv", "\n".join(lines).encode("utf-8", "replace"))))


@laws
@given(
    head=st.sampled_from([*HEADERS, ""]),
    body=st.binary(max_size=200),
    encoding=st.sampled_from(["", "cp1252", "utf-16"]),
)
def test_no_bytes_crash(head: str, body: bytes, encoding: str, tmp_path: Path) -> None:
    """Any bytes, alone or below a header, in any encoding."""
    check(attempt(put(tmp_path, "returns.csv", (head + "\n").encode() + body), encoding))


@laws
@given(
    start=st.sampled_from(["PK\x03\x04", "\ufeff", "<html", "{", "%PDF", "\0\0"]),
    body=st.binary(max_size=100),
)
def test_no_beginning_of_a_file_crashes(start: str, body: bytes, tmp_path: Path) -> None:
    """Bytes behind the marks by which kinds of files are told apart."""
    check(attempt(put(tmp_path, "returns.csv", start.encode() + body)))


@laws
@given(content=st.binary(min_size=1, max_size=80), at=st.integers(0, 400))
def test_no_damage_to_a_zip_crashes(content: bytes, at: int, tmp_path: Path) -> None:
    """A zip with bytes overwritten anywhere."""
    whole = bytearray(zipped({"returns.csv": HEADERS[0] + "\n" + ",".join("123456789") + "\n"}))
    whole[at : at + len(content)] = content
    check(attempt(put(tmp_path, "returns.zip", bytes(whole))))


@laws
@given(rows=st.text(alphabet='<>/cvrowt="A1 s', max_size=120), texts=st.text(alphabet="<>/sit ", max_size=40))
def test_no_workbook_crashes(rows: str, texts: str, tmp_path: Path) -> None:
    """A workbook with any XML in its sheet."""
    check(attempt(put(tmp_path, "returns.xlsx", workbook(rows, texts))))


@laws
@given(rows=st.lists(row, min_size=1, max_size=8))
def test_what_is_proposed_can_be_read(rows: list[list[str]], tmp_path: Path) -> None:
    """A draft for any table is a valid mapping, and no row is lost by it."""
    lines = (",".join(map(quoted, each)) for each in rows)
    path = put(tmp_path, "returns.csv", "\n".join(lines).encode("utf-8", "replace"))
    try:
        with intake.documents([path]) as (document,):
            drafted = mapping.read_mapping(propose(document))
            check(mapping.read_with(document, drafted, Asked()))
    except TallyproofError as refusal:
        assert str(refusal)


@laws
@given(
    text=st.text(max_size=120)
    | st.dictionaries(st.sampled_from(["table", "columns", "choices"]), st.text(max_size=9)).map(str)
)
def test_no_mapping_crashes(text: str) -> None:
    """Any text given as a mapping is read or refused in words."""
    try:
        mapping.read_mapping(text)
    except TallyproofError as refusal:
        assert str(refusal)


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    """Tables can be rebuilt from the originals."""
    samples = Path(__file__).parents[1] / "samples/openelections"
    for path in samples.glob("*.csv"):
        first, second = attempt(path), attempt(path)
        assert first is not None
        assert second is not None
        assert first.frame.cast(pl.String).equals(second.frame.cast(pl.String))
        assert first.rejections == second.rejections
