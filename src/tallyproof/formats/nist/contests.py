"""What each contest of a NIST report is called, so that no two are taken for one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from tallyproof.formats.nist.model import CandidateContest, Contest, Election, ElectionReport
from tallyproof.formats.nist.texts import each, text
from tallyproof.formats.nist.units import Units

FRACTIONAL = frozenset({"borda", "cumulative", "other", "proportional", "range", "rcv"})
"""Ways of voting in which a count may be a fraction."""
_NUMBERED = frozenset({"congressional", "state-house", "state-senate"})
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth", "twentieth",
)  # fmt: skip
_NUMBER = re.compile(
    r"(?:(?:us|state|congressional|house|senate|senatorial|assembly|legislative|representative|district"
    r"|no|of|the) )*(\d+|[a-z]+)(?:st|nd|rd|th)?"
    r"(?: (?:us|state|congressional|house|senate|senatorial|assembly|legislative|representative|district))*"
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A contest with the words by which it is known, and the unit that is its district."""

    contest: Contest
    election: Election
    office: str
    district: str = ""
    state: str = ""

    @property
    def vote_for(self) -> str:
        """Votes that each ballot has."""
        return str(self.contest.VotesAllowed) if isinstance(self.contest, CandidateContest) else "1"


def labelled(report: ElectionReport, units: Units, parties: Mapping[str, str]) -> list[Labelled]:
    """All contests in their order. Same names are told apart by district, party, election, at last by id."""
    found = list(_named(report, units))
    for distinguish in _distinctions(units, parties):
        alike: dict[tuple[str, str, str], list[int]] = {}
        for place, one in enumerate(found):
            alike.setdefault(_key(one), []).append(place)
        for places in alike.values():
            told = [distinguish(found[place]) for place in places]
            if len({_key(one) for one in told}) > 1:
                for place, one in zip(places, told, strict=True):
                    found[place] = one
    return found


def _key(one: Labelled) -> tuple[str, str, str]:
    return one.state, one.office.casefold(), one.district.casefold()


def _named(report: ElectionReport, units: Units) -> Iterator[Labelled]:
    for election in each(report.Election):
        for contest in each(election.Contest):
            name = " ".join(contest.Name.split()) or contest.id
            district = contest.ElectionDistrictId
            state = units.place(district).state if district in units else ""
            yield Labelled(contest, election, name, _number(units, district), state)


def _number(units: Units, district: str) -> str:
    """The number of a congressional or legislative district: "FIFTH DISTRICT" is 5."""
    if units.kind(district) not in _NUMBERED:
        return ""
    if units.number(district).isdecimal():
        return units.number(district)
    plain = re.sub(r"[^a-z0-9 ]", "", units.name(district).casefold())
    found = _NUMBER.fullmatch(" ".join(plain.split()))
    if not found:
        return ""
    told = found[1]
    return told if told.isdecimal() else str(_ORDINALS.index(told) + 1) if told in _ORDINALS else ""


def _distinctions(units: Units, parties: Mapping[str, str]) -> list[Callable[[Labelled], Labelled]]:
    def by_district(one: Labelled) -> Labelled:
        return replace(one, district=one.district or units.name(one.contest.ElectionDistrictId))

    def by_party(one: Labelled) -> Labelled:
        ids = each(one.contest.PrimaryPartyIds) if isinstance(one.contest, CandidateContest) else ()
        names = " and ".join(parties.get(party, party) for party in ids)
        return replace(one, office=f"{one.office} ({names})" if names else one.office)

    def by_election(one: Labelled) -> Labelled:
        return replace(one, office=f"{one.office} ({text(one.election.Name)})")

    def by_id(one: Labelled) -> Labelled:
        return replace(one, office=f"{one.office} [{one.contest.id}]")

    return [by_district, by_party, by_election, by_id]
