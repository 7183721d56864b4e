"""Runs the console blocks of the documentation, so that every command shown works and every output is real.

A fenced block with a title, such as ```csv title="county.csv", is a file that the page writes; a block of
the language ``console`` holds commands after ``$ `` and what they print. In an output ``…`` stands for
anything within a line, and a line of ``…`` alone for any lines. Times and hashes may differ.

    python tools/console.py            names every page whose outputs are not what the commands print
    python tools/console.py --write    puts what they print in their place

Pages about PostgreSQL are run only where DATABASE_URL names an empty database.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = "80"
OTHER_SETTINGS = ("DATABASE_URL", "TALLYPROOF_FILES", "TALLYPROOF_HOME")

_FENCE = re.compile(r"^```(?P<language>\w*)(?P<rest>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'title="([^"]+)"')
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_HASH = re.compile(r"\b[0-9a-f]{16,64}\b")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page: its language, its title where it has one, its text and where that stands."""

    language: str
    title: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Step:
    """A command, as written and on one line, and the output shown below it."""

    written: str
    command: str
    shown: str


@dataclass(frozen=True, slots=True)
class Ran:
    """A step of a page with what its command printed and how it ended."""

    block: Block
    step: Step
    printed: str
    code: int

    @property
    def is_true(self) -> bool:
        """Whether the page shows what the command prints; a command without output must have worked."""
        if not self.step.shown:
            return self.code in {0, 2}
        return matches(self.step.shown, self.printed)


def pages() -> list[Path]:
    """The pages with console blocks: the README and everything under ``docs``."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in found if "```console" in page.read_text(encoding="utf-8")]


def needs_server(page: Path) -> bool:
    """Whether the page is about a PostgreSQL database, which it sets by its address."""
    return "DATABASE_URL=postgresql" in page.read_text(encoding="utf-8")


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for fence in _FENCE.finditer(page):
        title = _TITLE.search(fence["rest"])
        yield Block(
            fence["language"],
            title[1] if title else "",
            fence["text"],
            fence.start("text"),
            fence.end("text"),
        )


def steps(text: str) -> list[Step]:
    """The commands of a console block, each with the lines below it; a backslash continues a command."""
    return [_step(part) for part in re.split(r"^(?=\$ )", text, flags=re.MULTILINE) if part.startswith("$ ")]


def _step(part: str) -> Step:
    written = re.match(r"(?:.*\\\n)*.*", part)
    assert written is not None  # the pattern fits any text
    command = re.sub(r"\s*\\\n\s*", " ", written[0]).removeprefix("$ ")
    return Step(written[0], command, part[written.end() :].strip("\n").rstrip())


def matches(shown: str, printed: str) -> bool:
    """Whether the output shown is the one printed, but for times, hashes and what ``…`` leaves out."""
    lines = [_pattern(line) for line in _plain(shown).splitlines()]
    return bool(re.fullmatch("".join(lines), _plain(printed) + "\n"))


def _pattern(line: str) -> str:
    return r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"


def _plain(output: str) -> str:
    same = _HASH.sub("<hash>", _TIME.sub("<time>", output))
    return "\n".join(line.rstrip() for line in same.strip("\n").splitlines())


def run_page(page: Path, settings: Mapping[str, str] | None = None) -> list[Ran]:
    """Run a page in an empty folder with an empty home; ``settings`` are further environment variables."""
    ran = []
    with tempfile.TemporaryDirectory(prefix="tallyproof-docs-") as name, _inside(Path(name), settings or {}):
        code = 0
        for block in blocks(page.read_text(encoding="utf-8")):
            if block.title:
                Path(block.title).write_text(block.text, encoding="utf-8")
            for step in steps(block.text) if block.language == "console" else []:
                printed, code = (f"{code}\n", code) if step.command == "echo $?" else _run(step.command)
                ran.append(Ran(block, step, printed, code))
    return ran


@contextlib.contextmanager
def _inside(folder: Path, settings: Mapping[str, str]) -> Iterator[None]:
    before, environment = Path.cwd(), dict(os.environ)
    for name in OTHER_SETTINGS:
        os.environ.pop(name, None)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    home = str(folder / ".home")
    own = {
        "COLUMNS": COLUMNS,
        "TALLYPROOF_HOME": home,
        "TZ": "UTC",
        "PATH": path,
        "PYTHONPATH": str(ROOT / "src"),
    }
    os.environ.update({**own, **settings})
    os.chdir(folder)
    _use_zone()
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(environment)
        _use_zone()


def _use_zone() -> None:
    if hasattr(time, "tzset"):  # Windows takes the zone from the system alone
        time.tzset()


def _run(command: str) -> tuple[str, int]:
    """What a command prints on both outputs, and its exit code; ours run here, others in a shell."""
    words = shlex.split(command)
    if words[0] == "export":
        os.environ.update(dict([words[1].split("=", 1)]))
        return "", 0
    if words[0] == "tallyproof" and "|" not in words:
        return _run_here(words[1:])
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr, done.returncode


def _run_here(words: list[str]) -> tuple[str, int]:
    from tallyproof.cli.main import main

    words, source = _redirected(words, "<")
    words, target = _redirected(words, ">")
    said, faults = io.StringIO(), io.StringIO()
    given: Any = io.TextIOWrapper(io.BytesIO(Path(source).read_bytes() if source else b""))
    arguments, stdin, module, code = sys.argv, sys.stdin, sys.modules["__main__"], 0
    sys.argv, sys.stdin = ["tallyproof", *words], given
    sys.modules["__main__"] = ModuleType("__main__")  # help names the program that was started
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(faults):
            main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except Exception:  # a fault of the program is not what the page shows
        faults.write(traceback.format_exc())
        code = 1
    finally:
        sys.argv, sys.stdin, sys.modules["__main__"] = arguments, stdin, module
    if target:
        Path(target).write_text(said.getvalue(), encoding="utf-8")
        return faults.getvalue(), code
    return said.getvalue() + faults.getvalue(), code


def _redirected(words: list[str], sign: str) -> tuple[list[str], str]:
    if sign not in words:
        return words, ""
    place = words.index(sign)
    return [*words[:place], *words[place + 2 :]], words[place + 1]


def rewritten(page: str, ran: list[Ran]) -> str:
    """The page with what the commands printed; outputs that leave lines out are for a person to mend."""
    for block in reversed(list(blocks(page))):
        own = [each for each in ran if each.block == block]
        if own and not all(each.is_true for each in own):
            page = page[: block.start] + "".join(map(_written, own)) + page[block.end :]
    return page


def _written(each: Ran) -> str:
    shown = each.step.shown
    output = shown if each.is_true or not shown else _left_out(shown.splitlines(), _trimmed(each.printed))
    return f"{each.step.written}\n" + (f"{output}\n" if output else "")


def _left_out(shown: list[str], printed: str) -> str:
    """What was printed, without what the page leaves out between the lines around a ``…``."""
    if "…" not in shown:
        return printed
    place, lines = shown.index("…"), printed.splitlines()
    before, after = shown[place - 1], shown[place + 1 :]
    if place == 0 or before not in lines or (after and after[0] not in lines):
        return "\n".join(shown)
    kept = lines[: lines.index(before) + 1]
    rest = _left_out(after, "\n".join(lines[lines.index(after[0]) :])) if after else ""
    return "\n".join([*kept, "…", *([rest] if rest else [])])


def _trimmed(printed: str) -> str:
    return "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())


def main() -> int:
    """Check or mend every page; 1 where an output was not true."""
    wanted = [Path(name).resolve() for name in sys.argv[1:] if not name.startswith("--")] or pages()
    server = {name: os.environ[name] for name in ("DATABASE_URL",) if name in os.environ}
    faults = 0
    for page in wanted:
        if needs_server(page) and not server:
            continue
        ran = run_page(page, server if needs_server(page) else {})
        false = [each for each in ran if not each.is_true]
        faults += len(false)
        for each in false:
            print(f"{page.relative_to(ROOT)}: $ {each.step.command}\n{each.printed}")
        if "--write" in sys.argv and false:
            page.write_text(rewritten(page.read_text(encoding="utf-8"), ran), encoding="utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
