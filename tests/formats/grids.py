"""Tables changed at random: cells swapped, emptied, replaced, rows cut, doubled and widened."""

from hypothesis import strategies as st

WILD = [
    "", "0", "1", "2", "-1", "1,234", "1.0", "1e9", "x", "=1", '="1"', "Total", "5/1/2007", "a\nb", 'say "a"',
    "é", "\ufffd", " 1 ", "nan", "99999999999999999999", "\u0661", "1,0,1",
]  # fmt: skip
_SIGNS = st.characters(codec="utf-8", exclude_characters="\u2028\u2029", exclude_categories=["Cs", "Cc"])
CELLS = st.sampled_from(WILD) | st.text(_SIGNS, max_size=6)


def is_row(cells: list[str]) -> bool:
    """Whether anything stands in this row."""
    return any(cell.strip() for cell in cells)


@st.composite
def mutated(draw: st.DrawFn, rows: list[list[str]]) -> list[list[str]]:
    """These rows after up to five changes."""
    rows = [list(row) for row in rows]
    for _ in range(draw(st.integers(1, 5))):
        row = rows[draw(st.integers(0, len(rows) - 1))]
        how = draw(st.sampled_from(["cell", "swap", "cut", "widen", "double", "blank"]))
        place = draw(st.integers(0, max(len(row) - 1, 0)))
        if how == "double":
            rows.insert(draw(st.integers(0, len(rows))), list(row))
        elif how == "blank":
            rows.insert(draw(st.integers(0, len(rows))), [""] * draw(st.integers(1, 3)))
        elif how == "widen":
            row.append(draw(CELLS))
        elif row and how == "cut":
            del row[place:]
        elif row and how == "swap":
            other = draw(st.integers(0, len(row) - 1))
            row[place], row[other] = row[other], row[place]
        elif row:
            row[place] = draw(CELLS)
    return rows
