"""Every file that cannot be read gets one plain sentence: which file, which row, what to do."""

import os
import resource
import time
from pathlib import Path

import pytest

from tallyproof.errors import RequestError, TallyproofError, UnreadableError
from tallyproof.formats import intake, registry
from tallyproof.formats.importer import Asked, Match
from tallyproof.formats.openelections import OpenElections

from .bad_files import GOOD, MAKERS, put
from .reading import read

_BLOCKS = (Path(__file__).parent / "refusals.txt").read_text(encoding="utf-8").strip().split("\n\n")
EXPECTED = {name: said.strip() for name, _, said in (block.partition("\n") for block in _BLOCKS)}


@pytest.mark.parametrize("name", MAKERS)
def test_the_sentence_is_the_expected_one(name: str, tmp_path: Path) -> None:
    """What is said of each bad file stands in refusals.txt."""
    path = MAKERS[name](tmp_path)
    with pytest.raises(TallyproofError) as told:
        read(path)
    assert str(told.value).replace(str(tmp_path), "FOLDER") == EXPECTED[name]


def test_every_sentence_has_its_file() -> None:
    """No sentence is left in refusals.txt for a file that no test makes."""
    assert list(EXPECTED) == list(MAKERS)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    """The text from which the bad files are made is itself readable."""
    assert read(put(tmp_path, "returns.csv", GOOD)).stored == 1


def test_a_line_without_end_is_refused_quickly_and_in_little_memory(tmp_path: Path) -> None:
    """Of a line of 2 GB no more than a few megabytes are read."""
    path = MAKERS["line of 2 GB"](tmp_path)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(UnreadableError, match="too long"):
        read(path)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert time.process_time() - started < 5
    assert grown < 200_000


def test_two_importers_that_claim_a_file_are_named(tmp_path: Path) -> None:
    """Neither wins by chance: the user says which."""

    class Second(OpenElections):
        id = "second"

    with intake.documents([put(tmp_path, "returns.csv", GOOD)]) as (document,):
        with pytest.raises(UnreadableError) as told:
            registry.recognise(document, Asked(), [OpenElections(), Second()])
        assert (
            registry.recognise(document, Asked(importer="second"), [OpenElections(), Second()]).id == "second"
        )
    said = "returns.csv: is claimed by openelections and second. Say which one with --importer NAME."
    assert str(told.value) == said


def test_an_importer_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """The message lists those that do."""
    with pytest.raises(UnreadableError, match="no importer 'punchcards'. Use one of: openelections, medsl"):
        read(put(tmp_path, "returns.csv", GOOD), name="punchcards")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own reason is passed on."""
    path = put(tmp_path, "returns.csv", GOOD)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(
        UnreadableError, match=r"returns\.csv: cannot be opened \(Permission denied\)\. Check"
    ):
        read(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """A named pipe would block for ever."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableError, match="is a pipe or device"):
        read(tmp_path / "pipe")


@pytest.mark.parametrize("name", ["medsl", "ballots-by-unit", "tallyproof"])
def test_an_importer_that_does_not_fit_is_refused(name: str, tmp_path: Path) -> None:
    """Naming one does not make a file its format; the columns that it lacks are named."""
    with pytest.raises(UnreadableError, match="cannot be read as"):
        read(put(tmp_path, "returns.csv", GOOD), name=name)


@pytest.mark.parametrize("encoding", ["utf-9", "hex", "rot13"])
def test_an_encoding_that_is_none_is_refused(encoding: str, tmp_path: Path) -> None:
    """Names of other codecs are no text encodings."""
    with pytest.raises(RequestError, match=f"'{encoding}' is not a text encoding. Use utf-8"):
        read(put(tmp_path, "returns.csv", GOOD), encoding=encoding)


class _Unsure:
    """An importer that misses one column."""

    id, title = "unsure", "Unsure format"

    def identify(self, document: object, rows: object) -> Match:
        return Match(False, ("ballots",))


def test_the_nearest_format_is_named(tmp_path: Path) -> None:
    """A user learns which column keeps the file from being recognised."""
    said = "nearest is Unsure format, but it has no column 'ballots'"
    path = put(tmp_path, "returns.csv", "a,b\n1,2\n")
    with intake.documents([path]) as (document,), pytest.raises(UnreadableError, match=said):
        registry.recognise(document, Asked(), [_Unsure()])  # type: ignore[list-item]
