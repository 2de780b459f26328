"""Reading a small metadata file without trusting it: size, kind, encoding, syntax and depth are all bounded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from trl_lint import disk

MAX_METADATA = 5_000_000  # bytes
MAX_INDEX = 20_000_000  # bytes, for model.safetensors.index.json
MAX_TEMPLATE = 1_000_000  # bytes
_MAX_DIGITS = 4_000


class UnreadableError(Exception):
    """Why a file's content is not known; the message is a phrase that follows the file's name."""


def is_dir(path: Path) -> bool:
    """Whether `path` is a folder that can be seen; never raises, whatever the path holds."""
    return disk.is_dir(path)


def read_bytes(path: Path, limit: int) -> bytes:
    """The content of the regular file `path`. Raises `UnreadableError`, also for more than `limit` bytes."""
    try:
        content = disk.head(path, limit + 1)
    except disk.IrregularFileError as error:
        raise UnreadableError(f"is {error}") from None
    except (OSError, ValueError) as error:
        raise UnreadableError(f"cannot be read: {_reason(error)}") from None
    if len(content) > limit:
        raise UnreadableError(f"is larger than {limit // 1_000_000} MB and was not read")
    return content


def decode(content: bytes) -> str:
    """UTF-8 text with universal newlines, as Python's text mode gives it. Raises `UnreadableError`."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"is not UTF-8 (byte {error.start})") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_json(content: bytes) -> Any:
    """The JSON value. Raises `UnreadableError` for anything that is none, or nested too deeply."""
    text = decode(content)
    try:
        return json.loads(text, parse_int=_bounded_int)
    except json.JSONDecodeError as error:
        raise UnreadableError(f"is not valid JSON (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise UnreadableError("is nested too deeply") from None
    except ValueError:
        raise UnreadableError("is not valid JSON") from None


def _bounded_int(digits: str) -> int | float:
    # int() is quadratic before Python 3.10.7 and raises after it.
    return int(digits) if len(digits) <= _MAX_DIGITS else float("inf")


def _reason(error: OSError | ValueError) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else str(error)
