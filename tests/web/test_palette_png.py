"""Pictures made small show what they showed."""

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palette_png import SIGNATURE, _chunk, _chunks, reduced

pixels = st.tuples(*[st.integers(0, 255)] * 3)


@st.composite
def pictures(draw: st.DrawFn) -> tuple[int, list[list[tuple[int, int, int]]], list[int]]:
    """A width, rows of pixels, and the filter of each row."""
    width = draw(st.integers(1, 6))
    rows = draw(st.lists(st.lists(pixels, min_size=width, max_size=width), min_size=1, max_size=6))
    return width, rows, draw(st.lists(st.integers(0, 4), min_size=len(rows), max_size=len(rows)))


def written(width: int, rows: list[list[tuple[int, int, int]]], filters: list[int]) -> bytes:
    """The picture as a browser would write it, each row through the filter of that number."""
    above, data = bytes(3 * width), b""
    for row, kind in zip(rows, filters, strict=True):
        line = bytes(part for pixel in row for part in pixel)
        data += bytes([kind]) + bytes(
            (line[at] - guess(kind, line[at - 3] if at > 2 else 0, above[at], above[at - 3] if at > 2 else 0))
            % 256
            for at in range(len(line))
        )
        above = line
    header = struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(data)) + _chunk(b"IEND", b"")


def guess(kind: int, left: int, up: int, corner: int) -> int:
    """What PNG's filters subtract (section 9.2): nothing, left, up, their mean, or Paeth's choice."""
    p = left + up - corner
    nearness = (abs(p - left), abs(p - up), abs(p - corner))
    paeth = (left, up, corner)[nearness.index(min(nearness))]
    return (0, left, up, (left + up) // 2, paeth)[kind]


def shown(picture: bytes) -> list[list[tuple[int, ...]]]:
    """The pixels of a picture with a palette and no filters."""
    parts = dict(_chunks(picture))
    width, height = struct.unpack(">II", parts[b"IHDR"][:8])
    palette, data = parts[b"PLTE"], zlib.decompress(parts[b"IDAT"])
    lines = [data[row * (width + 1) + 1 : (row + 1) * (width + 1)] for row in range(height)]
    return [[tuple(palette[3 * place : 3 * place + 3]) for place in line] for line in lines]


@settings(deadline=None)  # a busy machine proves nothing about pictures
@given(pictures())
def test_a_picture_of_few_colours_stays_as_it_is(
    picture: tuple[int, list[list[tuple[int, int, int]]], list[int]],
) -> None:
    """Every pixel, through every filter."""
    assert shown(reduced(written(*picture))) == picture[1]


def test_a_colour_beyond_the_palette_becomes_the_nearest_in_it() -> None:
    """Nearly white becomes white where only black and white are kept."""
    black, white, nearly = (0, 0, 0), (255, 255, 255), (250, 250, 250)
    picture = written(5, [[black, black, white, white, nearly]], [0])
    assert shown(reduced(picture, most=2)) == [[black, black, white, white, white]]


@pytest.mark.parametrize(
    "picture", [b"", b"GIF89a", SIGNATURE + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 0))]
)
def test_other_pictures_are_refused(picture: bytes) -> None:
    """No picture at all, another format, another depth."""
    with pytest.raises(ValueError, match="not an 8-bit true-colour PNG"):
        reduced(picture)
