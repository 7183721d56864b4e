"""The lock files: every package pinned by hash, no address named, every dependency of ours inside."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

TOP = Path(__file__).resolve().parents[1]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
PIN = re.compile(r"([a-z0-9-]+)==(\S+)(?: ; .+)? \\")


def pins(lock: str) -> dict[str, str]:
    """The version of each package that a lock names."""
    return dict(PIN.findall((TOP / lock).read_text()))


def project() -> dict[str, list[str]]:
    """Our dependencies by the lock that must hold them."""
    read = tomllib.loads((TOP / "pyproject.toml").read_text())
    runtime = read["project"]["dependencies"] + read["build-system"]["requires"]
    extras = [need for extra in read["project"]["optional-dependencies"].values() for need in extra]
    dev = [need for need in read["dependency-groups"]["dev"] if isinstance(need, str)]
    return {"requirements.lock": runtime, "requirements-dev.lock": runtime + extras + dev}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_and_hashes_only(lock: str) -> None:
    """Each line is a pinned package or one of its hashes; no address, option or local path."""
    text = (TOP / lock).read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all(PIN.match(entry) and " --hash=sha256:" in entry for entry in entries)
    assert not re.search(r"https?:|file:|@|--(?!hash=)", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_satisfies_every_dependency(lock: str) -> None:
    """What pyproject.toml asks for is pinned within its bounds; `make lock` after a change."""
    pinned = pins(lock)
    needs = [Requirement(text) for text in project()[lock]]
    wrong = [str(need) for need in needs if not need.specifier.contains(pinned.get(need.name.lower(), "0"))]
    assert wrong == []


def test_both_locks_agree() -> None:
    """A package used at run time has the same version under test."""
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()
