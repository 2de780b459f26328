"""Changed copies of a text: bits, bytes, words and lines of it, of other seeds, and what parsers trip over."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

LARGEST = 20_000  # bytes

_LEXEMES = tuple(
    map(re.compile, (rb"[A-Za-z_]\w*", rb"\d+(?:\.\d+)?", rb"\"[^\"\n]*\"|'[^'\n]*'", rb"[=!<>]=|[-+*/%|&]"))
)
_WORD = re.compile(rb"\w+|[^\w\s]|\s+")
_ODD = (
    b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\r\n", b"\x0c", b"\x1b[31m", "\u2028".encode(),
    "\u202e".encode(), "\U0001f600".encode(), b"\xed\xa0\x80", b"\\", b"'", b'"', b'"""', b"#",
    b"{{", b"}}", b"{%", b"%}",
    b"{% generation %}", b"{% for x in range(10**9) %}", b"{#", b"[" * 300, b"(" * 120, b"{" * 300,
    b"-" * 99, b"not " * 99,
    b"&a *a", b"<<: *a", b"!!python/object/apply:os.system", b"? ", b": ", b"|", b">", b"- ",
    b"%YAML 1.2\n---\n", b"...",
    b"1e999", b"-0", b"9" * 400, b"0x", b"1_0", b"nan", b".inf", b"True", b"null", b"None", b"~",
    b"lambda: ", b"*", b"**",
    b":=", b"async ", b"await ", b"yield ", b"match x:\n case ", b"f'{", b"global x\n", b"\t", b"    ", b"\n    ",
    b"%%bash\n", b"!pip install trl\n", b"%cd ", b"$(", b"`", b"<<EOF\n", b"${", b"&&", b"# trl-lint: ignore[", b"]",
    b"-r requirements.txt\n", b"-e .\n", b"trl==", b"trl @ git+https://x", b">=", b"===", b"; python_version",
)  # fmt: skip


def mutate(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of the `seeds`, changed in one to six ways."""
    raw = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        raw = chance.choice(_WAYS)(chance, raw, seeds)[:LARGEST]
    return raw


def _flip(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    if not raw:
        return raw
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ (1 << chance.randrange(8))]) + raw[at + 1 :]


def _cut(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    start, end = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
    return raw[:start] + raw[end:] if chance.random() < 0.7 else raw[:start]


def _odd(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + chance.choice(_ODD) * chance.choice((1, 1, 1, 2, 40)) + raw[at:]


def _repeat(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    start, end = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
    return raw[:end] + raw[start:end] * chance.choice((1, 2, 8, 64)) + raw[end:]


def _words(chance: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    words, others = _WORD.findall(raw), _WORD.findall(chance.choice(seeds))
    if not words or not others:
        return raw
    at = chance.randrange(len(words))
    start = chance.randrange(len(others))
    words[at : at + chance.choice((0, 1, 1, 3))] = others[start : start + chance.choice((1, 1, 4, 12))]
    return b"".join(words)


def _alike(chance: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    """A name for another name, a number for a number: most of the results still parse."""
    pattern = chance.choice(_LEXEMES)
    places = list(pattern.finditer(raw))
    others: list[bytes] = pattern.findall(chance.choice(seeds))
    if not places or not others:
        return raw
    place = chance.choice(places)
    return raw[: place.start()] + chance.choice(others) + raw[place.end() :]


def _lines(chance: random.Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    lines, others = raw.splitlines(keepends=True), chance.choice(seeds).splitlines(keepends=True)
    for _ in range(chance.choice((1, 2))):
        lines.insert(chance.randrange(len(lines) + 1), chance.choice(others or [b"\n"]))
    if chance.random() < 0.3:
        chance.shuffle(lines)
    return b"".join(lines)


def _indent(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    lines = raw.splitlines(keepends=True)
    if lines:
        at = chance.randrange(len(lines))
        lines[at] = chance.choice((b" ", b"    ", b"\t")) + lines[at] if chance.random() < 0.6 else lines[at].lstrip()
    return b"".join(lines)


_WAYS: tuple[Callable[[random.Random, bytes, Sequence[bytes]], bytes], ...] = (
    _flip, _cut, _odd, _odd, _repeat, _words, _words, _lines, _indent, *[_alike] * 10,
)  # fmt: skip
