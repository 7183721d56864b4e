"""The tool that runs the documentation finds what is not true, and mends it."""

from pathlib import Path

import pytest

import console

PAGE = """Words.

```text title="problem.json"
{"kind": "margin", "votes": {"a": 5, "b": 2}}
```

```console
$ tallyproof solve \\
    problem.json
ANSWER
$ echo $?
0
```
"""


def page(folder: Path, answer: str) -> Path:
    path = folder / "page.md"
    path.write_text(PAGE.replace("ANSWER", answer), encoding="utf-8")
    return path


def test_a_true_page_is_true(tmp_path: Path) -> None:
    """A file that the page writes is read by the command, and a backslash continues it."""
    ran = console.run_page(page(tmp_path, '{"kind":"margin",…,"margin":3,…}'))
    assert [each.is_true for each in ran] == [True, True]


def test_a_wrong_number_is_found_and_mended(tmp_path: Path) -> None:
    """One digit altered makes the page untrue; mended, it is true and keeps how the command was written."""
    path = page(tmp_path, '{"kind":"margin",…,"margin":4,…}')
    ran = console.run_page(path)
    assert [each.is_true for each in ran] == [False, True]
    path.write_text(console.rewritten(path.read_text(encoding="utf-8"), ran), encoding="utf-8")
    assert "solve \\\n    problem.json\n{" in path.read_text(encoding="utf-8")
    assert all(each.is_true for each in console.run_page(path))


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\nb", "a\nc\n", False),
        ("a\n…\nd", "a\nb\nc\nd\n", True),
        ("a\n…\nd", "a\nb\nc\ne\n", False),
        ("a … d", "a b c d\n", True),
        ("at 2016-11-23T17:00:00Z", "at 2024-01-01T00:00:00.123456Z\n", True),
        ("head 0123456789abcdef", "head fedcba9876543210\n", True),
        ("44 votes", "484 votes\n", False),
    ],
)
def test_an_output_matches_but_for_what_may_differ(shown: str, printed: str, same: bool) -> None:
    """Times, hashes and what is left out may differ, and nothing else."""
    assert console.matches(shown, printed) is same


def test_what_a_page_leaves_out_stays_left_out(tmp_path: Path) -> None:
    """An output with a line of … is mended around it, from the line before to the line after."""
    step = console.Step("$ tallyproof x", "tallyproof x", "old\nhead:\n…\nlast")
    block = console.Block("console", "", "$ tallyproof x\nold\nhead:\n…\nlast\n", 0, 0)
    ran = console.Ran(block, step, "new\nhead:\n1\n2\nlast\n", 0)
    assert console.rewritten("", [ran]) == ""  # a block that is not of this page changes nothing
    assert console._written(ran) == "$ tallyproof x\nnew\nhead:\n…\nlast\n"


def test_a_command_without_output_must_have_worked(tmp_path: Path) -> None:
    """A command that fails is not hidden by showing nothing of it."""
    path = tmp_path / "page.md"
    path.write_text("```console\n$ tallyproof solve nothing.json\n```\n", encoding="utf-8")
    assert not console.run_page(path)[0].is_true


def test_a_command_in_a_shell_is_of_this_checkout(tmp_path: Path) -> None:
    """Also where the environment's own copy of the program is another one, which may be changing just now."""
    path = tmp_path / "page.md"
    told = "import tallyproof, pathlib; print(pathlib.Path(tallyproof.__file__).parents[2])"
    path.write_text(f"```console\n$ python -c '{told}'\n{console.ROOT}\n```\n", encoding="utf-8")
    assert console.run_page(path)[0].is_true


def test_a_page_leaves_no_setting_behind(tmp_path: Path) -> None:
    """What a page exports ends with it, and the user's own settings do not reach it."""
    import os

    path = tmp_path / "page.md"
    path.write_text("```console\n$ export TALLYPROOF_FILES=elsewhere\n```\n", encoding="utf-8")
    before = dict(os.environ), Path.cwd()
    console.run_page(path)
    assert (dict(os.environ), Path.cwd()) == before
