"""Files packed with gzip are read as if they were not."""

import gzip
from pathlib import Path

import pytest

from tallyproof.errors import RequestError, UnreadableError
from tallyproof.formats.intake import documents
from tallyproof.services.cards import read_manifest, tally_cards
from tallyproof.testing import cards as made
from tallyproof.testing.cards import MadeContest

from .bad_files import GOOD, put, zipped
from .reading import read

CONTEST = MadeContest("1", ("1", "2", "3"), 1, 3)
CARDS = made.make_cards(1, [CONTEST], 40, absent=0)


@pytest.mark.parametrize("wrapped", [False, True])
def test_packed_returns_are_read(wrapped: bool, tmp_path: Path) -> None:
    """By themselves and inside a zip; the original is the file as it came."""
    packed = gzip.compress(GOOD.encode())
    path = put(tmp_path, "returns.zip" if wrapped else "returns.csv.gz",
               zipped({"returns.csv.gz": packed}) if wrapped else packed)  # fmt: skip
    assert read(path).stored == 1
    with documents([path]) as (document,):
        assert (document.file_name, document.original.size) == ("returns.csv", path.stat().st_size)


@pytest.mark.parametrize(("name", "text"), [
    ("a.csv", made.dominion_text([CONTEST], CARDS)),
    ("a.raire", made.raire_text([CONTEST], CARDS)),
    ("a.json", made.ranked_json_text(CONTEST, CARDS)),
])  # fmt: skip
def test_packed_cards_tally_like_plain_ones(name: str, text: str, tmp_path: Path) -> None:
    """Each layout gives the same rankings packed and plain."""
    plain = tally_cards([made.write(text, tmp_path / name)])
    packed = tally_cards([put(tmp_path, name + ".gz", gzip.compress(text.encode()))])
    assert packed.contests == plain.contests and packed.cards == 40


def test_a_packed_copy_is_the_same_file(tmp_path: Path) -> None:
    """What counts is what is in it: the file and its packed copy are one."""
    text = made.dominion_text([CONTEST], CARDS)
    paths = [made.write(text, tmp_path / "a.csv"), put(tmp_path, "b.gz", gzip.compress(text.encode()))]
    with pytest.raises(RequestError, match=r"b\.gz is the same file as a\.csv"):
        tally_cards(paths)


def test_a_packed_manifest_is_read_and_a_cut_one_refused(tmp_path: Path) -> None:
    """One byte less, and nothing of it is read."""
    packed = gzip.compress(b"Batch Name,Number of Ballots\nB1,10\nB2,20\n")
    assert read_manifest(put(tmp_path, "m.csv.gz", packed)).cards == 30
    with pytest.raises(UnreadableError, match=r"m\.csv\.gz: is cut short or damaged"):
        read_manifest(put(tmp_path, "m.csv.gz", packed[:-1]))
