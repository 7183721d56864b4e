"""Every state at seven margins answers as the table of answers says that people have reviewed."""

import recount_answers


def test_every_state_answers_as_reviewed() -> None:
    """51 states, three offices, from a tie to 5 %: what changes must be read and the table rewritten."""
    expected = recount_answers.FILE.read_text(encoding="utf-8").splitlines()
    found = recount_answers.table().splitlines()
    changed = [line for line in found if line not in expected]
    assert found == expected, "\n".join(changed)


def test_the_table_has_every_state_and_office() -> None:
    """51 states and three offices, none of them without a known rule."""
    rows = [line.split() for line in recount_answers.FILE.read_text(encoding="utf-8").splitlines()[7:]]
    assert len({row[0] for row in rows}) == 51
    assert len(rows) == 51 * 3
    assert not [row for row in rows if "unknown" in row]
