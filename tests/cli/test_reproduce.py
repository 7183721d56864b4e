"""``tallyproof reproduce``: the table, JSON and exit codes."""

import json
import shutil
from pathlib import Path

import pytest

import console

from .conftest import Run


@pytest.fixture
def georgia(shared_data: Path, tmp_path: Path) -> Path:
    """A copy of Georgia's published files of 2026."""
    folder = shared_data / "audits" / "georgia2026"
    if not folder.is_dir():
        pytest.skip(f"needs Georgia's records of 2026 (looked in {folder})")
    for file in folder.iterdir():
        shutil.copyfile(file, tmp_path / file.name)
    return tmp_path


def test_an_audit_is_shown_with_both_numbers(run: Run, georgia: Path) -> None:
    """P, draws, U and the claim that was not tested stand in the answer; nothing differs, exit 0."""
    ran = run("reproduce", georgia)
    assert ran.code == 0
    for words in ("0.049083729", "0.041726014", "U 45.952834, 138 draws", "NOT TESTED", "49 draws, not 18"):
        assert words in " ".join(ran.out.split())
    assert "Differs" not in ran.out


def test_the_page_shows_what_is_printed(run: Run, shared_data: Path) -> None:
    """Both outputs on the page about published audits, but for what their dots leave out."""
    folder = shared_data / "audits" / "georgia2026"
    if not folder.is_dir():
        pytest.skip(f"needs Georgia's records of 2026 (looked in {folder})")
    page = (console.ROOT / "docs" / "how-to" / "reproduce-an-audit.md").read_text(encoding="utf-8")
    first, second = [block.text for block in console.blocks(page) if block.language == "text"]
    printed = run("reproduce", folder).out
    assert console.matches(first.removeprefix("$ tallyproof reproduce georgia2026\n"), printed)
    assert console.matches(f"…\n{second}…\n", printed)


def test_json_has_every_line(run: Run, georgia: Path) -> None:
    """Summary, lines with file and row, and claims; lists are complete."""
    answer = json.loads(run("reproduce", georgia, "--json").out)
    counts = {each["question"]: each["agrees"] for each in answer["summary"]}
    assert sum(counts.values()) == len(answer["lines"]) > 5_000
    assert {each["contest"] for each in answer["claims"]} == {"US Senate - Rep", "Governor - Dem"}


def test_a_difference_is_told_with_its_row_and_exit_2(run: Run, georgia: Path) -> None:
    """An altered P: both numbers, file and row under "Differs"."""
    report = georgia / "final_audit_report.csv"
    report.write_text(
        report.read_text(encoding="utf-8").replace("0.049083729", "0.049083720"), encoding="utf-8"
    )
    ran = run("reproduce", georgia)
    told = " ".join(ran.out.split())
    assert ran.code == 2
    assert "final_audit_report.csv, row 16: P-value, US Senate - Rep: published 0.049083720" in told
    assert "recomputed 0.049083729" in told


def test_what_cannot_be_checked_says_what_it_needs(run: Run, georgia: Path) -> None:
    """Without the manifests: exit 3, as nothing differs and not all agrees, and the need is named."""
    (georgia / "manifests.zip").unlink()
    ran = run("reproduce", georgia)
    assert ran.code == 3
    assert "needs the ballot manifests" in " ".join(ran.out.split())


def test_a_damaged_archive_is_a_line(run: Run, georgia: Path) -> None:
    """The archive is named; the rest of the folder is still read."""
    (georgia / "manifests.zip").write_bytes(b"PK nothing")
    ran = run("reproduce", georgia)
    assert ran.code == 3
    assert "manifests.zip: file: needs a whole file" in " ".join(ran.out.split())


def test_a_folder_without_an_audit_is_refused(run: Run, tmp_path: Path) -> None:
    """Exit 1 with one sentence."""
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    ran = run("reproduce", tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert "holds no audit that can be reproduced" in ran.err


def test_a_folder_where_nothing_is_recomputed_does_not_agree(run: Run, tmp_path: Path) -> None:
    """A damaged archive alone: exit 3 and a sentence that nothing could be recomputed."""
    (tmp_path / "a.zip").write_bytes(b"PK nothing")
    ran = run("reproduce", tmp_path)
    assert ran.code == 3
    assert "Nothing could be recomputed" in ran.out
