"""The rows that cases train on. Every user turn holds the word `question`, every assistant turn the word `answer`,
so that what is trained can be told from the text."""

from __future__ import annotations

import copy
import json
from typing import Any, Final

ASKED, REPLIED = "question", "answer"
FIRST = "First question"  # in every row of words, once
TOLD = "tide: high"  # by a tool
ROWS = 4
_MANY = 12  # prompts: a batch of generations must find enough of them

_PLACES = ("the harbour", "the lighthouse", "the old pier", "the sandbank")


def _turns(number: int) -> list[dict[str, Any]]:
    place = _PLACES[number % len(_PLACES)]
    return [
        {"role": "user", "content": f"First question: who looks after {place}?"},
        {"role": "assistant", "content": f"My answer: the keeper of {place}."},
        {"role": "user", "content": "Second question: since when?"},
        {"role": "assistant", "content": "My answer: for " + "many " * (number + 1) + "years."},
    ]


def _parts(turns: list[dict[str, Any]], pictures: int = 0) -> list[dict[str, Any]]:
    made = []
    for index, turn in enumerate(turns):
        parts: list[dict[str, Any]] = [{"type": "text", "text": turn["content"]}]
        if index == 0:
            parts = [{"type": "image", "text": None}] * pictures + parts
        made.append({"role": turn["role"], "content": parts})
    return made


def _row(kind: str, number: int) -> dict[str, Any]:
    turns = _turns(number)
    asked, replied = turns[0]["content"], turns[1]["content"]
    tool = {
        "type": "function",
        "function": {"name": "tide", "description": "the tide", "parameters": {"type": "object", "properties": {}}},
    }
    ids = list(range(20, 34 + number)), list(range(40, 52))
    mask = [0] * len(ids[0]) + [1] * len(ids[1])
    rows: dict[str, dict[str, Any]] = {
        "chat": {"messages": turns},
        "chat-short": {"messages": turns[:2]},
        "chat-system": {"messages": [{"role": "system", "content": "The sea is near."}, *turns]},
        "chat-asked": {"messages": turns[:1]},
        "chat-one_unanswered": {"messages": turns if number != 1 else turns[:1]},
        "chat-tool_turn": {"messages": [*turns[:3], {"role": "tool", "content": TOLD}, turns[3]]},
        "chat-tools": {"messages": turns, "tools": [tool]},
        "chat-parts": {"messages": _parts(turns)},
        "chat-text": {"messages": turns, "text": f"Line {number} of the log."},
        "chat-no_pictures": {"messages": turns, "images": None},
        "chat-long": {"messages": [*turns, {"role": "user", "content": "Third question: " + "why " * 60}, turns[3]]},
        "conversations": {"conversations": turns},
        "sharegpt": {
            "conversations": [
                {"from": {"user": "human", "assistant": "gpt"}[t["role"]], "value": t["content"]} for t in turns
            ]
        },
        "dialogue": {"dialogue": turns},
        "chatpairs": {"prompt": turns[:1], "completion": turns[1:2]},
        "chatpairs-many": {"prompt": turns[:3], "completion": turns[3:]},
        "chatpairs-long_prompt": {
            "prompt": [{"role": "user", "content": "Long question: " + "why " * 60}],
            "completion": turns[1:2],
        },
        "pairs": {"prompt": asked + " ", "completion": replied},
        "pairs-unspaced": {"prompt": asked, "completion": replied},
        "pairs-text": {"prompt": asked + " ", "completion": replied, "text": f"{asked} {replied}"},
        "prompts": {"prompt": asked},
        "chatprompts": {"prompt": turns[:1]},
        "completions": {"completion": replied},
        "text": {"text": f"{asked} {replied}"},
        "body": {"body": f"{asked} {replied}"},
        "text-accents": {"text": f"Où est la question? L’answer est là: café {number} 🌊."},
        "instructions": {"instruction": asked, "output": replied},
        "ids": {"input_ids": ids[0] + ids[1]},
        "ids-labels": {"input_ids": ids[0] + ids[1], "labels": [-100] * len(ids[0]) + ids[1]},
        "ids-completion_mask": {"input_ids": ids[0] + ids[1], "completion_mask": mask},
        "ids-assistant_masks": {"input_ids": ids[0] + ids[1], "assistant_masks": mask},
        "pictures": {"messages": _parts(turns[:2], 1), "images": ["picture.png"]},
        "pictures-plain": {"messages": turns[:2], "images": ["picture.png"]},
        "pictures-single": {"messages": turns[:2], "image": "picture.png"},
        "pictures-pairs": {"prompt": turns[:1], "completion": turns[1:2], "images": ["picture.png"]},
        "preferences": {"prompt": asked + " ", "chosen": replied, "rejected": "No answer."},
        "preferences-chat": {
            "prompt": turns[:1],
            "chosen": turns[1:2],
            "rejected": [{"role": "assistant", "content": "No answer."}],
        },
        "preferences-implicit": {
            "chosen": turns[:2],
            "rejected": [turns[0], {"role": "assistant", "content": "No answer."}],
        },
        "ratings": {"prompt": asked + " ", "completion": replied, "label": number % 2 == 0},
        "ratings-chat": {"prompt": turns[:1], "completion": turns[1:2], "label": number % 2 == 0},
    }
    return rows[kind]


PICTURED: Final = {
    "pictures": "images",
    "pictures-plain": "images",
    "pictures-pairs": "images",
    "pictures-single": "image",
}


def rows(kind: str) -> list[dict[str, Any]]:
    """The rows of this kind; none of `empty`."""
    return (
        []
        if kind == "empty"
        else [copy.deepcopy(_row(kind, number)) for number in range(_MANY if "prompts" in kind else ROWS)]
    )


def lines(kind: str) -> str:
    """The rows as JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(kind))
