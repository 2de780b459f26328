"""From bytes to text by the rules that Python itself (PEP 263) and the JSON and YAML readers have."""

from __future__ import annotations

import codecs
import io

from trl_lint.model.source import Kind
from trl_lint.model.span import Place
from trl_lint.model.target import Problem

_WIDE = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
# Quadratic, or no encodings of program text although Python registers them as text encodings.
_REFUSED = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"})


def decode(raw: bytes, shown: str, kind: Kind) -> tuple[str, str, bool] | Problem:
    """The text, the name of its encoding, and whether a byte order mark was dropped."""
    wide = next((name for mark, name in _WIDE if raw.startswith(mark)), None)
    if wide is not None:
        return Problem(Place(shown, 1), f"the file is {wide}; what reads it in a run expects UTF-8", "error")
    encoding, bom = "utf-8", raw.startswith(codecs.BOM_UTF8)
    if kind is Kind.PYTHON and b"coding" in _two_lines(raw):
        declared = _declared(raw, shown)
        if isinstance(declared, Problem):
            return declared
        encoding = declared
    body = raw[len(codecs.BOM_UTF8) :] if bom else raw
    try:
        return body.decode(encoding), encoding, bom
    except UnicodeDecodeError as error:
        return _undecodable(body, error, encoding, shown)
    except (UnicodeError, LookupError) as error:
        return Problem(Place(shown, 1), f"the file cannot be decoded as {encoding}: {error}", "error")


def _two_lines(raw: bytes) -> bytes:
    return b"\n".join(raw[:4096].split(b"\n", 2)[:2])


def _declared(raw: bytes, shown: str) -> str | Problem:
    """The encoding that a PEP 263 comment names, normalised."""
    import tokenize

    try:
        name, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        info = codecs.lookup(name)
    except (SyntaxError, LookupError, ValueError) as error:
        return Problem(Place(shown, 1), f"the encoding declaration is refused by Python: {error}", "error")
    if not getattr(info, "_is_text_encoding", True) or info.name.replace("_", "-") in _REFUSED:
        return Problem(Place(shown, 1), f"source code in the encoding {info.name!r} is not read", "error")
    return "utf-8" if name == "utf-8-sig" else name


def _undecodable(body: bytes, error: UnicodeDecodeError, encoding: str, shown: str) -> Problem:
    row = body.count(b"\n", 0, error.start) + 1
    line_start = body.rfind(b"\n", 0, error.start) + 1
    column = len(body[line_start : error.start].decode(encoding, "replace")) + 1
    byte = body[error.start : error.start + 1].hex()
    return Problem(Place(shown, row, column), f"the byte 0x{byte} is not valid {encoding}: {error.reason}", "error")
