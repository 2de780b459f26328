"""Width and height of pictures from their first bytes."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from trl_lint.datasets.pictures import picture_size, size_in

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 640, 480)
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 10 + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 480, 640) + b"\x03" * 8
)
WEBP = b"RIFF\0\0\0\0WEBP"


@pytest.mark.parametrize(
    "head",
    [
        PNG,
        JPEG,
        b"GIF89a" + struct.pack("<HH", 640, 480),
        b"BM" + b"\0" * 16 + struct.pack("<ii", 640, -480) + b"\0",
        WEBP + b"VP8 " + b"\0" * 10 + struct.pack("<HH", 640, 480),
        WEBP + b"VP8L" + b"\0\0\0\0\x2f" + struct.pack("<I", 639 | 479 << 14),
        WEBP + b"VP8X" + b"\0" * 8 + (639).to_bytes(3, "little") + (479).to_bytes(3, "little"),
    ],
    ids=["png", "jpeg", "gif", "bmp", "webp-lossy", "webp-lossless", "webp-extended"],
)
def test_size(head: bytes) -> None:
    assert size_in(head) == (640, 480)


@pytest.mark.parametrize(
    "head",
    [b"", PNG[:20], JPEG[:24], b"\xff\xd8\xff" + b"\0" * 40, b"GIF89a\0\0\0\0", b"text", WEBP + b"ALPH" + b"\0" * 20],
    ids=["empty", "short png", "short jpeg", "no marker", "no width", "text", "other webp"],
)
def test_no_size(head: bytes) -> None:
    assert size_in(head) is None


def test_jpeg_of_endless_segments_ends() -> None:
    assert size_in(b"\xff\xd8\xff\xe0\x00\x00" + b"\xff\xe0\x00\x00" * 50_000) is None


def test_only_files_are_read(tmp_path: Path) -> None:
    assert picture_size(tmp_path) is None
    assert picture_size(tmp_path / "missing.png") is None
    (tmp_path / "cat.png").write_bytes(PNG)
    assert picture_size(tmp_path / "cat.png") == (640, 480)
