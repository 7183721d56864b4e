"""Whether a contest of a published card audit is a question, which may need more than most votes."""

import pytest

from tallyproof.formats.colorado_audit import ContestRow, ReportedRisk, ResultsReport
from tallyproof.services.reproducing_cards import CardFiles, reproduce_cards
from tallyproof.services.reproduction import ContestClaims

RISK = ReportedRisk(2, "Levy", True, "Yes", "5.0", 0.05, "1.0", 0, 0, 0, 0, 1.03905, 10, 100, 1)
ROW = ContestRow("contest.csv", 2, "Levy", 1, 100, 1, 0.05, (0, 0, 0, 0), 1.03905, 10)


@pytest.mark.parametrize(
    ("choices", "is_question"),
    [
        (("Yes/For", "No/Against"), True), (("For the Tax", "Against the Tax"), True),
        (("Nolan", "Norris"), False), (("Yesenia Diaz", "Noah Fox"), False),
    ],
)  # fmt: skip
def test_answers_make_a_question_and_names_that_begin_like_them_do_not(
    choices: tuple[str, str], is_question: bool
) -> None:
    """Only of a question is it said that a larger share than half was not tested."""
    files = CardFiles([ResultsReport("report.xlsx", (RISK,), {})], [(ROW,)])
    votes = dict.fromkeys(choices, 1) | {choices[0]: 2}
    files.votes.take("Levy", "Levy", votes, votes, "tabulate.csv")
    (claims,) = (each for each in reproduce_cards(files) if isinstance(each, ContestClaims))
    assert ("larger share than half" in claims.remark) is is_question
