"""The ten-line programs of docs/how-to/redo-a-draw.md draw what this program draws."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from tallyproof.sampling.frame import canonical
from tallyproof.services.draw_records import Drawn, Method

from .frames import batch_frame, card_frame, drawn, made_batches

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "redo-a-draw.md"
PROGRAMS = dict(
    re.findall(r'```python title="(\w+)\.py"\n(.*?)```', PAGE.read_text(encoding="utf-8"), re.DOTALL)
)
SIZES = {"Mayor": 17, "Council": 12, "Judge, 1st": 3}
SEEDS = ("53417960661093690826", "00000000000000000000", "99887766554433221100")


def printed(name: str, folder: Path, seed: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a program of the page prints for another frame, seed and size."""
    text = PROGRAMS[name].replace('"53417960661093690826", 4', f'"{seed}", 30')
    text = re.sub(r'"53417960661093690826", \{.*?\}', f'"{seed}", {SIZES}', text)
    assert seed in text
    monkeypatch.chdir(folder)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(text, name, "exec"), {})
    return said.getvalue().splitlines()


def card_of(each: Drawn) -> str:
    """A card's id as the frame has it."""
    from tallyproof.sampling.frame import card_id

    return card_id(each.key, each.card)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "method"), [("uniform", "uniform"), ("without_replacement", "uniform"), ("rivest", "rivest")]
)
def test_cards_alike(
    name: str, method: Method, seed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Number or ticket, and card, draw by draw."""
    path = card_frame(tmp_path / "frame.csv")
    record = drawn(path, method, 30, seed=seed, with_replacement=name != "without_replacement")
    expected = [f"{each.draw} {each.number or each.ticket} {card_of(each)}" for each in record.draws]
    assert printed(name, tmp_path, seed, monkeypatch) == expected


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("method", ["consistent", "shangrla"])
def test_cards_for_contests(
    method: Method, seed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tickets, cards, and the contests that each counts for."""
    record = drawn(card_frame(tmp_path / "frame.csv"), method, sizes=SIZES, seed=seed)
    expected = [
        f"{each.draw} {each.ticket} {card_of(each)} {[n for n in SIZES if each.draw in record.usable[n]]}"
        for each in record.draws
    ]
    assert printed(method, tmp_path, seed, monkeypatch) == expected


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "method"), [("uniform_batches", "uniform"), ("colorado", "colorado")])
def test_cards_by_their_place_in_batches(
    name: str, method: Method, seed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Number, batch and position, draw by draw."""
    record = drawn(batch_frame(tmp_path / "batches.csv"), method, 30, seed=seed)
    expected = [" | ".join(map(str, (each.draw, each.number, *each.key, each.card))) for each in record.draws]
    assert printed(name, tmp_path, seed, monkeypatch) == expected


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "method"), [("ppeb", "ppeb"), ("arlo_batches", "arlo-batches")])
def test_batches_by_bound(
    name: str, method: Method, seed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batches in the order drawn."""
    record = drawn(batch_frame(tmp_path / "batches.csv"), method, 30, seed=seed)
    expected = [" | ".join(map(str, (each.draw, *each.key))) for each in record.draws]
    assert printed(name, tmp_path, seed, monkeypatch) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_ballots_as_arlo_draws_them(seed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tickets to the printed digits, and the ids that Arlo hashes."""
    record = drawn(batch_frame(tmp_path / "batches.csv"), "arlo-ballots", 30, seed=seed)
    expected = [
        f"{each.draw} {each.ticket} {(tuple(filter(None, each.key)), int(each.card))}"
        for each in record.draws
    ]
    assert printed("arlo_ballots", tmp_path, seed, monkeypatch) == expected


def test_every_method_has_its_program() -> None:
    """No method is without ten lines, and no program has many more."""
    from tallyproof.services.drawing import METHODS

    assert {name.replace("_", "-") for name in PROGRAMS} >= set(METHODS)
    lines = {name: len(text.replace("\n\n", "\n").split("\n")) for name, text in PROGRAMS.items()}
    assert sorted(lines.values())[len(lines) // 2] <= 12 and max(lines.values()) <= 26


def test_the_order_of_a_frame_is_the_one_its_page_defines(tmp_path: Path) -> None:
    """The few lines of docs/formats/frame.md put the batches of a frame into its order."""
    text = (PAGE.parents[1] / "formats" / "frame.md").read_text(encoding="utf-8")
    program = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0]
    rows = [list(batch.key) for batch in made_batches(3, 200)]
    exec(compile(program, "frame.md", "exec"), {"rows": rows})
    assert rows == [list(batch.key) for batch in canonical(made_batches(3, 200))]
