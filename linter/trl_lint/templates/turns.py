"""Whether an assistant's answer, and the token that ends it, lie inside the generation markers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Literal

from trl_lint.dataclass import dataclass
from trl_lint.templates.analysis import analyse
from trl_lint.templates.probing import Rendered, probe

EndOfTurn = Literal["inside", "outside", "unknown"]
Answers = Literal["covered", "uncovered", "unknown"]

# Words that no template writes itself, and that no filter such as `trim` or `title` splits.
_QUESTIONS = ("zqaskone", "zqasktwo")
_ANSWERS = ("zqtellone", "zqtelltwo")
# Stand-ins for tokens that are not known, so that `{{ eos_token }}` leaves a trace.
_STAND_INS = {"bos_token": "<zqbos>", "eos_token": "<zqeos>"}


@dataclass(frozen=True)
class TurnVerdict:
    """What a template marks as generated, found by rendering two turns of plain text.

    `answers` says whether the assistant's words are inside, `end_of_turn` whether the text that ends its turn is.
    `reason` says why something is unknown.
    """

    answers: Answers
    end_of_turn: EndOfTurn
    reason: str | None = None


def end_of_turn(
    text: str, tokens: Collection[str] | None = None, variables: Mapping[str, str] | None = None
) -> EndOfTurn:
    """Whether the token that ends an assistant's turn lies inside the markers; see `judge_turns`."""
    return judge_turns(text, tokens, variables).end_of_turn


def judge_turns(
    text: str, tokens: Collection[str] | None = None, variables: Mapping[str, str] | None = None
) -> TurnVerdict:
    """Judge the template `text`. `tokens` are the tokens that can end a turn or start one (None: not known);
    `variables` the template's named special tokens. A template without markers is not rendered at all.
    """
    named = {**_STAND_INS, **(variables or {})}
    known = None if tokens is None else frozenset({*tokens, *named.values()}) - {""}
    return _judge(text, known, tuple(sorted(named.items())))


@lru_cache(maxsize=256)
def _judge(text: str, tokens: frozenset[str] | None, variables: tuple[tuple[str, str], ...]) -> TurnVerdict:
    analysis = analyse(text)
    if analysis.syntax_error is not None:
        return TurnVerdict("unknown", "unknown", analysis.syntax_error)
    if not analysis.markers:
        return TurnVerdict("uncovered", "unknown", "it has no generation markers")
    plain = _conversation(as_parts=False)
    # Templates of vision-language models may want a message's content as a list of parts.
    renderings = probe(text, [plain, _conversation(as_parts=True)], **dict(variables))
    usable = [rendered for rendered in renderings if _holds_all(rendered)]
    if not usable:
        reason = next((rendered.error for rendered in renderings if rendered.error), "it leaves messages out")
        return TurnVerdict("unknown", "unknown", reason)
    return _verdict(usable[0], tokens)


def _conversation(*, as_parts: bool) -> list[dict[str, Any]]:
    messages = []
    for question, answer in zip(_QUESTIONS, _ANSWERS, strict=True):
        for role, word in (("user", question), ("assistant", answer)):
            messages.append({"role": role, "content": [{"type": "text", "text": word}] if as_parts else word})
    return messages


def _holds_all(rendered: Rendered) -> bool:
    """Whether each word was put out exactly once and in order."""
    if rendered.text is None:
        return False
    words = [word for pair in zip(_QUESTIONS, _ANSWERS, strict=True) for word in pair]
    places = [rendered.text.find(word) for word in words]
    return -1 not in places and places == sorted(places) and all(rendered.text.count(word) == 1 for word in words)


def _verdict(rendered: Rendered, tokens: frozenset[str] | None) -> TurnVerdict:
    text = rendered.text or ""
    ends: list[EndOfTurn] = []
    for word, following in zip(_ANSWERS, (_QUESTIONS[1], None), strict=True):
        start = text.index(word)
        end = start + len(word)
        if _split(rendered, start, end) != (word, ""):
            return TurnVerdict("uncovered", "unknown", "the assistant's words are outside of the markers")
        stop = len(text) if following is None else text.index(following)
        ends.append(_end(*_split(rendered, end, stop), following is None, tokens))
    if "outside" in ends:
        return TurnVerdict("covered", "outside")
    # A template may leave the last turn open; then the one before it decides, if it is closed inside.
    if "inside" in ends:
        return TurnVerdict("covered", "inside")
    return TurnVerdict("covered", "unknown", "nothing that ends a turn was found")


def _split(rendered: Rendered, start: int, stop: int) -> tuple[str, str]:
    """The characters from `start` to `stop` inside the spans, and those outside: an end may have a span of its own."""
    text, inside, outside, position = rendered.text or "", "", "", start
    for first, last in sorted(rendered.spans):
        first, last = max(first, position), min(last, stop)
        if first < last:
            outside += text[position:first]
            inside += text[first:last]
            position = last
    return inside, outside + text[position:stop]


def _end(inside: str, outside: str, last: bool, tokens: frozenset[str] | None) -> EndOfTurn:
    """Where one turn ends, from the text after its answer: that within the markers, and that outside."""
    if inside.strip() and (tokens is None or any(token in inside for token in tokens)):
        return "inside"
    # After the last turn nothing follows but its own end; elsewhere it may be the next turn's beginning.
    if last and outside.strip() and (tokens is None or outside.strip().startswith(tuple(tokens))):
        return "outside"
    return "unknown"
