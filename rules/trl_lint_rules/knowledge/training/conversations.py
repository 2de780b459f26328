"""Rows as conversations: which messages a template renders, and where the assistant's turns end in the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from trl_lint.api import Release, Rendered, dataclass

NONE_REMOVED_SINCE: Final = Release(0, 19)  # keys whose value is None are taken out of the rows
NONE_REMOVED_UNTIL: Final = Release(1, 0)

Message = Mapping[str, Any]
_KEYS = ("prompt", "completion", "messages")


def is_conversation(value: object) -> bool:
    """What `is_conversational` (trl/data_utils.py) asks of a column's value."""
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, Mapping) and "role" in first and "content" in first


def conversational(row: Mapping[str, Any]) -> bool | None:
    """`is_conversational` of a row: it looks at one of the columns, whichever a set yields first. None: they differ."""
    answers = {is_conversation(row[key]) for key in _KEYS if key in row}
    if not answers:
        return False
    return answers.pop() if len(answers) == 1 else None


def needs_template(row: Mapping[str, Any], strings_too: bool) -> bool:
    """Whether a row is rendered by a chat template; with `strings_too` plain prompts and completions are turns."""
    if strings_too and isinstance(row.get("prompt"), str) and isinstance(row.get("completion"), str):
        return True
    return any(is_conversation(row.get(key)) for key in _KEYS) or "conversations" in row


def size(value: object) -> int:
    """About how many characters a row holds."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(map(size, value.values()))
    return sum(map(size, value)) if isinstance(value, list) else 4


def from_sharegpt(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """`maybe_convert_to_chatml`: keys are renamed, roles are not."""
    found = row.get("conversations")
    if not isinstance(found, list):
        return row
    renamed = {"from": "role", "value": "content"}
    messages = [
        {renamed.get(key, key): value for key, value in each.items()} if isinstance(each, Mapping) else each
        for each in found
    ]
    return {**{key: value for key, value in row.items() if key != "conversations"}, "messages": messages}


def as_parts(messages: Sequence[Message]) -> list[Message]:
    """`prepare_multimodal_messages` without images: a text becomes a list with one part."""
    return [
        {**each, "content": [{"type": "text", "text": each["content"]}]}
        if isinstance(each, Mapping) and isinstance(each.get("content"), str)
        else each
        for each in messages
    ]


def without_none(value: Any) -> Any:
    """`remove_none_values`: keys whose value is None are taken out of nested dicts."""
    if isinstance(value, Mapping):
        return {key: without_none(each) for key, each in value.items() if each is not None}
    return [without_none(each) for each in value] if isinstance(value, list) else value


def variables(row: Mapping[str, Any], tools_as_json: bool) -> dict[str, Any]:
    """What a row says to the template besides its messages."""
    tools = row.get("tools")
    if isinstance(tools, str) and tools_as_json:
        try:
            tools = json.loads(tools)
        except (ValueError, RecursionError):
            tools = None
    further = row.get("chat_template_kwargs")
    return {"tools": tools, **(further if isinstance(further, Mapping) else {})}


@dataclass(frozen=True)
class Turn:
    """A turn of the assistant in a rendered text: where its words begin, and the offsets of the token that ends it
    (both at the end of its words where there is none)."""

    start: int
    end: int
    end_stop: int


def turns(
    rendered: Rendered, messages: Sequence[Message], since: int, tokens: frozenset[str], eos: str | None
) -> Iterator[Turn]:
    """The turns of the assistant among `messages[since:]`.

    A token that stands before the first message opens turns; it ends none, unless it is the EOS token.
    """
    text = rendered.text or ""
    places = list(_places(text, messages))
    pattern = re.compile("|".join(re.escape(token) for token in sorted(tokens, key=len, reverse=True)) or r"(?!)")
    openers = set(pattern.findall(text[: places[0][1]])) - {eos} if places else set()
    for number, (place, start, stop) in enumerate(places):
        if place < since or messages[place].get("role") != "assistant":
            continue
        following = places[number + 1][1] if number + 1 < len(places) else len(text)
        found = pattern.search(text, stop, following)
        ends = found is not None and found[0] not in openers
        yield Turn(start, *found.span()) if found is not None and ends else Turn(start, stop, stop)


def _places(text: str, messages: Sequence[Message]) -> Iterator[tuple[int, int, int]]:
    """Each message whose words are found in the text, in order: its number, and where the words begin and end."""
    reached = 0
    for number, message in enumerate(messages):
        words = _words(message)
        for candidate in (words, words.rpartition("</think>")[2].strip()):
            start = text.find(candidate, reached) if candidate else -1
            if start >= 0:
                reached = start + len(candidate)
                yield number, start, reached
                break


def _words(message: Message) -> str:
    content = message.get("content") if isinstance(message, Mapping) else None
    if isinstance(content, list):
        content = "".join(
            part["text"] for part in content if isinstance(part, Mapping) and isinstance(part.get("text"), str)
        )
    return content.strip() if isinstance(content, str) else ""
