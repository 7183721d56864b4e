"""Every number of a Clarity detail file, heard element by element in bounded memory."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from tallyproof.election.returns import Measure
from tallyproof.formats import words
from tallyproof.formats.clarity_words import candidate
from tallyproof.formats.importer import RawRow
from tallyproof.formats.xml import Enough, Listener

COUNTY = "County"
LONGEST_HEADING = 1_000
MOST_AT_ONCE = 100_000
"""So many numbers are held as Python's own before they are put into columns."""
_TURNOUT = {"VoterTurnout", "ElectionVoterTurnout"}
_COUNTED = {"totalVoters": Measure.REGISTERED, "ballotsCast": Measure.BALLOTS_CAST}
_UNTOLD = {"", "0"}
"""Clarity writes 0 voters and 0 ballots where nobody told it."""
_PROGRESS = (
    ("countiesParticipating", "countiesReported"),
    ("precinctsReporting", "precinctsReported"),
    ("precinctsParticipating", "precinctsReported"),
)
"""Attributes with the number of units that should report and that did; ``precinctsReporting`` should."""


class Run(NamedTuple):
    """What a run of numbers has in common; ``first`` is the place of its first number in its block.

    ``tag`` is the element of its units ("" for the whole), ``path`` what leads to it as the file has it.
    """

    first: int
    tag: str
    office: str = ""
    choice: str = ""
    party: str = ""
    measure: str = ""
    vote_for: str = ""
    mode: str = ""
    column: str = "votes"
    path: tuple[tuple[str, str], ...] = ()


class Detail(Listener):
    """Keeps what it hears: heading, contests that are not all in, and all numbers."""

    def __init__(self) -> None:
        self.timestamp = self.election_day = self.region = ""
        self.is_by_county = False
        self.contests = 0
        self.partial: list[str] = []
        self.renamed: list[str] = []
        self._keys: dict[str, str] = {}
        self._heading = ""
        self._within = ""
        self._contest = self._choice = Run(0, "")
        self._names: list[str] = []
        self._votes: list[str] = []
        self._runs: list[Run] = []
        self._tag = ""
        self._blocks: list[pl.DataFrame] = []
        self._before = 0

    # ---- what is heard

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the numbers that an element carries."""
        if self._within == "VoteType":
            self._unit(tag, attributes)
        elif tag == "VoteType":
            self._vote_type(attributes)
        elif tag == "Choice":
            self._begin_choice(attributes)
        elif tag == "Contest":
            self._begin_contest(attributes)
        elif tag in _TURNOUT or self._within == "turnout":
            self._turnout(tag, attributes)
        else:
            self._heading = tag

    def data(self, text: str) -> None:
        """Keep the texts of the heading."""
        if self._heading == "Timestamp":
            self.timestamp = (self.timestamp + text)[:LONGEST_HEADING]
        elif self._heading == "ElectionDate":
            self.election_day = (self.election_day + text)[:LONGEST_HEADING]
        elif self._heading == "Region":
            self.region = (self.region + text)[:LONGEST_HEADING]

    def end(self, tag: str) -> None:
        """Leave what an element set; a contest's numbers are put away when it ends."""
        self._heading = ""
        if tag == "VoteType" or tag in _TURNOUT:
            self._within = ""
        elif tag == "Choice":
            self._choice = self._contest
        elif tag == "Contest":
            self._contest = self._choice = Run(0, "")
            self._put_away()

    def close(self) -> None:
        """Tidy the heading."""
        self._put_away()
        self.timestamp, self.election_day, self.region = (
            " ".join(text.split()) for text in (self.timestamp, self.election_day, self.region)
        )

    def frame(self) -> pl.DataFrame:
        """All numbers in their order: name and tag of the unit, votes as text, and the columns of ``Run``."""
        return pl.concat(self._blocks) if self._blocks else _block([], [], [], 0)

    # ---- from elements to numbers

    def _turnout(self, tag: str, attributes: dict[str, str]) -> None:
        """Voters and ballots of the whole and of each unit."""
        unit = "" if tag in _TURNOUT else tag
        if not unit:
            self._within = "turnout"
            self.is_by_county = self.is_by_county or tag == "ElectionVoterTurnout"
        for attribute, measure in _COUNTED.items():
            number = attributes.get(attribute, "")
            if number not in _UNTOLD:
                name = attributes.get("name", "")
                self._take(Run(0, unit, measure=measure.value, column=attribute), name, number)

    def _begin_contest(self, attributes: dict[str, str]) -> None:
        self.contests += 1
        text, key = attributes.get("text", ""), attributes.get("key", "")
        office = self._named(text, key)
        if any(_is_behind(attributes, *pair) for pair in _PROGRESS):
            self.partial.append(office)
        self._contest = self._choice = Run(
            0, "", office=office, vote_for=attributes.get("voteFor", ""), path=(("Contest", text),)
        )

    def _named(self, text: str, key: str) -> str:
        """The contest's text; with its key where another contest has the same text."""
        if self._keys.setdefault(text, key) == key:
            return text
        if text not in self.renamed:
            self.renamed.append(text)
        return f"{text} [{key}]"

    def _begin_choice(self, attributes: dict[str, str]) -> None:
        text = attributes.get("text", "")
        name, party = candidate(text, attributes.get("party", ""))
        path = (*self._contest.path, ("Choice", text))
        self._choice = self._contest._replace(choice=name, party=party, path=path)
        if stated := attributes.get("totalVotes", ""):
            self._take(self._choice._replace(column="totalVotes"), "", stated)

    def _vote_type(self, attributes: dict[str, str]) -> None:
        """A way of voting of a choice; directly under a contest it counts over- or undervotes."""
        if len(self._votes) > MOST_AT_ONCE:
            self._put_away()
        name = attributes.get("name", "")
        path = (*self._choice.path, ("VoteType", name))
        if self._choice is self._contest:
            found = words.choice_measure(name)
            run = self._choice._replace(measure=found.value if found else name or "votes", path=path)
        else:
            run = self._choice._replace(mode=name, path=path)
        if stated := attributes.get("votes", ""):
            self._take(run, "", stated)
        self._runs.append(run._replace(first=len(self._votes)))
        self._within, self._tag = "VoteType", ""

    def _unit(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != self._tag:
            self._runs.append(self._runs[-1]._replace(first=len(self._votes), tag=tag))
            self._tag = tag
        self._names.append(attributes.get("name", ""))
        self._votes.append(attributes.get("votes", ""))

    def _take(self, run: Run, name: str, number: str) -> None:
        self._runs.append(run._replace(first=len(self._votes)))
        self._names.append(name)
        self._votes.append(number)

    def _put_away(self) -> None:
        if self._votes:
            self._blocks.append(_block(self._runs, self._names, self._votes, self._before))
            self._before += len(self._votes)
        self._runs, self._names, self._votes = [], [], []


def _is_behind(attributes: dict[str, str], should: str, did: str) -> bool:
    expected, reported = attributes.get(should, ""), attributes.get(did, "")
    return expected.isdecimal() and reported.isdecimal() and int(reported) < int(expected)


def _block(runs: list[Run], names: list[str], votes: list[str], before: int) -> pl.DataFrame:
    """These numbers, each with what its run has in common; ``run`` is the same for those of one run."""
    ends = [run.first for run in runs[1:]] + [len(votes)]
    lengths = [end - run.first for run, end in zip(runs, ends, strict=True)] if runs else []
    filled = [(run, length) for run, length in zip(runs, lengths, strict=True) if length]
    columns = [name for name in Run._fields if name not in {"first", "path"}]
    rows = [(*(getattr(run, name) for name in columns), before + run.first) for run, _ in filled]
    schema = {**dict.fromkeys(columns, pl.Categorical()), "run": pl.UInt32()}
    shared = pl.DataFrame(rows, schema, orient="row")
    repeats = pl.Series([length for _, length in filled], dtype=pl.UInt32)
    which = pl.Series(range(len(filled)), dtype=pl.UInt32).repeat_by(repeats).explode()
    own = {"name": pl.Series(names, dtype=pl.Categorical()), "votes": pl.Series(votes, dtype=pl.String)}
    return shared[which].with_columns(**own)


class Nth(Detail):
    """Hears until the number of this place, and tells what leads to it."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._wanted = number
        self.found: RawRow = ((), ())

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Stop at the number that is wanted."""
        super().start(tag, attributes)
        place = self._wanted - 1 - self._before
        if 0 <= place < len(self._votes):
            self.found = self._told(place)
            raise Enough

    def _told(self, place: int) -> RawRow:
        run = next(run for run in reversed(self._runs) if run.first <= place)
        unit = ((run.tag, self._names[place]),) if run.tag else ()
        steps = (*run.path, *unit, (run.column, self._votes[place]))
        return tuple(name for name, _ in steps), tuple(text for _, text in steps)
