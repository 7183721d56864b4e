"""Files a frame is made from, without a case: manifests and cast vote records."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tallyproof.election.ballot_manifest import Manifest
from tallyproof.election.card_part import CaseCards
from tallyproof.errors import RequestError
from tallyproof.formats.cards.importer import AskedCards
from tallyproof.services.card_parts import parts_from_files
from tallyproof.services.cards import read_manifest


def split_name(text: str) -> tuple[str, Path]:
    """Jurisdiction and file from ``Adams=manifest.csv``; without a name, or where all is a file, none."""
    name, sign, rest = text.partition("=")
    if not sign or Path(text).exists():
        return "", Path(text)
    return name.strip(), Path(rest)


def cards_of_files(
    manifests: Sequence[str], cards: Sequence[str], asked: AskedCards | None = None, encoding: str = ""
) -> CaseCards:
    """Manifests and cast vote records from files, each named as in ``split_name``.

    Cards that nobody named are those of the only manifest. Raises RequestError where two manifests are of
    one jurisdiction.
    """
    found: dict[str, Manifest] = {}
    for text in manifests:
        given, path = split_name(text)
        for name, manifest in _by_jurisdiction(read_manifest(path, encoding), given):
            if name in found:
                where = f"'{name}'" if name else "no jurisdiction by name"
                raise RequestError(
                    f"{path.name} and {found[name].file} are both manifests of {where}. Name the "
                    f"jurisdiction of each, such as --manifest Adams={path.name}."
                )
            found[name] = manifest
    by_name: dict[str, list[Path]] = {}
    for text in cards:
        name, path = split_name(text)
        by_name.setdefault(name, []).append(path)
    parts = [part for name, paths in by_name.items()
             for part in parts_from_files(paths, name, asked, encoding=encoding)]  # fmt: skip
    at_home = (replace(part, jurisdiction=home_of(part.jurisdiction, found)) for part in parts)
    return CaseCards(tuple(at_home), found)


def home_of(name: str, manifests: Collection[str]) -> str:
    """The jurisdiction of cards given under this name: where nobody named one, that of the only manifest."""
    return next(iter(manifests)) if not name and len(manifests) == 1 else name


def _by_jurisdiction(manifest: Manifest, given: str) -> Iterator[tuple[str, Manifest]]:
    """The manifest of each jurisdiction in a file; a name that was given is that of the only one.

    A name written in capitals in some rows and small in others is one, as it is written first.
    """
    names: dict[str, str] = {}
    for batch in manifest.batches:
        names.setdefault(_plain(batch.jurisdiction), batch.jurisdiction)
    if len(names) < 2:
        yield given or next(iter(names.values()), ""), manifest
        return
    if given:
        shown = ", ".join(sorted(names.values())[:5])
        raise RequestError(f"{manifest.file} is the manifest of {len(names)} jurisdictions ({shown}), not of "
                           f"{given} alone. Give it without a name.")  # fmt: skip
    for plain, name in names.items():
        own = tuple(batch for batch in manifest.batches if _plain(batch.jurisdiction) == plain)
        yield name, replace(manifest, batches=own)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
