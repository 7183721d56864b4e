"""A mapping and its form say the same, whatever the mapping."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.election.returns import Measure
from tallyproof.errors import RequestError
from tallyproof.formats.layout import ChoiceColumn, Condition, CountColumn, Layout
from tallyproof.formats.mapping import read_mapping
from tallyproof.formats.mapping_writing import written
from tallyproof.services.mapping_form import fields_of, kept, mapping_of

TESTS = Path(__file__).parents[1]
MAPPINGS = [
    path
    for path in (*TESTS.glob("formats/proposals/*.toml"), *TESTS.glob("published/mappings/*.toml"))
    if "[labels]" not in path.read_text(encoding="utf-8")  # tables of places have no votes, and no form
]
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.stem)
def test_every_mapping_of_ours_comes_back_from_its_form_as_it_was(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert read_mapping(mapping_of(fields_of(text), text)).layout == read_mapping(text).layout


@given(columns=st.lists(WORDS, min_size=4, max_size=6, unique=True), name=WORDS, seats=st.integers(1, 255))
@settings(deadline=None, max_examples=60)
def test_a_layout_comes_back_whatever_its_names(columns: list[str], name: str, seats: int) -> None:
    first, second, third, *_ = columns
    layout = Layout(
        texts={"county": (columns[-1],), "unit": (columns[-1], first)},
        constants={"office": name, "vote_for": str(seats)},
        choices=(ChoiceColumn(second, name, "DEM", mode="early"),),
        counts=(CountColumn(third, Measure.BALLOTS_CAST, name),),
        where=(Condition(first, refused=(name,), reason=name),),
        header_rows=(2, 3),
        fill_down=(columns[-1],),
        blank_unit=name,
    )
    text = written(layout)
    assert read_mapping(text).layout == layout
    assert read_mapping(mapping_of(fields_of(text), text)).layout == layout


@pytest.mark.parametrize("header", ["one", "0", "3-2", "1-99", "1,2,3", "-1"])
def test_a_header_that_is_no_row_is_refused(header: str) -> None:
    with pytest.raises(RequestError, match="header"):
        mapping_of({"header": header})


def test_only_fields_of_a_mapping_are_kept() -> None:
    typed = {"csrfmiddlewaretoken": "x", "do": "map", "same.office": "Mayor", "use.Votes": "", "header": "2"}
    assert kept(typed) == {"same.office": "Mayor", "header": "2"}
