"""Cards and returns under standard names: contests and choices renamed, those that become one joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import polars as pl

from tallyproof.election.card_part import ROW, CardPart, CaseCards, column
from tallyproof.election.cast_vote_record import CardContest, Marks
from tallyproof.election.contest import choice_ids, contest_id, office
from tallyproof.election.returns import SCHEMA, Measure
from tallyproof.election.standard_names import StandardNames, one_line
from tallyproof.errors import RequestError

_WORDS = ("state", "county", "contest", "office", "district", "vote_for", "choice", "choice_id", "measure")


def standardized_cards(cards: CaseCards, names: StandardNames) -> CaseCards:
    """All cards under standard names. Raises RequestError as ``standardized`` does."""
    return replace(cards, parts=tuple(standardized(part, names) for part in cards.parts))


def standardized(part: CardPart, names: StandardNames) -> CardPart:
    """The part under standard names; contests that become one share a column, choices a place.

    Raises RequestError where cards bear both of two contests or choices that would become one, or where
    two such contests differ in votes per voter or kind. Nothing but those two columns is read for it.
    """
    groups: dict[str, list[int]] = {}
    for place, contest in enumerate(part.contests):
        groups.setdefault(names.contest(part.jurisdiction, contest.name), []).append(place)
    joined = [_joined(part, name, places, names) for name, places in groups.items()]
    if all(each.is_unchanged for each in joined) and len(joined) == len(part.contests):
        return part
    old = [column(place) for place in range(len(part.contests))]
    new = [each.expression.alias(column(place)) for place, each in enumerate(joined)]
    cards = part.cards.select(pl.exclude(old), *new)
    return replace(part, contests=tuple(each.contest for each in joined), cards=cards)


@dataclass(frozen=True, slots=True)
class _Joined:
    """A contest under its standard name, and the column of its codes."""

    contest: CardContest
    expression: pl.Expr
    is_unchanged: bool = False


def _joined(part: CardPart, name: str, places: Sequence[int], names: StandardNames) -> _Joined:
    contests = [part.contests[place] for place in places]
    _require_alike(part, name, contests)
    _require_apart(part, name, places)
    votes = next((each.vote_for for each in contests if each.vote_for is not None), None)
    standard = names.standard(name)
    if votes is None and standard is not None:
        votes = standard.vote_for
    chosen = [
        [names.choice(part.jurisdiction, each.name, choice) for choice in each.choices] for each in contests
    ]
    choices = list(dict.fromkeys(choice for found in chosen for choice in found))
    made = CardContest(name, choices, votes, max(each.ranks for each in contests))
    first = contests[0]
    if len(contests) == 1 and len(choices) == len(first.choices):
        # Renamed only: places and codes stay, and the book, which may be long, is shared.
        made.codes = first.codes
        is_same = (made.name, made.choices, made.vote_for) == (first.name, first.choices, first.vote_for)
        return _Joined(made, pl.col(column(places[0])), is_same)
    columns = [
        _recoded(part, place, made, [choices.index(choice) for choice in found])
        for place, found in zip(places, chosen, strict=True)
    ]
    return _Joined(made, pl.coalesce(columns))


def _recoded(part: CardPart, place: int, made: CardContest, choices: Sequence[int]) -> pl.Expr:
    """The column of a contest in the codes of the one that is made; ``choices`` are its new places."""
    contest, codes = part.contests[place], list[int]()
    for code, marks in enumerate(contest.codes):
        marked = {choice for rank in marks.ranks for choice in rank}
        if len({choices[choice] for choice in marked}) < len(marked):
            _refuse_choices(part, place, code, made, choices, marked)
        ranks = tuple(tuple(sorted(choices[choice] for choice in rank)) for rank in marks.ranks)
        codes.append(made.code(Marks(ranks, marks.overvoted)))
    old, new = pl.Series(range(len(codes)), dtype=pl.UInt32), pl.Series(codes, dtype=pl.UInt32)
    return pl.col(column(place)).cast(pl.UInt32).replace_strict(old, new, return_dtype=pl.UInt32)


# ---- what cannot become one


def _require_alike(part: CardPart, name: str, contests: Sequence[CardContest]) -> None:
    for one, other in combinations(contests, 2):
        votes = {one.vote_for, other.vote_for} - {None}
        if len(votes) > 1 or bool(one.ranks) != bool(other.ranks):
            how = f"vote for {one.vote_for} and {other.vote_for}" if len(votes) > 1 else "one is ranked"
            raise RequestError(
                f"{_of(part)}: '{one.name}' and '{other.name}' are both '{name}' by the standard names, but "
                f"they differ ({how}). Give them two standard names."
            )


def _require_apart(part: CardPart, name: str, places: Sequence[int]) -> None:
    for one, other in combinations(places, 2):
        has_both = pl.col(column(one)).is_not_null() & pl.col(column(other)).is_not_null()
        if (row := _first_row(part, has_both)) is not None:
            raise RequestError(
                f"{_of(part)}: '{part.contests[one].name}' and '{part.contests[other].name}' are both "
                f"'{name}' by the standard names, but the card in row {row:,} bears both. "
                "Give them two standard names."
            )


def _refuse_choices(
    part: CardPart, place: int, code: int, made: CardContest, choices: Sequence[int], marked: set[int]
) -> None:
    """Raise where a card bears marks that the book lists for two choices which would become one."""
    row = _first_row(part, pl.col(column(place)) == code)
    if row is None:
        return
    contest = part.contests[place]
    pairs = combinations(sorted(marked), 2)
    one, other = next((a, b) for a, b in pairs if choices[a] == choices[b])
    raise RequestError(
        f"{_of(part)}: {contest.name}: '{contest.choices[one]}' and '{contest.choices[other]}' are both "
        f"'{made.choices[choices[one]]}' by the standard names, but the card in row {row:,} is marked for "
        "both. Give them two standard names."
    )


def _first_row(part: CardPart, condition: pl.Expr) -> int | None:
    found = part.cards.filter(condition).select(ROW).head(1).collect()
    return int(found[ROW][0]) if found.height else None


def _of(part: CardPart) -> str:
    return f"{part.jurisdiction}, {part.file}" if part.jurisdiction else part.file


# ---- returns


def returns_name(office_name: str, district: str) -> str:
    """How a contest of returns is named: "U.S. House, district 8", and the office alone without district."""
    return f"{office_name}, district {district}" if district else office_name


def standardized_returns(frame: pl.DataFrame, names: StandardNames) -> pl.DataFrame:
    """The returns table under standard names, which match wordings by ``returns_name`` and the county.

    A renamed contest has the standard name as its office, no district, and the id that this name gives;
    choices that become one in a unit are two rows of one choice, which are added up like any such rows.
    """
    words = frame.select(_WORDS).unique(maintain_order=True)
    found = [{**row, **_renamed(row, names)} for row in words.iter_rows(named=True)]
    if not any(row["_touched"] for row in found):
        return frame
    ids = _ids([row for row in found if row["_touched"]])
    new = ("contest", "office", "district", "vote_for", "choice", "choice_id")
    for row in found:
        row["_choice_id"] = ids.get((row["_contest"], row["_choice"]), row["choice_id"])
    schema = {name: SCHEMA[name] for name in _WORDS} | {f"_{name}": SCHEMA[name] for name in new}
    table = pl.DataFrame([{name: row[name] for name in schema} for row in found], schema=schema)
    joined = frame.join(table, on=list(_WORDS), how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(pl.col(f"_{name}").alias(name) for name in new).select(frame.columns)


def _renamed(row: dict[str, object], names: StandardNames) -> dict[str, object]:
    """What a wording's row becomes; ``_touched`` where a rule says something of it."""
    county, choice = str(row["county"]), str(row["choice"])
    title = returns_name(str(row["office"]), str(row["district"]))
    standard = names.contest(county, title) if row["contest"] else title
    same = {
        f"_{name}": row[name] for name in ("contest", "office", "district", "vote_for", "choice", "choice_id")
    }
    entry = names.standard(standard) if row["contest"] else None
    if entry is None:
        return {**same, "_touched": False}
    if standard != one_line(title):
        read = office(standard)
        state = str(row["state"])
        same |= {
            "_contest": contest_id(state, read.name, read.district),
            "_office": standard,
            "_district": "",
        }
    if row["vote_for"] is None:
        same["_vote_for"] = entry.vote_for
    if row["measure"] == Measure.CHOICE:
        same["_choice"] = names.choice(county, standard, choice)
    return {**same, "_touched": True}


def _ids(rows: Sequence[dict[str, object]]) -> dict[tuple[object, object], str]:
    """New keys of the named choices of contests that a rule speaks of."""
    chosen: dict[object, list[str]] = {}
    for row in rows:
        if row["measure"] == Measure.CHOICE:
            chosen.setdefault(row["_contest"], []).append(str(row["_choice"]))
    return {
        (contest, name): key for contest, found in chosen.items() for name, key in choice_ids(found).items()
    }
