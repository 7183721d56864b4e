"""How alike two names of contests or choices are, and why: a score from 0 to 100 and a reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from tallyproof.election.cast_vote_record import MOST_VOTE_FOR, is_write_in
from tallyproof.election.contest import SINGLE_SEAT, Office, family_name, name_words, office
from tallyproof.election.standard_names import one_line

SAME_WORDS, SAME_OFFICE, SAME_ANSWER, SAME_PERSON, SAME_FAMILY, OTHER_GIVEN = 100, 96, 97, 95, 88, 75
"""Scores of reasons that are not a measured likeness of letters."""

CLEAR = 85
"""From this score on a choice counts as evidence that two contests are the same."""

TITLES_WITH_PEOPLE, TITLES_ALONE, SPELLINGS = 40, 88, 84
"""How alike titles with the same candidates, titles without candidates, and names of choices must be."""

_OFFICES = SINGLE_SEAT | {"State Senate", "State House"}
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_FIRSTS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
           "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
           "eighteenth", "nineteenth", "twentieth")  # fmt: skip
_NUMBERS = {word: str(place) for words in (_ONES, _FIRSTS) for place, word in enumerate(words, 1)}
_VOTE_FOR = re.compile(
    rf"[\s,–-]*\(?\s*vote\s+for\s*(?:=|:|up to|not more than|no more than|any)?\s*"
    rf"(\d{{1,4}}|{'|'.join(_ONES)})\s*\)?\s*$",
    re.IGNORECASE,
)
_POSITIONS = re.compile(
    r"\s*\(\s*number of positions\s*=\s*(\d{1,4})\s*(?:,\s*number of ranks\s*=\s*\d+\s*)?\)\s*$",
    re.IGNORECASE,
)
_SESSION = re.compile(r"\b\d+(?:st|nd|rd|th)\s+(?=(?:u\W?s\W*|united states\s+)?congress)", re.IGNORECASE)
_NOTHING = frozenset({"no", "number", "the", "of", "for", "to", "in", "and", "de"})
_PARTIES = {"dem": "dem", "democrat": "dem", "democratic": "dem", "rep": "rep", "republican": "rep",
            "lib": "lib", "libertarian": "lib", "grn": "grn", "green": "grn"}  # fmt: skip
_APART = frozenset({"special", "unexpired", "runoff", "primary", "partial", "recall", "advisory",
                    "retention"})  # fmt: skip
"""Words that set a contest apart from another of the same office."""

_PARTY_END = re.compile(
    r"\s*[(\[]\s*[A-Z]{1,5}\s*[)\]]\s*$|\s+-\s*(?:DEM|REP|LIB|GRN|IND|NPA|CON)\s*$"
    r"|\s*\((?:democrat|democratic|republican|libertarian|green|independent|nonpartisan)(?: party)?\)\s*$",
    re.IGNORECASE,
)
_YES = frozenset(
    {"yes", "for", "yes for", "for yes", "approve", "approved", "in favor", "si", "yes si", "retain"}
)
_NO = frozenset(
    {"no", "against", "no against", "against no", "reject", "rejected", "opposed", "do not retain"}
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, from 0 to 100, and why they may mean the same."""

    score: int
    why: str


@dataclass(frozen=True, slots=True)
class Title:
    """A contest's name taken apart: its words, those that must agree, and the office where it is known."""

    words: str
    apart: tuple[str, ...]
    office: Office | None


def stated_votes(name: str) -> tuple[str, int | None]:
    """A contest's name without a note such as "(Vote For=2)", and the votes that the note gives a voter.

    >>> stated_votes("Council (Vote For=2)"), stated_votes("Council, vote for not more than three")
    (('Council', 2), ('Council', 3))
    """
    plain = one_line(name)
    found = _VOTE_FOR.search(plain) or _POSITIONS.search(plain)
    if found is None or not found.start():
        return plain, None
    votes = int(_NUMBERS.get(found[1].casefold(), found[1]))
    return plain[: found.start()], votes if 1 <= votes <= MOST_VOTE_FOR else None


@lru_cache(maxsize=65_536)
def title(name: str) -> Title:
    """A contest's name as words without case, accents, punctuation, notes; numbers written in digits."""
    text = stated_votes(name)[0]
    read = office(text)
    words = [_word(each) for each in _letters(_SESSION.sub("", text)).split()]
    kept = [each for each in words if each not in _NOTHING] or words
    apart = sorted(_PARTIES.get(each, each) for each in kept if _sets_apart(each))
    is_known = read.name.split(" (")[0] in _OFFICES
    return Title(" ".join(kept), tuple(apart), read if is_known else None)


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ").replace("ß", "ss"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
    plain = re.sub(r"\bu\s*\.\s*s\s*\.?(?=\W|$)", "us", plain)
    plain = re.sub(r"['’`.](?=\w)(?<=\w.)", "", plain)
    return " ".join(re.findall(r"[^\W_]+", plain))


def _word(word: str) -> str:
    if found := re.fullmatch(r"0*(\d+)(?:st|nd|rd|th)?", word):
        return found[1]
    return _NUMBERS.get(word, word)


def _sets_apart(word: str) -> bool:
    return any(sign.isdigit() for sign in word) or len(word) == 1 or word in _APART or word in _PARTIES


def titles_alike(one: str, other: str, people: tuple[int, int] | None) -> Likeness | None:
    """Whether two names may be of one contest; None where nothing speaks for it or something against.

    ``people``: how many candidates both have, and how many the shorter list names; None where one has none.
    """
    first, second = title(one), title(other)
    if people is not None and not people[0]:
        return None
    if first.words == second.words:
        return Likeness(SAME_WORDS, "the same but for case, punctuation, accents or notes")
    if first.office and second.office:
        if _of(first.office) == _of(second.office):
            return Likeness(SAME_OFFICE, f"both name {_of(first.office)}")
        return None
    if first.apart != second.apart:
        return None
    likeness = round(fuzz.token_sort_ratio(first.words, second.words))
    if people is not None and 2 * people[0] >= people[1] and likeness >= TITLES_WITH_PEOPLE:
        score = round(likeness / 2 + 45 * people[0] / people[1])
        return Likeness(
            score, f"{people[0]} of {people[1]} candidates are the same, the titles {likeness} % alike"
        )
    if people is None and likeness == 100:
        return Likeness(SAME_WORDS - 1, "the same words in another order")
    if people is None and likeness >= TITLES_ALONE and _words_alike(first.words, second.words):
        return Likeness(likeness, f"the titles are {likeness} % alike, their numbers the same")
    return None


def _of(read: Office) -> str:
    return f"{read.name}, district {read.district}" if read.district else read.name


def _words_alike(one: str, other: str) -> bool:
    """Whether each word of the shorter title is a word of the other, an abbreviation or a slip of it."""
    short, long = sorted((one.split(), other.split()), key=len)
    left = list(long)
    for word in short:
        near = next((each for each in left if _word_alike(word, each)), None)
        if near is None:
            return False
        left.remove(near)
    return True


def _word_alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if _sets_apart(one) or _sets_apart(other):
        return False
    short, long = sorted((one, other), key=len)
    if len(short) >= 2 and long.startswith(short):
        return True
    return len(short) >= 5 and fuzz.ratio(one, other) >= SPELLINGS


# ---- choices


def answer(choice: str) -> str:
    """The word yes, no or write-in where a choice is just that; nothing for a candidate."""
    plain = _letters(choice)
    if plain in _YES:
        return "yes"
    if plain in _NO:
        return "no"
    return "write-in" if is_write_in(choice) and not is_named_write_in(choice) else ""


def is_named_write_in(choice: str) -> bool:
    """Whether a write-in names a person: "Jane Doe (write-in)"."""
    rest = re.sub(r"write[\s_-]*ins?|candidates?|totals?|votes?|un\w+|invalid|qualified", " ", choice,
                  flags=re.IGNORECASE)  # fmt: skip
    return len(re.findall(r"[^\W\d_]{2,}", rest)) > 1


@lru_cache(maxsize=65_536)
def choice_words(choice: str) -> str:
    """A choice as words without case, accents, punctuation and party."""
    plain = one_line(choice)
    without = _PARTY_END.sub("", plain)
    return _letters(without) or _letters(plain)


def choices_alike(one: str, other: str) -> Likeness | None:
    """Whether two choices of a contest may be the same; None where nothing speaks for it."""
    first, second = choice_words(one), choice_words(other)
    if first == second:
        return Likeness(SAME_WORDS, "the same but for case, punctuation, accents or party")
    answers = {answer(one), answer(other)}
    if answers != {""}:
        if len(answers) > 1 or _digits(first) != _digits(second):
            return None
        return Likeness(SAME_ANSWER, f"both are {answers.pop()}")
    if _digits(first) != _digits(second):
        return None
    if family_name(one) and family_name(one) == family_name(other):
        return _same_family(name_words(one), name_words(other))
    spelling = round(fuzz.token_sort_ratio(first, second))
    if spelling >= SPELLINGS:
        return Likeness(min(spelling, SAME_PERSON), f"the spellings are {spelling} % alike")
    return None


def _same_family(one: Sequence[str], other: Sequence[str]) -> Likeness:
    if len(one) == 1 or len(other) == 1:
        return Likeness(SAME_FAMILY, "the same family name; one gives no first name")
    first, second = one[0], other[0]
    if first == second:
        return Likeness(SAME_PERSON, "the same first and family name")
    if first[0] == second[0] and 1 in (len(first), len(second)):
        return Likeness(SAME_PERSON - 2, "the same family name and initial")
    if first in other or second in one or fuzz.ratio(first, second) >= SPELLINGS - 10:
        return Likeness(CLEAR + 1, "the same family name, first names alike")
    return Likeness(OTHER_GIVEN, "the same family name, other first names")


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def is_person(choice: str) -> bool:
    """Whether a choice is neither an answer nor a place for write-ins."""
    return not answer(choice)


def same_people(one: Sequence[str], other: Sequence[str]) -> tuple[int, int] | None:
    """How many candidates two lists share, and how many the shorter names; None where a list names none."""
    first, second = ([each for each in found if is_person(each)] for found in (one, other))
    if not first or not second:
        return None
    short, left = sorted((first, list(second)), key=len)
    left, shared, fewest = list(left), 0, len(short)
    for choice in short:
        near = next((each for each in left if _is_clear(choice, each)), None)
        if near is not None:
            left.remove(near)
            shared += 1
    return shared, fewest


@lru_cache(maxsize=262_144)
def _is_clear(one: str, other: str) -> bool:
    found = choices_alike(one, other)
    return found is not None and found.score >= CLEAR
