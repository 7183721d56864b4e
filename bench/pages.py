"""How long a page takes and weighs: a contest of 3,000 counties, and a state of 3,636 reporting units.

Run it alone (``python bench/pages.py``), or take its lines from ``measure``. The first request after a change
of the case reads its tables; the aim is for every one after it.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
AIM_MS, AIM_MB, RUNS = 150.0, 1.5, 7


def measure() -> Iterator[str]:
    """One line for each page: its size, the first answer, and the median of later ones."""
    sys.path[:0] = [str(ROOT / "tools"), str(ROOT)]
    from tests.web.visitor import Visitor

    import huge_case
    from tallyproof import web
    from tallyproof.bootstrap import open_workspace

    with TemporaryDirectory(prefix="tallyproof-bench-") as folder:
        place = Path(folder)
        home = open_workspace(place / "home")
        texas = f"/{huge_case.WIDE}/contests/{huge_case.WIDE_CONTEST}/"
        _wide, huge = huge_case.build_wide(home, place), huge_case.build(home, place)
        visitor = Visitor(web.application(home))
        for title, path in (
            ("page: contest of 3,000 counties", texas),
            ("page: its counties by lead", f"{texas}?counties=-lead&sort=-lead"),
            ("page: contest of 3,636 units", f"/{huge}/contests/{huge_case.CONTEST}/"),
            ("page: its checks", f"/{huge}/checks/"),
            ("page: its places", f"/{huge}/units/"),
        ):
            yield _line(visitor, title, path)


def _line(visitor: object, title: str, path: str) -> str:
    first, _work, size = _asked(visitor, path)
    later = [_asked(visitor, path) for _ in range(RUNS)]
    took, work = (statistics.median(each[place] for each in later) for place in (0, 1))
    return (
        f"{title:46} {size / 1e6:6.2f} MB   first {first:6.0f} ms   then {took:6.1f} ms "
        f"({work:.1f} of work)   under {AIM_MS:g} ms and {AIM_MB:g} MB"
    )


def _asked(visitor: object, path: str) -> tuple[float, float, int]:
    """Milliseconds on the clock, milliseconds of this process's work, and bytes."""
    start, spent = time.perf_counter(), time.process_time()
    answer = visitor.get(path)  # type: ignore[attr-defined]
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    took, work = time.perf_counter() - start, time.process_time() - spent
    return 1_000 * took, 1_000 * work, len(answer.body)


if __name__ == "__main__":
    for text in measure():
        print(text, flush=True)
