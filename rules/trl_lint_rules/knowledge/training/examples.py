"""From a row to units and masks, as one regime prepares it: before truncation, packing and the batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from trl_lint.api import Rendered, dataclass, field, replace
from trl_lint_rules.knowledge.training import conversations
from trl_lint_rules.knowledge.training.regime import TOOLS_AS_JSON, Eos, Pairs, Regime
from trl_lint_rules.knowledge.training.units import Cutter, Units

Render = Callable[[Sequence[Mapping[str, Any]]], Sequence[Rendered]]
Mask = tuple[bool, ...]

_NOT_RUN = "the text comes from `formatting_func`, which is not run here"
_DICT_KEYS = 2  # `input_ids` and `attention_mask`
_NO_ANSWER = "RuntimeError: You're using `assistant_only_loss=True`, but at least one example has no assistant tokens"


@dataclass(frozen=True)
class Setup:
    """What decides on the preparation besides the release. `special` are the tokens that can end a turn."""

    regime: Regime
    columns: frozenset[str]
    text_field: str
    assistant_only: bool
    cutter: Cutter
    eos: str | None
    special: frozenset[str]
    parts: bool  # messages are handed over with content as parts
    formatted: bool = False  # a formatting function writes the column `text`
    refused: bool = False  # TRL stops at the template before it looks at a row
    guessed: bool = False  # the assistant's spans are guessed by its words: the template does not mark them
    remove_none: bool = False
    concatenated: bool = False  # the EOS token's id is put behind each row, whatever it ends with


@dataclass(frozen=True)
class Example:
    """A row in units. The masks say what each would train; `labels` is the row's own column. `ends` are the units
    that end the assistant's turns (or the text). `failed` is the rendering that failed, if one did."""

    pieces: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()
    completion: Mask | None = None
    assistant: Mask | None = None
    labels: Mask | None = None
    ends: tuple[tuple[int, int], ...] = ()
    stops: str = ""
    remarks: tuple[str, ...] = ()
    failed: Rendered | None = None


@dataclass
class _Plan:
    """What has to be rendered for a row, and what then makes an example of it."""

    make: Callable[[Sequence[Rendered]], Example]
    renderings: list[Mapping[str, Any]] = field(default_factory=list)


def examples(rows: Sequence[Mapping[str, Any]], setup: Setup, render: Render) -> list[Example]:
    """Each row as an example; one whose preparation raises has `stops`."""
    plans = [_plan(row, setup) for row in rows]
    rendered = render([each for plan in plans for each in plan.renderings])
    made, position = [], 0
    for plan in plans:
        own = rendered[position : position + len(plan.renderings)]
        position += len(plan.renderings)
        failed = next((each for each in own if each.text is None), None)
        made.append(plan.make(own) if failed is None else _failing(failed))
    return made


def _failing(rendered: Rendered) -> Example:
    return Example(stops=f"the chat template: {rendered.error}", failed=rendered)


def _plan(row: Mapping[str, Any], setup: Setup) -> _Plan:
    if "input_ids" in setup.columns:
        return _Plan(lambda _: _of_ids(row, setup))
    if setup.remove_none:
        row = conversations.without_none(row)
    row = conversations.from_sharegpt(row)
    prompt, completion = row.get("prompt"), row.get("completion")
    if setup.regime.pairs is Pairs.TURNS:
        if setup.formatted:
            return _stopping(_NOT_RUN)
        if isinstance(prompt, str) and isinstance(completion, str) and len(setup.columns) == 2:
            turns = [{"role": "user", "content": prompt}, {"role": "assistant", "content": completion}]
            return _chat(turns, row, setup)
    elif setup.regime.pairs is Pairs.JOINED:
        if "prompt" in row and "completion" in row:
            joined = _joined(prompt, completion)
            if joined is None:
                return _stopping("prompt and completion cannot be joined")
            key = "messages" if isinstance(joined, list) else "text"
            row = {**row, key: joined}
    elif "prompt" in row:
        return _pair(row, setup)
    if conversations.is_conversation(row.get("messages")):
        return _chat(row["messages"], row, setup)
    return _text(row, setup)


def _stopping(reason: str) -> _Plan:
    return _Plan(lambda _: Example(stops=reason))


def _joined(prompt: object, completion: object) -> str | list[Any] | None:
    if isinstance(prompt, str) and isinstance(completion, str):
        return prompt + completion
    return [*prompt, *completion] if isinstance(prompt, list) and isinstance(completion, list) else None


# -- rows that are tokens already


def _of_ids(row: Mapping[str, Any], setup: Setup) -> Example:
    ids = _numbers(row.get("input_ids"))
    if not ids:
        return Example(stops="`input_ids` is empty or holds something else than numbers")
    labels = _numbers(row.get("labels"))
    return Example(
        setup.cutter.show(ids),
        ids,
        _mask(row.get("completion_mask")),
        _mask(row.get("assistant_masks")),
        tuple(label != -100 for label in labels) if labels else None,
        tuple((at, at + 1) for at, id_ in enumerate(ids) if setup.eos and id_ == setup.cutter.id_of(setup.eos)),
    )


def _numbers(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(isinstance(each, int) and 0 <= each + 100 < 2**31 for each in value):
        return ()
    return tuple(value)


def _mask(value: object) -> Mask | None:
    found = _numbers(value)
    return tuple(map(bool, found)) if found else None


# -- texts


def _text(row: Mapping[str, Any], setup: Setup) -> _Plan:
    text = None if setup.formatted and setup.text_field == "text" else row.get(setup.text_field)
    if not isinstance(text, str):
        return _stopping(_NOT_RUN if setup.formatted else f"no text in the column `{setup.text_field}`")
    eos, kind = setup.eos, setup.regime.eos
    field_ = setup.text_field if kind is Eos.FIELD else "text"
    if eos and kind in (Eos.TEXT, Eos.FIELD) and setup.text_field == field_ and not text.endswith(eos):
        text += eos

    def make(_: Sequence[Rendered]) -> Example:
        units = setup.cutter.cut(text, special=True)
        return _with_eos(_whole(units, setup), setup)

    return _Plan(make)


def _whole(units: Units, setup: Setup) -> Example:
    return Example(units.pieces, units.ids, ends=_last_eos(units, setup))


def _last_eos(units: Units, setup: Setup) -> tuple[tuple[int, int], ...]:
    if not setup.eos or not units.text.endswith(setup.eos):
        return ()
    found = units.between(len(units.text) - len(setup.eos), len(units.text))
    return ((found.start, found.stop),) if found else ()


def _with_eos(example: Example, setup: Setup) -> Example:
    """With the EOS token behind it, where the release adds its id to what has been tokenised."""
    if not setup.eos or not (setup.concatenated or setup.regime.eos is Eos.IDS):
        return example
    id_ = setup.cutter.id_of(setup.eos)
    last = example.ids[-1:] == (id_,) if id_ is not None else "".join(example.pieces).endswith(setup.eos)
    if last and not setup.concatenated:
        return example
    added = (setup.eos,) if id_ is not None else tuple(setup.eos)
    size = len(example.ids)
    return replace(
        example,
        pieces=(*example.pieces, *added),
        ids=(*example.ids, *((id_,) if id_ is not None else map(ord, setup.eos))),
        ends=(*example.ends, (size, size + len(added))),
    )


# -- conversations


def _rendering(messages: Sequence[Any], row: Mapping[str, Any], setup: Setup, prompt: bool) -> Mapping[str, Any]:
    return {
        **conversations.variables(row, setup.regime.trl >= TOOLS_AS_JSON),
        "messages": conversations.as_parts(messages) if setup.parts else list(messages),
        "add_generation_prompt": prompt,
    }


def _chat(messages: Sequence[Any], row: Mapping[str, Any], setup: Setup) -> _Plan:
    def make(rendered: Sequence[Rendered]) -> Example:
        units = setup.cutter.cut(rendered[0].text or "", special=setup.regime.chat_texts_get_special_tokens)
        mask = _spans(rendered[0], units, messages, setup) if setup.assistant_only else None
        stops = _NO_ANSWER if mask is not None and not any(mask) and not setup.refused else ""
        ends = _ends(rendered[0], units, messages, 0, setup)
        return _with_eos(Example(units.pieces, units.ids, assistant=mask, ends=ends, stops=stops), setup)

    return _Plan(make, [_rendering(messages, row, setup, prompt=False)])


def _spans(rendered: Rendered, units: Units, messages: Sequence[Any], setup: Setup) -> Mask:
    """The assistant mask of `apply_chat_template` (transformers/tokenization_utils_base.py)."""
    spans = sorted(rendered.spans)
    if setup.guessed:
        turns = conversations.turns(rendered, messages, 0, setup.special, setup.eos)
        spans = [(turn.start, turn.end_stop) for turn in turns]
    trained = [False] * len(units.ids)
    for start, stop in spans:
        if units.at(start) is None:
            break
        for place in units.between(start, stop):
            trained[place] = True
    return tuple(trained)


def _ends(
    rendered: Rendered, units: Units, messages: Sequence[Any], since: int, setup: Setup
) -> tuple[tuple[int, int], ...]:
    turns = conversations.turns(rendered, messages, since, setup.special, setup.eos)
    places = [units.between(turn.end, turn.end_stop) for turn in turns if turn.end < turn.end_stop]
    return tuple((place.start, place.stop) for place in places if place)


# -- prompt and completion


def _pair(row: Mapping[str, Any], setup: Setup) -> _Plan:
    prompt, completion = row["prompt"], row.get("completion")
    if conversations.conversational(row):
        if not isinstance(prompt, list) or not isinstance(completion, list):
            return _stopping("a prompt without its completion")
        return _chat_pair(prompt, completion, row, setup)
    if not isinstance(prompt, str) or not isinstance(completion, str):
        return _stopping("a prompt without its completion")
    if setup.eos and not completion.endswith(setup.eos) and not _eos_goes_to_text(row, setup):
        completion += setup.eos

    def make(_: Sequence[Rendered]) -> Example:
        alone = setup.cutter.cut(prompt, special=True)
        whole = setup.cutter.cut(prompt + completion, special=True)
        start, remarks = _start(alone.ids, whole.ids, setup.regime, as_dict=False)
        mask = tuple(place >= start for place in range(len(whole.ids)))
        return Example(whole.pieces, whole.ids, mask, ends=_last_eos(whole, setup), remarks=remarks)

    return _Plan(make)


def _eos_goes_to_text(row: Mapping[str, Any], setup: Setup) -> bool:
    """Whether the EOS token is added to another column of the row, which is not trained on."""
    text = row.get(setup.text_field if setup.regime.eos is Eos.FIELD else "text")
    return isinstance(text, str) and bool(setup.eos) and not text.endswith(str(setup.eos))


def _chat_pair(prompt: list[Any], completion: list[Any], row: Mapping[str, Any], setup: Setup) -> _Plan:
    regime = setup.regime
    as_text = regime.pairs is Pairs.TEXTS
    open_turn = as_text and isinstance(prompt[-1], Mapping) and prompt[-1].get("role") == "assistant"
    messages = [*prompt, *completion]
    renderings = [
        _rendering(prompt, row, setup, prompt=regime.generation_prompt and not open_turn),
        _rendering(messages, row, setup, prompt=False),
    ]

    def make(rendered: Sequence[Rendered]) -> Example:
        first, second = rendered[0].text or "", rendered[1].text or ""
        if as_text:
            first = "".join(
                one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
            )
        alone, whole = setup.cutter.cut(first, special=False), setup.cutter.cut(second, special=False)
        start, remarks = _start(alone.ids, whole.ids, regime, as_dict=regime.prompt_is_dict)
        asked = setup.assistant_only and regime.masks_of_completions
        mask = _spans(rendered[1], whole, messages, setup) if asked else None
        checked = regime.masks_checked and not setup.refused
        stops = _NO_ANSWER if mask is not None and not any(mask) and checked else ""
        return Example(
            whole.pieces,
            whole.ids,
            tuple(place >= start for place in range(len(whole.ids))),
            mask,
            ends=_ends(rendered[1], whole, messages, len(prompt), setup),
            stops=stops,
            remarks=remarks,
        )

    return _Plan(make, renderings)


def _start(
    prompt: tuple[int, ...], whole: tuple[int, ...], regime: Regime, as_dict: bool
) -> tuple[int, tuple[str, ...]]:
    """The unit at which the completion starts, and what is to be said of it."""
    if as_dict:
        return _DICT_KEYS, ("the prompt is trained: its length is taken from a dict with two keys",)
    shared = _shared(prompt, whole)
    if shared == len(prompt):
        return shared, ()
    if regime.starts_at_divergence:
        return shared, ("the prompt alone ends in other tokens: the completion starts where they diverge",)
    return len(prompt), ("the prompt alone ends in other tokens: the completion starts after as many as it has",)


def _shared(one: Sequence[object], other: Sequence[object]) -> int:
    """How many items both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
