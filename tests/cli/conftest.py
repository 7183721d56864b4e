"""The program, run in this process or as a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tallyproof.cli.main import main


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cases, and nothing else of this machine's settings."""
    for name in ("DATABASE_URL", "TALLYPROOF_FILES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TALLYPROOF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the program in this process."""

    def run(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["tallyproof", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def program(home: Path) -> str:
    """The installed program, beside the Python that runs the tests."""
    found = shutil.which("tallyproof", path=os.pathsep.join([str(Path(sys.executable).parent), os.defpath]))
    assert found, "tallyproof is not installed: pip install --editable ."
    return found


def start(*words: object, **more: object) -> "subprocess.Popen[str]":
    """The process of a command, its output piped."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(list(map(str, words)), text=True, encoding="utf-8", **{**pipes, **more})  # type: ignore[call-overload, no-any-return]
