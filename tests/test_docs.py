"""What the documentation says is so: commands, outputs, links, words, schemas."""

import ast
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

import console
import schemas
from tallyproof.bootstrap import open_workspace
from tallyproof.checks.catalogue import catalogue
from tallyproof.cli.main import app
from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Severity
from tallyproof.election.returns import SCHEMA, Level, Measure, Mode, Note, UnitKind
from tallyproof.services import access, cases, example, solving
from tallyproof.services.card_records import CARDS_IMPORTED, MANIFEST_IMPORTED
from tallyproof.services.name_records import NAMES_SET
from tallyproof.services.workspace import Workspace
from tallyproof.store.chain import Fault

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [page for page in console.pages() if not console.needs_server(page)]
SERVER_PAGES = [page for page in console.pages() if console.needs_server(page)]
TEXTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
OUR_WORDS = (
    "Contest", "Choice", "Assertion", "Assorter", "Ballot manifest", "Batch", "Card", "Cast vote record",
    "Manual interpretation", "Jurisdiction", "Reporting unit", "Returns", "Snapshot", "Source", "Canvass",
    "Certification", "Discrepancy", "Overstatement", "Round", "Seed", "Ticket", "Risk limit", "Measured risk",
    "Recount rule", "Finding", "Rejection", "Remark", "Claim", "Ledger", "Record", "Event", "Commitment",
    "Opening", "Head", "Votes at stake", "Margin", "Measure", "Mode", "Level", "Roll-off", "Residual votes",
)  # fmt: skip
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


# ---- commands and their outputs


def untrue(page: Path, settings: dict[str, str] | None = None) -> list[str]:
    """The steps whose output is not what the page shows, with what was printed."""
    ran = console.run_page(page, settings)
    assert ran, f"{named(page)} has no command that could be run"
    return [f"$ {each.step.command}\n{each.printed}" for each in ran if not each.is_true]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_prints_what_the_page_shows(page: Path) -> None:
    """Pages run from top to bottom in an empty folder; mend outputs with: python tools/console.py --write"""
    assert not untrue(page)


@pytest.mark.postgres
@pytest.mark.parametrize("page", SERVER_PAGES, ids=named)
def test_a_page_about_postgresql_is_true_on_a_server(page: Path, postgres_url: str) -> None:
    """The commands work on PostgreSQL, and what is refused is refused by the server."""
    assert not untrue(page, {"DATABASE_URL": postgres_url})


def test_the_reference_shows_the_help_of_every_command() -> None:
    """A command that is added without a line in the reference is found."""
    groups = {group.name: group.typer_instance for group in app.registered_groups if group.typer_instance}
    alone = [str(command.name) for command in app.registered_commands]
    inside = [f"{name} {each.name}" for name, group in groups.items() for each in group.registered_commands]
    shown = text("reference/command-line.md")
    assert [each for each in (*alone, *inside) if f"$ tallyproof {each} --help\n" not in shown] == []


# ---- links


def links() -> list[tuple[Path, str]]:
    """Every link or picture of a page that leads to another file of ours."""
    found = [(page, target) for page in TEXTS for target in LINK.findall(page.read_text(encoding="utf-8"))]
    return [(page, target) for page, target in found if not re.match(r"[a-z]+:|#", target)]


def is_generated(path: Path) -> bool:
    """The reference from docstrings is written when the documentation is built, one page per room."""
    return path.parent == DOCS / "reference" / "python" and (ROOT / "src" / "tallyproof" / path.stem).is_dir()


def test_links_lead_to_files_and_headings_that_exist() -> None:
    """Also those of the README and the changelog, which the documentation's own check does not see."""
    dead = []
    for page, target in links():
        place, _, anchor = target.partition("#")
        path = (page.parent / place).resolve()
        if not path.exists() and not is_generated(path):
            dead.append(f"{named(page)}: {target}")
        elif anchor and anchor not in headings(path):
            dead.append(f"{named(page)}: {target} has no such heading")
    assert not dead


def headings(path: Path) -> set[str]:
    """The anchors of a page's headings, as the documentation makes them."""
    lines = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", line).strip().lower()) for line in lines}


def test_no_page_accuses() -> None:
    """The word for deliberate wrongdoing stands nowhere but where a statute's own words are quoted."""
    quoted = re.compile(r'"[^"]*"\s+\(words?\s+of\s+the\s+statute\)')
    told = {page: quoted.sub("", page.read_text(encoding="utf-8")).casefold() for page in TEXTS}
    assert [named(page) for page, words in told.items() if "fraud" in words] == []


# ---- problems and answers


def test_the_committed_schemas_are_those_of_the_types() -> None:
    """Write them anew with: python tools/schemas.py"""
    committed = {path.name: path.read_text(encoding="utf-8") for path in schemas.FOLDER.glob("*.json")}
    assert committed == schemas.files()


def test_every_kind_of_problem_is_listed() -> None:
    """With the question it asks, in the reference's first table."""
    page = text("reference/solve.md").partition("\n## ")[0]
    assert [word for word in solving.kinds() if f"| `{word}` | " not in page] == []


def examples() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Problem and answer of each example in the reference."""
    page = DOCS / "reference" / "solve.md"
    blocks = list(console.blocks(page.read_text(encoding="utf-8")))
    problems = [json.loads(block.text) for block in blocks if block.title]
    answers = [json.loads(console.steps(block.text)[0].shown) for block in blocks if not block.title]
    return list(zip(problems, answers, strict=True))


def schema(kind: str, part: str) -> Any:
    return json.loads((schemas.FOLDER / f"{kind}.{part}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("problem", "answer"), examples(), ids=lambda each: each["kind"])
def test_the_schemas_accept_the_examples(problem: dict[str, Any], answer: dict[str, Any]) -> None:
    """Somebody who writes a client from the schemas gets along with the program."""
    jsonschema.validate(problem, schema(problem["kind"], "problem"))
    jsonschema.validate(answer, schema(answer["kind"], "answer"))


@pytest.mark.parametrize(("problem", "answer"), examples(), ids=lambda each: each["kind"])
def test_the_schemas_refuse_a_misspelt_field(problem: dict[str, Any], answer: dict[str, Any]) -> None:
    """As the program does."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**problem, "marginn": 3}, schema(problem["kind"], "problem"))


# ---- words


@pytest.mark.parametrize(
    "words", [Measure, Mode, Level, UnitKind, Status, Severity], ids=lambda e: e.__name__
)
def test_every_value_has_a_sentence(words: type[Any]) -> None:
    """Each value that stands in data has its row in the reference."""
    page = text("reference/words.md")
    assert [word.value for word in words if f"| `{word.value}` | " not in page] == []


def test_every_note_state_and_fault_has_a_sentence() -> None:
    """Notes on cells, the states of a finding and the faults of a chain too."""
    page = text("reference/words.md")
    coded = [note.value for note in Note if note is not Note.PLAIN] + ["open", *cases.STATE_AFTER.values()]
    assert [word for word in coded if f"| `{word}` | " not in page] == []
    assert [fault.value for fault in Fault if f"| {fault.value} | " not in page] == []


def test_every_column_of_the_returns_table_has_a_sentence() -> None:
    """The table's own schema decides."""
    page = text("reference/words.md").partition("## Measure")[0]
    assert [column for column in SCHEMA if f"`{column}`" not in page] == []


def test_the_glossary_has_each_word_once() -> None:
    """A word that is explained twice has two meanings."""
    words = re.findall(r"^#### (.+)$", text("glossary.md"), re.MULTILINE)
    assert len(words) == len({word.casefold() for word in words}) >= 80


@pytest.mark.parametrize("word", OUR_WORDS)
def test_the_glossary_decides_our_words(word: str) -> None:
    """The words that stand everywhere, in code, SQL, addresses and pages."""
    assert f"\n#### {word}\n" in text("glossary.md")


def test_each_word_of_the_glossary_is_explained_in_one_line() -> None:
    """One plain sentence each; at most a second one where a neighbour must be told apart."""
    entries = re.findall(r"^#### (.+)\n(.+)\n(.*)$", text("glossary.md"), re.MULTILINE)
    assert len(entries) == text("glossary.md").count("\n#### ")
    assert [word for word, line, after in entries if after or not line.endswith((".", ".)"))] == []


# ---- files, events, settings, floors


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The example case, built; with a finding opened again and an import undone."""
    from tallyproof.services import findings, importing

    workspace, actor = open_workspace(tmp_path_factory.mktemp("demo")), access.terminal("Jo Doe")
    example.build(workspace, actor)
    sauk = "B2/wi-president/sauk"
    findings.reopen(workspace, actor, example.CASE, sauk, "asked again")
    findings.explain(workspace, actor, example.CASE, sauk, "said again", "a letter", "phoned first")
    importing.undo_import(workspace, actor, example.CASE, 7, "trying out")
    return workspace


def fields_of(page: str) -> set[str]:
    """Every name in the first column of the page's tables."""
    rows = re.findall(r"^\| (`.+?) \| ", page, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_every_kind_of_event_is_described_with_its_fields(demo: Workspace) -> None:
    """The events of a case in which everything happens once hold nothing that the reference leaves out."""
    page = text("reference/ledger-events.md")
    fields = fields_of(page) | {"actor_name"}
    happened = list(demo.ledger.events(example.CASE))
    kinds = {cases.OPENED, cases.IMPORTED, cases.UNDONE, cases.ANSWERED, *cases.STATE_AFTER}
    assert {event.kind for event in happened} == kinds
    assert [kind for kind in kinds if f"## {kind}\n" not in page] == []
    bodies = {name for event in happened for name in event.body}
    imported: Any = next(event.body for event in happened if event.kind == cases.IMPORTED)
    assert bodies | set(imported["files"][0]) <= fields


ABOUT_CARDS = """
```toml title="names.toml"
[[contest]]
name = "Mayor of Town"
wordings = [{name = "Mayor"}]
```

```console
$ tallyproof cards names town-2024 --use names.toml
$ tallyproof publish town-2024 site
$ tallyproof ledger events --case town-2024 --json
```
"""


def test_events_about_cards_names_and_publishing_are_described_too(tmp_path: Path) -> None:
    """Those that the example case does not have, of the county that the page on keeping cards begins with."""
    kept = tmp_path / "kept.md"
    kept.write_text(text("how-to/keep-cards.md").partition("\n## ")[0] + ABOUT_CARDS, encoding="utf-8")
    happened = json.loads(console.run_page(kept)[-1].printed)
    page = text("reference/ledger-events.md")
    kinds = [CARDS_IMPORTED, MANIFEST_IMPORTED, NAMES_SET, cases.PUBLISHED]
    assert [event["kind"] for event in happened] == [cases.OPENED, *kinds]
    assert [kind for kind in kinds if f"## {kind}\n" not in page] == []
    assert {name for event in happened for name in event["body"]} <= fields_of(page)
    assert set(happened[1]["body"]["files"][0]) <= fields_of(page)


def test_every_field_of_a_report_is_described(demo: Workspace) -> None:
    """The JSON of `check` and of `finding show` holds nothing that the reference leaves out."""
    from tallyproof.services import checking, reports

    checked = checking.check_case(demo, access.READER, example.CASE)
    report, whole = reports.to_json(checked), reports.finding_json(checked.findings[0])
    page = text("reference/check-json.md")
    headed = set(re.findall(r"^## (\w+)$", page, re.MULTILINE))
    assert set(report) <= headed
    assert {*report["rows"], *report["findings"][0], *whole} <= fields_of(page)
    assert [name for name in report["not_checkable"][0] if f"`{name}`" not in page] == []


def test_every_setting_that_is_read_is_described() -> None:
    """A new environment variable must find its way into the reference."""
    page = text("reference/configuration.md")
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "src").rglob("*.py"))]
    read = {name for each in texts for node in ast.walk(ast.parse(each)) for name in settings_in(node)}
    assert "TALLYPROOF_HOME" in read
    assert [name for name in sorted(read) if f"`{name}`" not in page] == []


def settings_in(node: ast.AST) -> list[str]:
    """The environment variable that a text in the code names."""
    word = node.value if isinstance(node, ast.Constant) else None
    return re.findall(r"^(?:DATABASE_URL|TALLYPROOF_[A-Z_]+)$", word) if isinstance(word, str) else []


def test_the_architecture_lists_the_floors_that_are_held() -> None:
    """The rooms in the order of the floors that `make check` holds."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]
    held = [room for layer in contract["layers"] for room in re.findall(r"\w+", layer)]
    table = text("reference/architecture.md").partition("## ")[0]
    cells = re.findall(r"^\|[^|]*\|([^|]*)\|", table, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(cells))) == sorted(held)


def test_the_readme_counts_the_checks() -> None:
    """It says how many there are, and each of them can be asked."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"[{len(catalogue())} checks](docs/checks)" in readme


def test_the_changelog_begins_with_this_version() -> None:
    """A release without a line in the changelog is found."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    first = re.search(r"^## (\S+?),", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert first is not None
    assert first[1] == settings["project"]["version"]


def test_every_example_of_the_tutorial_says_what_it_found() -> None:
    """The tutorial's file has a fault that decides who leads, and its correction has none."""
    ran = console.run_page(DOCS / "tutorial" / "first-file.md")
    first, second = [each for each in ran if each.step.command.startswith("tallyproof check c")][:2]
    assert (first.code, second.code) == (2, 0)
    assert "B2/wi-president/demo-town-of-birch" in first.printed
