"""``tallyproof cards``: what is printed, as JSON and for people, and how it ends."""

import json
from pathlib import Path

from tallyproof.testing import cards as made
from tallyproof.testing.cards import MadeCard, MadeContest

from .conftest import Run

CONTESTS = [MadeContest("Mayor", ("Ann", "Bob")), MadeContest("Judge", ("P", "Q", "R"), 1, 3)]
CARDS = [
    MadeCard("1", "7", "1", {0: ((0,),), 1: ((1,), (0,), ())}),
    MadeCard("1", "7", "2", {0: ((0, 1),)}),
    MadeCard("1", "7", "3", {0: ((),), 1: ((1,), (0,), ())}),
]
MANIFEST = "Tabulator,Batch Name,Number of Ballots\n1,7,3\n"


def export(folder: Path) -> Path:
    """The three cards as a Dominion export."""
    return made.write(made.dominion_text(CONTESTS, CARDS), folder / "cards.csv")


def test_a_tally_prints_votes_rankings_and_styles(run: Run, tmp_path: Path) -> None:
    """An overvote counts for nobody, a ranking is shown with its cards, the end is 0."""
    ran = run("cards", "tally", export(tmp_path))
    assert (ran.code, ran.err) == (0, "")
    assert "1 overvoted card, 1 blank card, 1 vote not cast" in ran.out
    assert "Q > P" in ran.out and "Card styles: 2" in ran.out


def test_a_tally_as_json_has_the_same_numbers(run: Run, tmp_path: Path) -> None:
    """Programs get cards, contests, rankings and styles."""
    told = json.loads(run("cards", "tally", export(tmp_path), "--json").out)
    mayor, judge = told["contests"]
    assert (told["cards"], mayor["votes"], mayor["overvotes"]) == (3, {"Ann": 1, "Bob": 0}, 1)
    assert judge["rankings"] == [{"ranking": ["Q", "P"], "cards": 2}]
    assert [style["cards"] for style in told["styles"]] == [2, 1]


def test_a_batch_that_the_manifest_lacks_ends_with_2(run: Run, tmp_path: Path) -> None:
    """The batch listed ends well; another name is told with the closest one."""
    manifest = made.write(MANIFEST, tmp_path / "manifest.csv")
    assert run("cards", "tally", export(tmp_path), "--manifest", manifest).code == 0
    made.write(MANIFEST.replace("1,7,", "1,07,"), manifest)
    ran = run("cards", "tally", export(tmp_path), "--manifest", manifest)
    assert ran.code == 2 and "tabulator 1, batch 07" in " ".join(ran.out.split())


def test_rows_that_cannot_be_read_are_listed(run: Run, tmp_path: Path) -> None:
    """The row is named, the rest is counted, and the end is 2."""
    path = export(tmp_path)
    path.write_text(path.read_text().replace("Type 1,0,0,,", "Type 1,9,0,,").replace("1,1,,", "1,9,,"))
    ran = run("cards", "tally", path)
    assert ran.code == 2
    assert "1 row could not be read and is not counted" in ran.out and "cards.csv, row 6:" in ran.out


def test_a_mapping_reads_another_layout(run: Run, tmp_path: Path) -> None:
    """With its mapping a CSV gives the tally; without it the remedy is named."""
    text, mapping = made.mapped_text(CONTESTS, CARDS)
    table = made.write(text, tmp_path / "own.csv")
    ran = run("cards", "tally", table, "--mapping", made.write(mapping, tmp_path / "own.toml"), "--json")
    assert json.loads(ran.out)["contests"][0]["votes"] == {"Ann": 1, "Bob": 0}
    refused = run("cards", "tally", table)
    assert refused.code == 1 and "--mapping FILE" in refused.err


def test_a_misspelt_mapping_is_refused_with_the_closest_column(run: Run, tmp_path: Path) -> None:
    """A column that the table lacks is named with the one most like it."""
    text, mapping = made.mapped_text(CONTESTS, CARDS)
    table = made.write(text, tmp_path / "own.csv")
    wrong = made.write(mapping.replace('"Record"', '"Recrd"'), tmp_path / "own.toml")
    ran = run("cards", "tally", table, "--mapping", wrong)
    assert ran.code == 1 and "no column 'Recrd'. The closest is 'Record'" in ran.err


def test_a_manifest_prints_its_batches_and_faults(run: Run, tmp_path: Path) -> None:
    """A sound manifest ends with 0; a batch listed twice is told and ends with 2."""
    path = made.write(MANIFEST, tmp_path / "manifest.csv")
    ran = run("cards", "manifest", path)
    assert ran.code == 0 and "1 batch, 3 cards" in ran.out
    made.write(MANIFEST + "1,7,3\n", path)
    ran = run("cards", "manifest", path, "--json")
    assert ran.code == 2
    assert "already in row 2" in json.loads(ran.out)["rejections"][0]["reason"]


def test_an_unknown_rule_is_refused(run: Run, tmp_path: Path) -> None:
    """Only the two ways of reading an overvoted rank are taken."""
    ran = run("cards", "tally", export(tmp_path), "--overvote", "drop")
    assert ran.code == 1 and "'exhaust' or 'skip'" in ran.err


def test_repeats_are_struck_out_where_asked(run: Run, tmp_path: Path) -> None:
    """Struck out first, a repeat makes no overvote; another word is refused."""
    card = MadeCard("1", "7", "1", {0: ((0,), (0, 1), ())})
    path = made.write(made.dominion_text([CONTESTS[1]], [card]), tmp_path / "a.csv")
    assert "P > Q" in run("cards", "tally", path, "--repeats", "strike").out
    assert "P > Q" not in run("cards", "tally", path).out
    assert "'keep' or 'strike'" in run("cards", "tally", path, "--repeats", "drop").err
