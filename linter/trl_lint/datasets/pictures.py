"""The width and height of a local picture, from the first bytes of its file. Nothing is decoded."""

from __future__ import annotations

import struct
from pathlib import Path

from trl_lint import disk

_HEAD = 256 * 1024  # bytes read; what cameras put before the frame header of a JPEG file fits into it
_MOST_PIXELS = 1 << 20  # on one side: more is no picture
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def picture_size(path: Path) -> tuple[int, int] | None:
    """Width and height of a PNG, JPEG, GIF, WebP or BMP file; None where they cannot be told. Never raises."""
    try:
        head = disk.head(path, _HEAD)
    except (OSError, ValueError):
        return None
    return size_in(head)


def size_in(head: bytes) -> tuple[int, int] | None:
    """As `picture_size`, for the first bytes of a picture."""
    try:
        size = _size(head)
    except (struct.error, IndexError):
        return None
    if size is None or not all(0 < side <= _MOST_PIXELS for side in size):
        return None
    return size


def _size(head: bytes) -> tuple[int, int] | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        width, height = struct.unpack(">II", head[16:24])
        return width, height
    if head[:6] in (b"GIF87a", b"GIF89a"):
        width, height = struct.unpack("<HH", head[6:10])
        return width, height
    if head[:2] == b"BM" and len(head) > 26:
        width, height = struct.unpack("<ii", head[18:26])
        return width, abs(height)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head)
    if head[:3] == b"\xff\xd8\xff":
        return _jpeg(head)
    return None


def _webp(head: bytes) -> tuple[int, int] | None:
    """The three kinds of WebP: lossy, lossless, extended."""
    kind = head[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", head[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    return None


def _jpeg(head: bytes) -> tuple[int, int] | None:
    """From segment to segment up to the first frame header."""
    position = 2
    while position + 9 < len(head):
        if head[position] != 0xFF:
            return None
        marker = head[position + 1]
        if marker == 0xFF:  # a fill byte
            position += 1
            continue
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", head[position + 5 : position + 9])
            return width, height
        (length,) = struct.unpack(">H", head[position + 2 : position + 4])
        position += 2 + max(length, 2)
    return None
