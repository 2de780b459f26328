"""Texts cut into units: the tokens of a `tokenizer.json`, or where there is none, the characters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

from trl_lint.api import Unit, dataclass, disk

_MOST_KEPT = 512  # texts: a run is judged in many releases, and most change none
_MOST_BYTES = 40 << 20  # of a tokenizer.json


@dataclass(frozen=True)
class Units:
    """A text in units. `places` are the offsets of each unit in the text; `pieces` together are the text."""

    text: str
    pieces: tuple[str, ...]
    ids: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    def between(self, start: int, stop: int) -> range:
        """The units from that of the character at `start` to that of the character before `stop`.

        As transformers makes its assistant masks: without a unit at `start` there are none; without one at the end,
        all up to the last.
        """
        first, last = self.at(start), self.at(max(start, stop - 1))
        if first is None:
            return range(0)
        return range(first, len(self.ids) if not last else last + 1)

    def at(self, character: int) -> int | None:
        """The unit that holds the character at this offset."""
        low, high = 0, len(self.places)
        while low < high:
            middle = (low + high) // 2
            if self.places[middle][1] <= character:
                low = middle + 1
            else:
                high = middle
        found = low < len(self.places) and self.places[low][0] <= character < self.places[low][1]
        return low if found else None


class Cutter(Protocol):
    """What cuts texts."""

    unit: Unit

    def cut(self, text: str, special: bool) -> Units:
        """`text` in units; with `special` also the tokens that the tokenizer adds by itself (BOS ...)."""

    def show(self, ids: Sequence[int]) -> tuple[str, ...]:
        """The text of each of these ids."""

    def id_of(self, token: str) -> int | None:
        """The id of a token, where there is one."""

    @property
    def special(self) -> frozenset[str]:
        """The special tokens that are known."""


class Characters:
    """Cuts a text into its characters."""

    unit: Unit = "character"
    special: frozenset[str] = frozenset()

    def cut(self, text: str, special: bool) -> Units:  # noqa: ARG002
        """One unit for each character."""
        return Units(text, tuple(text), tuple(map(ord, text)), tuple((i, i + 1) for i in range(len(text))))

    def show(self, ids: Sequence[int]) -> tuple[str, ...]:
        """Ids mean nothing without a tokenizer: each is shown as a number."""
        return tuple(f"\u27e8{number}\u27e9" for number in ids)

    def id_of(self, token: str) -> int | None:  # noqa: ARG002
        """No token has an id."""
        return None


class Tokens:
    """Cuts with a tokenizer of the `tokenizers` library."""

    unit: Unit = "token"

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._kept: dict[tuple[str, bool], Units] = {}
        added = tokenizer.get_added_tokens_decoder()
        self.special = frozenset(token.content for token in added.values() if token.special)

    def cut(self, text: str, special: bool) -> Units:
        """The tokens, as the model's own tokenizer cuts them."""
        kept = self._kept.get((text, special))
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            kept = self._kept[text, special] = self._cut(text, special)
        return kept

    def _cut(self, text: str, special: bool) -> Units:
        found = self._tokenizer.encode(text, add_special_tokens=special)
        pieces: list[str] = []
        reached = 0
        for id_, (start, stop) in zip(found.ids, found.offsets, strict=True):
            if start == stop and stop <= reached and not pieces:  # a token that the tokenizer adds in front
                pieces.append(self._tokenizer.id_to_token(id_) or "")
                continue
            end = max(stop, reached)
            pieces.append(text[reached:end])
            reached = end
        for place in range(len(found.ids) - 1, -1, -1):  # and those that it adds behind
            if pieces[place] or found.offsets[place] != (0, 0):
                break
            pieces[place] = self._tokenizer.id_to_token(found.ids[place]) or ""
        return Units(text, tuple(pieces), tuple(found.ids), _ascending(found.offsets))

    def show(self, ids: Sequence[int]) -> tuple[str, ...]:
        """Each id with the characters that it completes: a character may be spread over several tokens."""
        pieces: list[str] = []
        pending: list[int] = []
        for number in ids:
            pending.append(number)
            text = self._tokenizer.decode(pending, skip_special_tokens=False)
            whole = not text.endswith("\ufffd") or len(pending) > 8
            pieces.append(text if whole else "")
            if whole:
                pending = []
        if pending and pieces:
            pieces[-1] = self._tokenizer.decode(pending, skip_special_tokens=False)
        return tuple(pieces)

    def id_of(self, token: str) -> int | None:
        """The id of a token of the vocabulary."""
        found: int | None = self._tokenizer.token_to_id(token)
        return found


def _ascending(offsets: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The offsets, with those of tokens that stand for no text moved to where they are."""
    found: list[tuple[int, int]] = []
    reached = 0
    for start, stop in offsets:
        if stop < reached or start == stop:
            start = stop = reached
        found.append((start, stop))
        reached = max(reached, stop)
    return tuple(found)


@lru_cache(maxsize=4)
def cutter(path: str | None) -> Cutter:
    """What cuts texts for the tokenizer of this file: by characters where there is none or it cannot be read."""
    if path is None or not disk.is_file(path) or disk.size(path) > _MOST_BYTES:
        return Characters()
    from tokenizers import Tokenizer

    disk.touch(path)
    try:
        tokenizer = Tokenizer.from_file(path)
    except Exception:  # the library raises bare Exception for a file that it does not understand
        return Characters()
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Tokens(tokenizer)
