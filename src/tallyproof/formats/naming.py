"""Which contest, choice and place each row's own words name, worked out once per distinct wording."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from tallyproof.election.contest import choice_ids, contest_id, district, office, party_code
from tallyproof.election.jurisdiction import county_name, state_code
from tallyproof.election.returns import CONTEST_MEASURES, Level, Measure
from tallyproof.formats import words

LONGEST_NAME = 2_000
"""A longer text is no name of a place, contest or choice; titles of ballot questions stay below it."""

_CAT = pl.Categorical()
_CONTEST_IN = ["state", "office", "district", "choice", "party", "measure", "vote_for", "write_in"]
_CONTEST_OUT: dict[str, pl.DataType] = {
    "state_code": _CAT, "contest": _CAT, "office_name": _CAT, "district_name": _CAT, "seats": pl.UInt8(),
    "choice_name": _CAT, "choice_key": _CAT, "party_name": _CAT, "kind": _CAT, "fault": _CAT,
}  # fmt: skip
_UNIT_OUT: dict[str, pl.DataType] = {
    "county_name": _CAT, "unit_name": _CAT, "unit_kind": _CAT, "level": _CAT, "unit_fault": _CAT,
}  # fmt: skip
_Choice = tuple[str, str, str]
_NAMED = {Measure.CHOICE, Measure.STRAIGHT_PARTY}
_NAMED_ALONE = {Measure.ELECTORS, Measure.ELECTORS_CAST, Measure.MARGIN}


def contests(frame: pl.DataFrame) -> pl.DataFrame:
    """Add contest, choice, party and measure, and a ``fault`` where the words name none."""
    distinct = _distinct(frame, _CONTEST_IN)
    found = [{**row, **_contest_words(row)} for row in distinct.iter_rows(named=True)]
    keys = _choice_keys(found)
    keyed = ({**row, "choice_key": keys.get(_named_choice(row), "")} for row in found)
    return _lookup(frame, _CONTEST_IN, keyed, _CONTEST_OUT)


def places(frame: pl.DataFrame) -> pl.DataFrame:
    """Add county, unit kind and level, and the mode."""
    keys = ["county", "unit"]
    distinct = _distinct(frame, keys)
    units = [{**row, **_unit_words(row["county"], row["unit"])} for row in distinct.iter_rows(named=True)]
    modes = [
        {"mode": text, "mode_name": words.mode(text[:LONGEST_NAME]).value} for text in frame["mode"].unique()
    ]
    return _lookup(_lookup(frame, keys, units, _UNIT_OUT), ["mode"], modes, {"mode_name": _CAT})


# ---- once per distinct wording


def _distinct(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The distinct combinations of these text columns; columns that never vary cost nothing."""
    varying = _varying(frame, keys)
    if not varying:
        return frame.select(keys).head(1)
    return frame.select(keys).unique(varying, keep="first", maintain_order=True)


def _varying(frame: pl.DataFrame, keys: list[str]) -> list[str]:
    if not frame.height:
        return []
    same = frame.select(pl.col(name).eq_missing(pl.col(name).first()).all() for name in keys).row(0)
    return [name for name, constant in zip(keys, same, strict=True) if not constant]


def _lookup(
    frame: pl.DataFrame, keys: list[str], rows: Iterable[dict[str, object]], schema: dict[str, pl.DataType]
) -> pl.DataFrame:
    """Add the looked-up columns to each row, joining only on the keys that vary."""
    table = pl.DataFrame(list(rows), schema={**dict.fromkeys(keys, pl.Categorical()), **schema}, orient="row")
    varying = _varying(frame, keys)
    if varying:
        return frame.join(table.drop(set(keys) - set(varying)), on=varying, how="left", maintain_order="left")
    first = table.row(0, named=True) if table.height else dict.fromkeys(schema)
    return frame.with_columns(pl.lit(first[name], dtype=kind).alias(name) for name, kind in schema.items())


# ---- contests and choices


def _contest_words(row: dict[str, str]) -> dict[str, object]:
    stated, choice_text = row["measure"].strip(), " ".join(row["choice"].split())
    if fault := _unfit(row):
        return {"fault": fault}
    measure = _measure(stated, row["office"], choice_text)
    if measure is None:
        return {"fault": f"has a measure '{stated}' that Tallyproof does not know"}
    if measure is Measure.CHOICE and words.is_yes(row["write_in"]):
        choice_text = words.written_in(choice_text)
    where, party = state_code(row["state"]), party_code(row["party"])
    if measure is Measure.STRAIGHT_PARTY and not choice_text:
        choice_text = party
    base: dict[str, object] = {
        "state_code": where, "kind": measure.value, "choice_name": choice_text, "party_name": party,
    }  # fmt: skip
    if _is_of_unit(measure, row["office"]):
        return {**base, **_unit_count(measure, row["office"], choice_text)}
    return {**base, **_contest(where, row), "fault": _fault(row, measure, choice_text)}


def _unfit(row: dict[str, str]) -> str:
    longest = max(len(text) for text in row.values())
    return f"has a text of {longest:,} letters where a name is expected" if longest > LONGEST_NAME else ""


def _measure(stated: str, office_text: str, choice_text: str) -> Measure | None:
    if stated:
        return Measure._value2member_map_.get(stated)  # type: ignore[return-value]
    if words.is_straight_party(office_text):
        return Measure.STRAIGHT_PARTY
    if not choice_text or choice_text.casefold() == office_text.strip().casefold():
        return words.unit_measure(office_text) or words.choice_measure(choice_text) or Measure.CHOICE
    found = words.choice_measure(choice_text) or Measure.CHOICE
    if found in {Measure.CHOICE, Measure.TOTAL_VOTES} and (of_unit := words.unit_measure(office_text)):
        return of_unit
    return found


def _is_of_unit(measure: Measure, office_text: str) -> bool:
    """Whether the number belongs to the unit as a whole and to no contest."""
    is_nameless = not office_text.strip() or words.unit_measure(office_text) is not None
    return measure not in CONTEST_MEASURES and is_nameless


def _unit_count(measure: Measure, office_text: str, choice_text: str) -> dict[str, object]:
    """A unit's count; one given for a part of the voters only (a party's, say) is not the unit's count."""
    detail = choice_text if measure is Measure.BALLOTS_BY_DEVICE else ""
    is_part = words.unit_measure(office_text) is not None and choice_text and not detail
    is_whole = choice_text.casefold() == office_text.strip().casefold() or words.choice_measure(choice_text)
    fault = f"gives {office_text.strip()} of '{choice_text}' only" if is_part and not is_whole else ""
    return {"contest": "", "office_name": "", "district_name": "", "choice_name": detail, "fault": fault}


def _contest(where: str, row: dict[str, str]) -> dict[str, object]:
    read = office(row["office"])
    district_name = district(row["district"]) or read.district
    return {
        "contest": contest_id(where, read.name, district_name), "office_name": read.name,
        "district_name": district_name, "seats": _seats(row["vote_for"]) or read.vote_for,
    }  # fmt: skip


def _seats(text: str) -> int | None:
    stated = text.strip()
    return int(stated) if len(stated) < 4 and stated.isdecimal() and 0 < int(stated) < 256 else None


def _fault(row: dict[str, str], measure: Measure, choice_text: str) -> str:
    if words.is_percentage(row["office"]) or words.is_percentage(choice_text):
        return "is a share, not a count"
    if not row["office"].strip():
        return "names no office"
    return "names no choice" if measure is Measure.CHOICE and not choice_text else ""


def _choice_keys(found: list[dict[str, object]]) -> dict[_Choice, str]:
    """A key per choice and contest under which other sources' spellings meet."""
    named: dict[str, set[_Choice]] = {}
    for choice in dict.fromkeys(_named_choice(row) for row in found if not row["fault"]):
        named.setdefault(choice[0], set()).add(choice)
    keys: dict[_Choice, str] = {}
    for choices in named.values():
        ids = choice_ids(name for _, name, kind in sorted(choices) if kind in _NAMED)
        keys |= {
            each: ids[each[1]] if each[2] in _NAMED else _pseudo_id(each[2], each[1]) for each in choices
        }
    return keys


def _named_choice(row: dict[str, object]) -> _Choice:
    return str(row.get("contest")), str(row.get("choice_name")), str(row.get("kind"))


def _pseudo_id(kind: str, name: str) -> str:
    """Pseudo-candidates meet under their measure, whatever they are called."""
    if kind in _NAMED_ALONE:
        return next(iter(choice_ids([name]).values()), "") if name else ""
    return name.casefold() if kind == Measure.BALLOTS_BY_DEVICE else kind.replace("_", "-")


# ---- places


def _unit_words(county: str, unit: str) -> dict[str, str]:
    if (longest := max(len(county), len(unit))) > LONGEST_NAME:
        return {"unit_fault": f"has a text of {longest:,} letters where a place is expected"}
    kind, level = words.unit_kind(unit, county)
    is_county = level is not Level.STATE and not words.is_floating(county)
    return {
        "county_name": county_name(county) if is_county else "",
        "unit_name": " ".join(unit.split()) if level is Level.UNIT else "",
        "unit_kind": kind.value,
        "level": level.value,
    }
