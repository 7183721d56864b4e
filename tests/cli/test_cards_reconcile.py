"""``tallyproof cards reconcile``: tables, findings, JSON, and how it ends."""

import json
from pathlib import Path

from tallyproof.testing import card_faults
from tallyproof.testing import cards as made
from tallyproof.testing.card_faults import CardCounty

from .conftest import Ran, Run


def reconciled(run: Run, folder: Path, county: CardCounty, *options: str) -> Ran:
    """The command on the files of a made-up county."""
    files = {"cards": card_faults.cvr_text(county), "manifest": card_faults.manifest_text(county),
             "returns": card_faults.returns_text(county)}  # fmt: skip
    given: list[object] = []
    for name, text in files.items():
        given += [f"--{name}", made.write(text, folder / f"{name}.csv")]
    return run("cards", "reconcile", *given, "-j", "Lake", "--state", "CO", *options)


def test_files_that_agree_need_no_explanation(run: Run, tmp_path: Path) -> None:
    """The end is 0, and the tables say what was compared."""
    ran = reconciled(run, tmp_path, card_faults.card_county(1))
    assert (ran.code, ran.err) == (0, "")
    assert "Every batch holds as many cards as the manifest lists." in ran.out
    assert "Nothing found that needs an explanation." in ran.out


def test_what_met_nothing_is_listed_and_not_called_clean(run: Run, tmp_path: Path) -> None:
    """A contest of another name in the returns, and rows of them that could not be read."""
    county = card_faults.card_county(1)
    cards = made.write(card_faults.cvr_text(county), tmp_path / "cards.csv")
    text = card_faults.returns_text(county).replace(",Mayor,", ",Mayor of Town,")
    returns = made.write(f"{text}Lake,Ward 1,Levy,,,Yes,1,2,3\n", tmp_path / "returns.csv")
    given = ("cards", "reconcile", "--cards", cards, "--returns", returns, "-j", "Lake", "--state", "CO")
    ran, told = run(*given), json.loads(run(*given, "--json").out)
    assert ran.code == 2
    assert "Nothing found in what was compared." in ran.out and "needs an explanation" not in ran.out
    assert "Not compared, or under another name:" in ran.out
    assert "1 row of returns.csv could not be read" in ran.out
    assert told["not_compared"] == ["B14/all/lake/not-compared-contests"]
    assert told["unread"] == {"returns.csv": 1}


def test_cards_alone_are_not_called_clean(run: Run, tmp_path: Path) -> None:
    """Without returns nothing is found in what was compared, and what was not is named."""
    cards = made.write(card_faults.cvr_text(card_faults.card_county(1)), tmp_path / "cards.csv")
    ran = run("cards", "reconcile", "--cards", cards)
    assert (ran.code, "needs an explanation" in ran.out) == (0, False)
    assert "Nothing found in what was compared." in ran.out and "B14" in ran.out


def test_a_short_batch_ends_with_2_and_is_shown(run: Run, tmp_path: Path) -> None:
    """The batch with its difference, phantoms by contest, the finding with its row."""
    ran = reconciled(run, tmp_path, card_faults.lose(card_faults.card_county(1), "2", 7))
    assert ran.code == 2
    assert "Batches that differ:" in ran.out and "-7" in ran.out
    assert "at manifest.csv, row 3" in ran.out


def test_reconciliation_as_json(run: Run, tmp_path: Path) -> None:
    """Programs get the lines by jurisdiction, batch and contest, and the findings."""
    ran = reconciled(run, tmp_path, card_faults.lose(card_faults.card_county(1), "2", 7), "--json")
    told = json.loads(ran.out)
    assert [batch["difference"] for batch in told["batches"]] == [0, -7, 0, 0, 0, 0]
    assert {contest["phantoms"] for contest in told["contests"]} == {7}
    assert told["findings"][0]["check"] == "B15" and told["not_checkable"] == []


def test_rows_that_cannot_be_read_are_told(run: Run, tmp_path: Path) -> None:
    """They may be the cards that are missing, so the answer begins with them."""
    county = card_faults.card_county(1)
    cards = made.write(
        card_faults.cvr_text(county).replace("1,1,1,1,1-1-1,", "1,1,1,1,,"), tmp_path / "c.csv"
    )
    listed = card_faults.manifest_text(county).replace("2,2,60", "2,2,many")
    ran = run("cards", "reconcile", "--cards", cards, "--manifest", made.write(listed, tmp_path / "m.csv"))
    told = " ".join(ran.out.split())
    assert "1 row of c.csv could not be read and counts for nothing here" in told
    assert "1 row of m.csv could not be read and counts for nothing here" in told


def test_a_case_or_files_but_not_both(run: Run, tmp_path: Path) -> None:
    """Neither, both, and options that a case has no use for are refused in a sentence."""
    assert "Name either a case or files" in run("cards", "reconcile").err
    assert "Name either a case or files" in run("cards", "reconcile", "x", "--cards", tmp_path).err
    assert "--state says nothing" in run("cards", "reconcile", "x", "--state", "CO").err
