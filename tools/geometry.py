"""Builds src/tallyproof/figures/counties.zip from the Census Bureau's county boundaries of 2016.

Needs `pip install --group geometry`; writes the same bytes every time. docs/decisions/0050-geometry.md.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import shapefile
import shapely
from shapely.geometry import MultiPolygon, Polygon, shape

from albers import ALASKA, HAWAII, LOWER_48, Albers, fitted
from tallyproof.figures.geometry import STATE_FIPS

TARGET = Path(__file__).resolve().parents[1] / "src" / "tallyproof" / "figures" / "counties.zip"
FILE = "cb_2016_us_county_500k.shp"
KINDS = {"06": "County", "15": "Parish", "25": "city", "00": "", "04": "", "": ""}
"""Legal descriptions that we need; the file's other ones are of Alaska and the territories."""
JOINED = {"15005": "15009"}
"""Kalawao's votes are counted with Maui's."""
MIDWAY = -161.0
"""Hawaii is drawn east of this longitude: the islets beyond it would halve the rest."""

STATE_SIDE, STATE_TOLERANCE, STATE_ISLET = 1000, 1.3, 6.0
NATION_WIDTH, NATION_TOLERANCE, NATION_ISLET = 2000, 2.0, 8.0
"""Units of the grid; side of the triangles that may be cut off; area below which an islet is left out."""

Ring = list[tuple[int, int]]
Shapes = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Unit:
    """A county or what counts as one, with its outline."""

    fips: str
    name: str
    kind: str
    outline: Any

    @property
    def state(self) -> str:
        """The state's two digits."""
        return self.fips[:2]


def main(arguments: list[str]) -> int:
    """Build the file from the folder named, or from the package that ships the boundaries."""
    units = read(Path(arguments[0]) if arguments else _shipped())
    members = {"US": nation(units)} | {code: state_map(_of(units, code)) for code in STATE_FIPS}
    TARGET.write_bytes(packed(members))
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {len(units):,} outlines")
    for name, text in sorted(members.items(), key=lambda item: -len(item[1]))[:4]:
        print(f"  {name}: {len(text):,} characters")
    return 0


def _shipped() -> Path:
    spec = find_spec("_plotly_geo")
    if spec is None or spec.origin is None:
        raise SystemExit("The package plotly-geo is not installed: pip install --group geometry")
    return Path(spec.origin).parent / "package_data"


# ---- reading


def read(folder: Path) -> list[Unit]:
    """Every county of the fifty states and D.C. in the order of FIPS; Alaska is one unit."""
    wanted = set(STATE_FIPS.values())
    with shapefile.Reader(str(folder / FILE)) as reader:
        units = [_unit(each) for each in reader.iterShapeRecords() if each.record["STATEFP"] in wanted]
    if not shapely.coverage_is_valid([unit.outline for unit in units]):
        raise SystemExit(f"{FILE}: neighbours do not have the same points on their borders")
    joined = defaultdict(list)
    for unit in units:
        joined["02000" if unit.state == "02" else JOINED.get(unit.fips, unit.fips)].append(unit)
    return [_joined(fips, parts) for fips, parts in sorted(joined.items())]


def _unit(each: Any) -> Unit:
    record, outline = each.record, shape(each.shape.__geo_interface__)
    return Unit(record["GEOID"], record["NAME"], KINDS.get(record["LSAD"], ""), outline)


def _joined(fips: str, parts: list[Unit]) -> Unit:
    if fips == "02000":
        outline = shapely.coverage_union_all([_unwrapped(each.outline) for each in parts])
        return Unit(fips, "Alaska", "", outline)
    head = next(each for each in parts if each.fips == fips)
    outline = shapely.coverage_union_all([each.outline for each in parts]) if parts[1:] else head.outline
    return replace(head, outline=_east(outline) if head.state == "15" else outline)


def _unwrapped(outline: Any) -> Any:
    """The Aleutians west of 180° count on below −180, so that the state stays in one piece."""
    return shapely.transform(outline, lambda points: points - (points[:, :1] > 0) * [360, 0])


def _east(outline: Any) -> Any:
    return MultiPolygon([part for part in _parts(outline) if part.bounds[0] > MIDWAY])


def _of(units: list[Unit], code: str) -> list[Unit]:
    return [each for each in units if each.state == STATE_FIPS[code]]


# ---- laying out, simplifying


def state_map(units: list[Unit]) -> str:
    """One state's map, north up, its longer side STATE_SIDE units."""
    shapes = _projected(units, fitted(*shapely.total_bounds([each.outline for each in units])))
    shapes = _without_islets(shapes, STATE_ISLET / _fitting(shapes) ** 2)
    west, _, _, north = shapely.total_bounds(shapes)
    scale = _fitting(shapes)
    drawn = [_moved(each, scale, -west * scale, north * scale) for each in shapes]
    return written(units, _simplified(drawn, STATE_TOLERANCE * (2 if len(units) == 1 else 1)))


def _fitting(shapes: Shapes) -> float:
    """The scale at which the longer side is STATE_SIDE."""
    west, south, east, north = shapely.total_bounds(shapes)
    return float(STATE_SIDE / max(east - west, north - south))


def nation(units: list[Unit]) -> str:
    """The whole country, Alaska at 35 hundredths of its size and Hawaii below the southwest."""
    rest = [each for each in units if each.state not in {"02", "15"}]
    main_land = _projected(rest, LOWER_48)
    west, south, east, north = shapely.total_bounds(main_land)
    scale = NATION_WIDTH / (east - west)
    height = (north - south) * scale
    drawn = [_moved(each, scale, -west * scale, north * scale) for each in main_land]
    alaska = _inset(_of(units, "AK"), ALASKA, scale * 0.35, (0, height * 1.02))
    hawaii = _inset(_of(units, "HI"), HAWAII, scale, (NATION_WIDTH * 0.27, height * 1.02))
    shapes = _simplified(_without_islets([*drawn, *alaska, *hawaii], NATION_ISLET), NATION_TOLERANCE)
    ordered = sorted(zip([*rest, *_of(units, "AK"), *_of(units, "HI")], shapes, strict=True), key=_by_fips)
    return written([unit for unit, _ in ordered], [each for _, each in ordered])


def _by_fips(pair: tuple[Unit, Any]) -> str:
    return pair[0].fips


def _projected(units: list[Unit], projection: Albers) -> Shapes:
    def project(points: Any) -> Any:
        return [projection.project(longitude, latitude) for longitude, latitude in points]

    return [shapely.transform(each.outline, project) for each in units]


def _inset(units: list[Unit], projection: Albers, scale: float, corner: tuple[float, float]) -> Shapes:
    """Drawn apart, its lower left end at ``corner``."""
    shapes = _projected(units, projection)
    west, south, _, _ = shapely.total_bounds(shapes)
    return [_moved(each, scale, corner[0] - west * scale, corner[1] + south * scale) for each in shapes]


def _moved(outline: Any, scale: float, right: float, down: float) -> Any:
    """On the page: y grows downwards."""
    return shapely.transform(outline, lambda points: points * [scale, -scale] + [right, down])


def _simplified(shapes: Shapes, tolerance: float) -> Shapes:
    """Fewer points, and the same ones on both sides of every border (Visvalingam and Whyatt, 1993)."""
    return list(shapely.orient_polygons(shapely.coverage_simplify(shapes, tolerance)))


def _without_islets(shapes: Shapes, least: float) -> Shapes:
    """Each outline without the small parts that lie apart; the largest part always stays."""
    shared = Counter(point for each in shapes for point in _points(each))
    return [
        MultiPolygon([
            part
            for place, part in enumerate(_parts(each))
            if place == 0 or part.area >= least or any(shared[point] > 1 for point in _points(part))
        ])
        for each in shapes
    ]  # fmt: skip


def _points(outline: Any) -> set[tuple[float, float]]:
    return set(map(tuple, shapely.get_coordinates(outline).tolist()))


def _parts(outline: Any) -> list[Polygon]:
    """Its polygons, largest first."""
    return sorted(getattr(outline, "geoms", [outline]), key=lambda part: -part.area)


# ---- whole numbers and text


def written(units: Sequence[Unit], shapes: Shapes) -> str:
    """Lines of tab-separated text: width, height and inner borders of states; then one line per unit."""
    rings = [_rings(each) for each in shapes]
    right = max(x for each in rings for ring in each for x, _ in ring)
    bottom = max(y for each in rings for ring in each for _, y in ring)
    lines = [_line(unit, each, own) for unit, each, own in zip(units, shapes, rings, strict=True)]
    return "\n".join([f"{right}\t{bottom}\t{_borders(units, rings)}", *lines, ""])


def _line(unit: Unit, outline: Any, rings: list[Ring]) -> str:
    x, y = _middle(_parts(outline)[0])
    across, along = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    box = (min(across), min(along), max(across), max(along))
    return "\t".join(map(str, (unit.fips, unit.name, unit.kind, x, y, *box, "".join(map(_path, rings)))))


def _middle(part: Polygon) -> tuple[int, int]:
    """The centre of the largest circle inside: where a label has most room."""
    circle = shapely.maximum_inscribed_circle(part, tolerance=0.5)
    x, y = circle.coords[0]
    return round(x), round(y)


def _rings(outline: Any) -> list[Ring]:
    """The rings in whole numbers; what shrinks to nothing is left out, but never a whole county."""
    rings = [_whole(ring.coords) for part in _parts(outline) for ring in (part.exterior, *part.interiors)]
    kept = [ring for ring in rings if len(set(ring)) > 2]
    return kept or [_square(*_middle(_parts(outline)[0]))]


def _whole(points: Iterable[Sequence[float]]) -> Ring:
    """Rounded, without repeats, open: the last point is not the first one again."""
    rounded = [(round(x), round(y)) for x, y, *_ in points]
    return [point for point, following in pairwise(rounded) if point != following]


def _square(x: int, y: int) -> Ring:
    return [(x - 1, y - 1), (x + 1, y - 1), (x + 1, y + 1), (x - 1, y + 1)]


def _path(ring: Ring, *, close: str = "z") -> str:
    """SVG path data: where it begins, then steps."""
    (x, y), *_ = ring
    return f"M{x}{_number(y)}l" + _steps(ring) + close


def _steps(ring: Ring) -> str:
    numbers = [number for (a, b), (c, d) in pairwise(ring) for number in (c - a, d - b)]
    return "".join(map(_number, numbers)).lstrip()


def _number(number: int) -> str:
    """A minus sign separates by itself."""
    return f"{number}" if number < 0 else f" {number}"


# ---- borders of states


def _borders(units: Sequence[Unit], rings: list[list[Ring]]) -> str:
    """The lines between two states, as one path; empty for the map of one state."""
    owners: dict[tuple[tuple[int, int], tuple[int, int]], set[str]] = defaultdict(set)
    for unit, own in zip(units, rings, strict=True):
        for ring in own:
            for a, b in pairwise([*ring, ring[0]]):
                owners[min(a, b), max(a, b)].add(unit.state)
    return "".join(
        _path(line, close="") for line in _chained(edge for edge, of in owners.items() if len(of) > 1)
    )


def _chained(edges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> Iterator[Ring]:
    """Edges joined end to end into as few lines as going on wherever possible gives."""
    left: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
    for a, b in edges:
        left[a].add(b)
        left[b].add(a)
    for start in sorted(left, key=lambda point: (len(left[point]) % 2 == 0, point)):
        while left[start]:
            line = [start]
            while left[line[-1]]:
                here, following = line[-1], min(left[line[-1]])
                left[here].discard(following)
                left[following].discard(here)
                line.append(following)
            yield line


def packed(members: dict[str, str]) -> bytes:
    """A zip archive with one text per map and no time of its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(f"{name}.tsv"), text, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
