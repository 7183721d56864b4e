"""Contests and choices, and the many ways in which sources spell them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations

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


_TERMS = re.compile(
    r"\s+(\d+ year terms?|incumbent\b[^(]*|partial term\b[^(]*)?\s*\((\d{1,3})\) positions?$", re.IGNORECASE
)
_VOTE_FOR = re.compile(r"\(?\bvote for (?:up to |not more than |no more than )?(\d{1,3})\)?", re.IGNORECASE)
_TERM_ONLY = re.compile(r"\s+\d+ year terms?$", re.IGNORECASE)
_QUALIFIER = re.compile(
    r"[\s,–-]*\(?\b(special|unexpired|runoff|recount"
    r"|(?:special )?(?:(?:democratic|republican|libertarian|nonpartisan) )?primary(?: runoff)?)"
    r"( election| term)?\)?$",
    re.IGNORECASE,
)
_KIND = r"(?:congressional|senat(?:e|orial)|assembly|legislative|house|representative)"
_DISTRICTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?P<number>\d+)(?:st|nd|rd|th) (?:{_KIND} )?district,? (?P<office>.+)$",
        rf"^(?P<office>.*?)[\s,–-]*(?P<number>\d+)(?:st|nd|rd|th) (?P<kind>{_KIND} )?district$",
        rf"^(?P<office>.*?)[\s,(–-]*(?P<kind>{_KIND} )?dist(?:rict|\.)?(?: no\.?| number)?[ #]*"
        r"(?P<number>\d+)\)?$",
    )
)

# Matched against the wording in small letters, without dots, "&" and "/" read as "and", dashes as spaces.
_OFFICES = (
    ("President", r"(us )?president(ial)?( (of|for) the (united states|usa?))?"
                  r"( (and )?vice president( of the (united states|usa?))?)?( electors?)?"
                  r"|((presidential )?electors (for|of) (us )?president( (and )?vice president)?)"),
    ("U.S. Senate", r"(us|united states) sen(ate|ator)?( in congress)?|senator in congress"),
    ("U.S. House", r"(us|united states) (house( of rep(resentative)?s)?|rep(resentative)?( in congress)?"
                   r"|congress)|(us )?(rep(resentative)?|member|delegate) (in|of|to) "
                   r"(the (\d+th )?(us|united states) )?cong(ress)?"
                   r"|congress(ional)?"),
    ("Governor", r"governor( and (lt|lieutenant) governor)?"),
    ("State Senate", r"state sen(ate|ator)?|senator in state legislature|senator in the general assembly"),
    ("State House", r"state (house( of rep(resentative)?s)?|assembly(m[ae]n)?|rep(resentative)?)"
                    r"|(general |member of the |rep(resentative)? (to|in) the )?(general )?assembly"
                    r"|rep(resentative)? in (the )?state legislature|house of delegates"),
    ("Attorney General", r"attorney general"),
    ("Secretary of State", r"secretary of state"),
)  # fmt: skip
_OFFICE_PATTERNS = tuple((name, re.compile(rf"(?:{pattern})")) for name, pattern in _OFFICES)

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
    >>> office("US Senate - Special Election")
    Office(name='U.S. Senate (special)', district='', vote_for=1)
    >>> office("State Senate Dist 9/Senador Estatal Dist 9")
    Office(name='State Senate', district='9', vote_for=None)
    """
    whole, vote_for = _seats(" ".join(text.split()))
    name, qualifier = _qualified(whole)
    standard, number = _bilingual(name)
    if not standard:
        return Office(_readable(whole), "", vote_for)
    single = 1 if standard in SINGLE_SEAT else None
    return Office(standard + qualifier, number, vote_for or single)


def _seats(name: str) -> tuple[str, int | None]:
    if found := _TERMS.search(name):
        kept = found.group(1) or ""
        qualifier = "" if re.match(r"\d+ year", kept, re.IGNORECASE) else f" {kept}"
        return (name[: found.start()] + qualifier).strip(), int(found.group(2))
    if found := _VOTE_FOR.search(name):
        rest = (name[: found.start()] + name[found.end() :]).strip(" -,()")
        return rest or name, int(found.group(1))
    return _TERM_ONLY.sub("", name), None


def _qualified(name: str) -> tuple[str, str]:
    """The wording without what sets this contest apart from the usual one for the office, and that."""
    found = _QUALIFIER.search(name)
    if not found or not found.start():
        return name, ""
    word = found.group(1).casefold()
    return name[: found.start()], " (special)" if word == "unexpired" else f" ({word})"


def _bilingual(name: str) -> tuple[str, str]:
    """``_standard`` of the whole wording, else of its English half where the other half names no office.

    The halves must agree on the district: "State House Dist 9/State Senate Dist 4" stays as it is.
    """
    whole = _standard(name)
    first, slash, second = name.partition("/")
    if whole[0] or not slash or _standard(second)[0]:
        return whole
    english = _standard(first)
    return english if _numbers(first) == _numbers(second) else whole


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _standard(name: str) -> tuple[str, str]:
    """The standard office and the district that a wording names; nothing where it names none."""
    if found := _standard_office(name):
        return found, ""
    for pattern in _DISTRICTS:
        match = pattern.match(name)
        if not match:
            continue
        named, kind = match["office"] or "", match.groupdict().get("kind") or ""
        if found := _standard_office(f"{named} {kind}") or _standard_office(named or kind):
            return found, district(match["number"])
    return "", ""


def _standard_office(name: str) -> str:
    plain = re.sub(r"\s*[&/]\s*", " and ", name.casefold().replace(".", " "))
    plain = " ".join(re.sub(r"[-–,]", " ", plain).split()).replace("u s a", "usa").replace("u s ", "us ")
    return next((standard for standard, pattern in _OFFICE_PATTERNS if pattern.fullmatch(plain)), "")


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
_TITLES = frozenset({"md", "phd", "esq"})
_NUMERALS = {"2nd": "ii", "3rd": "iii"}
_NICKNAME = re.compile(r"[\"“]([^\"“”]+)[\"”]|(?<!\w)['‘]([^'‘’]+)['’](?!\w)")
_PARTICLES = frozenset({"de", "la", "del", "van", "von", "der", "den", "di", "da", "le", "st", "dos", "du"})
_NOT_NAME = re.compile(
    r"\((?:write[- ]?in|w|wi|i|incumbent|dem|rep|lib|grn|con|ind|np|d|r|l|g)\.?\)|[\"“”]"
    r"|^write[- ]?in\s*[:–-]\s*",
    re.IGNORECASE,
)
_PARTY_AT_END = re.compile(r"(?<=\w)\s+(?:-\s*)?(?:REP|DEM|LIB|GRN|IND)$")
_MATE = re.compile(r"\s*/\s*|\n|\s+&\s+|\s+(?:and|AND)\s+(?=[A-Z])")


@lru_cache(maxsize=65_536)
def name_words(text: str) -> tuple[str, ...]:
    """A candidate's name as plain words, given names first: the first of a ticket, no titles or suffix.

    >>> name_words("TRUMP, DONALD J. / MICHAEL R. PENCE")
    ('donald', 'j', 'trump')
    """
    plain = _given_first(_unaccented(_PARTY_AT_END.sub("", _NOT_NAME.sub(" ", _first_of_ticket(text)))))
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", re.sub(r"['’]", "", plain))
    kept = [word for word in words if not _SUFFIX.match(word)] or words
    if len(kept) > 1 and len(kept[-1]) == 1:
        kept = [kept[-1], *kept[:-1]]
    return tuple(_joined_scots(kept))


def _first_of_ticket(text: str) -> str:
    return _MATE.split(text.strip())[0]


def _unaccented(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def _given_first(name: str) -> str:
    """A name written family name first, turned round; "Smith Jr., John" and "John Smith, Jr." as well."""
    family, comma, given = name.partition(",")
    if not comma:
        return name
    return family if _SUFFIX.match(given.strip(" .")) else f"{given} {family}"


def _joined_scots(words: list[str]) -> list[str]:
    """Mc Mullin is McMullin, and a saint is St."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in {"mc", "mac"}:
            joined[-1] += word
        else:
            joined.append("st" if word == "saint" else word)
    return joined


@lru_cache(maxsize=65_536)
def family_name(text: str) -> str:
    """The family name with its particles, as a key: ``de-la-fuente``."""
    words = name_words(text)
    return "-".join(words[_family_at(words) :])


def _family_at(words: Sequence[str]) -> int:
    """The place of the first word of the family name."""
    start = max(len(words) - 1, 0)
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return 0 if start == 1 and words[0] in _PARTICLES else start


def choice_ids(names: Iterable[str]) -> dict[str, str]:
    """A key for each choice of one contest under which other sources' spellings meet.

    The family name where it is unique in the contest, else the first given name with it, else all
    words of the name. Two spellings in the same contest share a key only if they may be one person's: a
    middle name, a nickname in quotation marks or a suffix may be left out or shortened to its initial, and
    none may contradict.
    """
    distinct = list(dict.fromkeys(names))
    people: dict[str, set[str]] = {}
    spellings: dict[str, set[_Spelling]] = {}
    for name in distinct:
        people.setdefault(family_name(name), set()).add(_person(name))
        spellings.setdefault(_person(name), set()).add(_spelling(name))
    several = {person for person, found in spellings.items() if _are_several(found)}
    return {name: _choice_id(name, people[family_name(name)], several) for name in distinct}


def _person(name: str) -> str:
    """First given name and family name: what usually tells two people of one family name apart."""
    words = name_words(name)
    return f"{words[0]}-{family_name(name)}" if len(words) > 1 else family_name(name)


_Spelling = tuple[tuple[str, ...], str, str]
"""The words of a name between the first and the family name, its suffix, and a nickname among them."""


def _spelling(name: str) -> _Spelling:
    plain = _NICKNAME.sub(" ", name)
    if _person(plain) != _person(name):  # the nickname stands in place of a given name
        return _middle(name), _suffix(name), ""
    nicknames = (name_words("".join(found)) for found in _NICKNAME.findall(name))
    return _middle(plain), _suffix(name), "-".join(chain.from_iterable(nicknames))


def _middle(name: str) -> tuple[str, ...]:
    words = name_words(name)
    return words[1 : _family_at(words)]


def _suffix(name: str) -> str:
    words = re.findall(r"[^\W_]+", _unaccented(_first_of_ticket(name)))
    found = next((word for word in words if _SUFFIX.match(word) and word not in _TITLES), "")
    return _NUMERALS.get(found, found)


def _are_several(spellings: set[_Spelling]) -> bool:
    """Whether spellings of one given and family name cannot all be one person's."""
    return any(not _may_be_one(one, other) for one, other in combinations(spellings, 2))


def _may_be_one(one: _Spelling, other: _Spelling) -> bool:
    """Whether each middle name of the shorter one stands in the longer, and nothing else differs."""
    shorter, longer = sorted((one[0], other[0]), key=len)
    told = all(any(_same_word(each, word) for word in longer) for each in shorter)
    return told and all(not a or not b or a == b for a, b in zip(one[1:], other[1:], strict=True))


def _same_word(one: str, other: str) -> bool:
    """Whether two words are the same, or one is the initial of the other; a number is no initial."""
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) == 1 and not shorter.isdecimal() and longer.startswith(shorter))


def _choice_id(name: str, namesakes: set[str], several: set[str]) -> str:
    family, person = family_name(name), _person(name)
    if not family:
        return slug(name) or "unnamed"
    if family in {"yes", "no", "for", "against"}:
        return slug(name)
    if person in several:
        return "-".join(filter(None, (*name_words(name), _suffix(name))))
    full = {each for each in namesakes if each != family}
    return family if len(full) <= 1 else person


def majority(values: Iterable[str]) -> str:
    """The most frequent non-empty value; nothing where there is none."""
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else ""
