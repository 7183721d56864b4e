"""Writes the JSON Schemas of all problems and answers to ``docs/schemas``, made from the types."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "schemas"


def files() -> dict[str, str]:
    """File names with their text, such as ``margin.problem.json``."""
    from tallyproof.services.solving import schemas

    return {
        f"{name}.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas().items()
    }


def main() -> None:
    """Write the files and remove those of kinds that are gone."""
    made = files()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.json"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
