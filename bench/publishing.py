"""How fast the example is published: into a new folder, and again where nothing changed.

Run it alone (``python bench/publishing.py``), or take its lines from ``measure``.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

AIM = 5.0
"""Seconds that publishing the example may take."""


def measure() -> Iterator[str]:
    """One line for each publication: files, bytes, seconds."""
    from tallyproof.bootstrap import open_workspace
    from tallyproof.services import access, caching, example, publishing
    from tallyproof.web.static import site

    with TemporaryDirectory(prefix="tallyproof-bench-") as folder:
        workspace = open_workspace(Path(folder) / "home")
        example.build(workspace, access.terminal())
        for title in ("publish the example", "publish it again"):
            caching.forget()
            start, spent = time.perf_counter(), time.process_time()
            done = publishing.publish(workspace, access.terminal(), example.CASE, Path(folder) / "site", site)
            took, worked = time.perf_counter() - start, time.process_time() - spent
            yield (
                f"{title:24} {done.files:6,} files {done.size / 1e6:6.1f} MB {took:7.2f} s "
                f"({worked:.2f} s of work)  under {AIM:g} s"
            )


if __name__ == "__main__":
    for text in measure():
        print(text, flush=True)
