"""What rules ask of sampled rows. A value that is no list of messages answers nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_IMAGE_PARTS = frozenset({"image", "image_url", "input_image"})


def roles(rows: Sequence[Mapping[str, Any]], column: str) -> set[str]:
    """The roles seen in the messages of `column`."""
    found = (message.get("role") for message in _messages(rows, column))
    return {role for role in found if isinstance(role, str)}


def rows_without_role(rows: Sequence[Mapping[str, Any]], column: str, role: str) -> int:
    """In how many rows no message of `column` has this role."""
    return sum(
        all(message.get("role") != role for message in found)
        for found in (_conversation(row.get(column)) for row in rows)
        if found is not None
    )


def content_as_parts(rows: Sequence[Mapping[str, Any]], column: str) -> bool:
    """Whether some message has a list of parts as its content."""
    return any(isinstance(message.get("content"), list) for message in _messages(rows, column))


def has_image_parts(rows: Sequence[Mapping[str, Any]], column: str) -> bool:
    """Whether some message has an image among the parts of its content."""
    return any(part.get("type") in _IMAGE_PARTS for part in _parts(_messages(rows, column)))


def _conversation(value: object) -> list[Mapping[str, Any]] | None:
    if not isinstance(value, list) or not all(isinstance(message, Mapping) for message in value):
        return None
    return value


def _messages(rows: Sequence[Mapping[str, Any]], column: str) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        yield from _conversation(row.get(column)) or ()


def _parts(messages: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for message in messages:
        content = message.get("content")
        if isinstance(content, list):
            yield from (part for part in content if isinstance(part, Mapping) and isinstance(part.get("type"), str))
