"""Makes a screenshot small: the same picture with at most 256 colours, as a PNG with a palette."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST = 256
CHANNELS = {2: 3, 6: 4}
"""Bytes for each pixel by PNG colour type: true colour without and with alpha."""

Colour = bytes
"""Red, green, blue."""


def reduced(picture: bytes, most: int = MOST) -> bytes:
    """The picture with its most frequent colours; every other one becomes the nearest of them.

    Takes an 8-bit true-colour PNG that is not interlaced, as browsers write them; else raises ValueError.
    """
    width, height, rows = _pixels(picture)
    counted = Counter(pixel for row in rows for pixel in row)
    palette = [colour for colour, _ in counted.most_common(most)]
    place = {colour: number for number, colour in enumerate(palette)}
    for colour in counted:
        if colour not in place:
            place[colour] = min(range(len(palette)), key=lambda number: _distance(palette[number], colour))
    lines = b"".join(b"\0" + bytes(place[pixel] for pixel in row) for row in rows)
    return b"".join((
        SIGNATURE,
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        _chunk(b"PLTE", b"".join(palette)),
        _chunk(b"IDAT", zlib.compress(lines, 9)),
        _chunk(b"IEND", b""),
    ))  # fmt: skip


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(picture):
        (size,) = struct.unpack(">I", picture[at : at + 4])
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        at += 12 + size


def _pixels(picture: bytes) -> tuple[int, int, list[list[Colour]]]:
    parts = list(_chunks(picture)) if picture.startswith(SIGNATURE) else []
    header = struct.unpack(">IIBBBBB", dict(parts).get(b"IHDR", bytes(13)))
    width, height, depth, kind, _, _, interlaced = header
    if depth != 8 or kind not in CHANNELS or interlaced:
        raise ValueError("not an 8-bit true-colour PNG")
    data = zlib.decompress(b"".join(content for name, content in parts if name == b"IDAT"))
    wide = CHANNELS[kind]
    lines = _unfiltered(data, height, width * wide, wide)
    return width, height, [[line[at : at + 3] for at in range(0, len(line), wide)] for line in lines]


def _unfiltered(data: bytes, height: int, length: int, wide: int) -> list[bytes]:
    """Undo the filters of PNG's section 9.2, line by line."""
    lines, before = [], bytes(length)
    for number in range(height):
        start = number * (length + 1)
        before = _line(data[start], bytearray(data[start + 1 : start + 1 + length]), before, wide)
        lines.append(before)
    return lines


def _line(kind: int, line: bytearray, above: bytes, wide: int) -> bytes:
    if kind == 2:
        return bytes((a + b) & 255 for a, b in zip(line, above, strict=True))
    if kind:
        for at in range(len(line)):
            left = line[at - wide] if at >= wide else 0
            corner = above[at - wide] if at >= wide else 0
            line[at] = (line[at] + _guess(kind, left, above[at], corner)) & 255
    return bytes(line)


def _guess(kind: int, left: int, above: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 3:
        return (left + above) // 2
    straight = left + above - corner
    return min((left, above, corner), key=lambda each: abs(straight - each))
