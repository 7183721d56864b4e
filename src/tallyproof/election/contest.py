"""Contests and choices, and the many ways in which sources spell them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tallyproof.election.evidence import slug
from tallyproof.election.jurisdiction import STATES


@dataclass(frozen=True, slots=True)
class Contest:
    """A race or question: an office, a district and the number of votes each voter has.

    ``vote_for`` is None where no source states it and the office does not imply it.
    """

    id: str
    state: str
    office: str
    district: str = ""
    vote_for: int | None = None

    @property
    def title(self) -> str:
        """The contest as people name it, such as "Wisconsin · U.S. House, district 8"."""
        name = f"{self.office}, district {self.district}" if self.district else self.office
        return f"{STATES.get(self.state, self.state)} · {name}" if self.state else name


_ORDINAL_DISTRICT = re.compile(r"^(\d+)(?:st|nd|rd|th) district (.*)$", re.IGNORECASE)
_TERMS = re.compile(
    r"\s+(\d+ year terms?|incumbent\b.*|partial term\b.*)?\s*\((\d+)\) positions?$", re.IGNORECASE
)
_VOTE_FOR = re.compile(r"\(?\bvote for (?:up to |not more than |no more than )?(\d+)\)?", re.IGNORECASE)
_TERM_ONLY = re.compile(r"\s+\d+ year terms?$", re.IGNORECASE)

_OFFICES = (
    (
        r"(u\.? ?s\.? )?president(ial)?( (of|for) the (united states|u\.?s\.?a?\.?))?"
        r"( (and|&|/|-) ?vice.?president( of the united states)?)?( electors?)?",
        "President",
    ),
    (r"(u\.? ?s\.?|united states) senat(e|or)( in congress)?|senator in congress", "U.S. Senate"),
    (
        r"(u\.? ?s\.?|united states) (house( of representatives)?|representative( in congress)?|congress)"
        r"|representative in congress|congress|u\.? ?s\.? rep",
        "U.S. House",
    ),
    (r"governor( (and|&|/) ?(lt\.?|lieutenant) governor)?", "Governor"),
    (r"state senat(e|or)|senator in state legislature|senator in the general assembly", "State Senate"),
    (
        r"state (house|assembly|representative)|assembly"
        r"|representative in (the )?(state legislature|general assembly)"
        r"|state house of representatives|house of delegates|state (rep|assemblyman)",
        "State House",
    ),
    (r"attorney general", "Attorney General"),
    (r"secretary of state", "Secretary of State"),
)
_OFFICE_PATTERNS = tuple((re.compile(rf"^(?:{pattern})$", re.IGNORECASE), name) for pattern, name in _OFFICES)

SINGLE_SEAT = frozenset(
    {"President", "U.S. Senate", "U.S. House", "Governor", "Attorney General", "Secretary of State"}
)


@dataclass(frozen=True, slots=True)
class Office:
    """An office read from a source's wording, with the district and seats that the wording carries."""

    name: str
    district: str = ""
    vote_for: int | None = None


@lru_cache(maxsize=65_536)
def office(text: str) -> Office:
    """Read a source's office wording.

    >>> office("1st District Representative in Congress 2 Year Term (1) Position")
    Office(name='U.S. House', district='1', vote_for=1)
    """
    name, vote_for = _seats(" ".join(text.split()))
    district = ""
    if found := _ORDINAL_DISTRICT.match(name):
        district, name = found.group(1), found.group(2)
    for pattern, standard in _OFFICE_PATTERNS:
        if pattern.match(
            name.replace(".", ". ").replace("  ", " ").replace("U. S.", "US").strip()
        ) or pattern.match(name):
            single = 1 if standard in SINGLE_SEAT else None
            return Office(standard, district, vote_for or single)
    return Office(_readable(name), district, vote_for)


def _seats(name: str) -> tuple[str, int | None]:
    if found := _TERMS.search(name):
        kept = found.group(1) or ""
        qualifier = "" if re.match(r"\d+ year", kept, re.IGNORECASE) else f" {kept}"
        return (name[: found.start()] + qualifier).strip(), int(found.group(2))
    if found := _VOTE_FOR.search(name):
        rest = (name[: found.start()] + name[found.end() :]).strip(" -,()")
        return rest or name, int(found.group(1))
    return _TERM_ONLY.sub("", name), None


def _readable(name: str) -> str:
    """Capitals made readable; other spellings are kept as they stand."""
    if not name.isupper():
        return name
    small = {"Of", "The", "And", "For", "In", "To"}
    words = [
        re.sub(r"[A-Za-z]+('[A-Za-z]+)?", lambda part: part.group().capitalize(), w) for w in name.split()
    ]
    return " ".join(w.lower() if place and w in small else w for place, w in enumerate(words))


@lru_cache(maxsize=65_536)
def district(text: str) -> str:
    """A district's number without leading zeros; nothing for a statewide contest."""
    stripped = text.strip()
    if stripped.casefold() in {"", "statewide", "na", "n/a", "none"}:
        return ""
    return stripped.lstrip("0") or stripped if stripped.isdigit() else stripped


@lru_cache(maxsize=65_536)
def contest_id(state: str, office_name: str, district_name: str) -> str:
    """The contest's stable key, such as ``wi-us-house-8``."""
    plain = office_name.replace("U.S.", "US")
    return "-".join(part for part in (state.casefold(), slug(plain), slug(district_name)) if part)


_PARTIES = {
    "democrat": "DEM",
    "democratic": "DEM",
    "democratic party": "DEM",
    "d": "DEM",
    "dem": "DEM",
    "republican": "REP",
    "republican party": "REP",
    "r": "REP",
    "rep": "REP",
    "gop": "REP",
    "libertarian": "LIB",
    "libertarian party": "LIB",
    "lib": "LIB",
    "l": "LIB",
    "green": "GRN",
    "green party": "GRN",
    "grn": "GRN",
    "wgr": "GRN",
    "gre": "GRN",
    "constitution": "CON",
    "cnst": "CON",
    "con": "CON",
    "constitution party": "CON",
    "independent": "IND",
    "ind": "IND",
    "i": "IND",
    "nonpartisan": "NP",
    "np": "NP",
    "non": "NP",
    "na": "",
    "": "",
    "n/a": "",
    "nan": "",
    "us taxpayers": "UST",
    "ust": "UST",
    "u.s. taxpayers party": "UST",
    "natural law party": "NLP",
    "nlp": "NLP",
    "working class party": "WCP",
    "wcp": "WCP",
}


@lru_cache(maxsize=65_536)
def party_code(text: str) -> str:
    """A party's usual short code; other names are kept in capitals."""
    stripped = " ".join(text.split())
    return _PARTIES.get(stripped.casefold(), stripped.upper())


_SUFFIX = re.compile(r"^(jr|sr|ii|iii|iv|2nd|3rd|md|phd|esq)$")
_PARTICLES = {
    "de",
    "la",
    "del",
    "van",
    "von",
    "der",
    "den",
    "di",
    "da",
    "le",
    "st",
    "saint",
    "mc",
    "mac",
    "dos",
    "du",
}
_NOT_NAME = re.compile(
    r"\((?:write[- ]?in|i|incumbent|dem|rep|lib|grn|con|ind|np|d|r|l|g)\.?\)|[\"“”]", re.IGNORECASE
)


@lru_cache(maxsize=65_536)
def name_words(text: str) -> tuple[str, ...]:
    """A candidate's name as plain words, given names first: the first of a ticket, no titles or suffix.

    >>> name_words("TRUMP, DONALD J. / MICHAEL R. PENCE")
    ('donald', 'j', 'trump')
    """
    first = re.split(r"\s*/\s*|\n|\s+&\s+|\s+and\s+(?=[A-Z])", text.strip())[0]
    plain = unicodedata.normalize("NFKD", _NOT_NAME.sub(" ", first))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
    if "," in plain:
        family, _, given = plain.partition(",")
        plain = family if _SUFFIX.match(given.strip(" .")) else f"{given} {family}"
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", plain)
    kept = [word for word in words if not _SUFFIX.match(word)]
    return tuple(kept or words)


@lru_cache(maxsize=65_536)
def family_name(text: str) -> str:
    """The family name with its particles, as a key: ``de-la-fuente``."""
    words = list(name_words(text))
    if not words:
        return ""
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    if len(words) > 1 and start == 1 and words[0] in _PARTICLES:
        start = 0
    return "-".join(words[start:])


def choice_ids(names: Iterable[str]) -> dict[str, str]:
    """A key for each choice of one contest under which other sources' spellings meet.

    The family name where it is unique in the contest, else all words of the name. Two spellings of
    one person in the same contest share a key only if they share all words but initials.
    """
    distinct = list(dict.fromkeys(names))
    people: dict[str, set[str]] = {}
    for name in distinct:
        people.setdefault(family_name(name), set()).add(_person(name))
    return {name: _choice_id(name, people[family_name(name)]) for name in distinct}


def _person(name: str) -> str:
    """First given name and family name: what tells two people of one family name apart."""
    words = name_words(name)
    return f"{words[0]}-{family_name(name)}" if len(words) > 1 else family_name(name)


def _choice_id(name: str, namesakes: set[str]) -> str:
    family = family_name(name)
    if not family:
        return slug(name) or "unnamed"
    if family in {"yes", "no", "for", "against"}:
        return slug(name)
    full = {person for person in namesakes if person != family}
    return family if len(full) <= 1 else _person(name)


def majority(values: Iterable[str]) -> str:
    """The most frequent non-empty value; nothing where there is none."""
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else ""
