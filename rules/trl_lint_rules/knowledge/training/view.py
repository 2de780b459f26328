"""What one run trains on in one environment, for `trl-lint preview`: the run's values brought to the model of rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from trl_lint.api import (
    Artifact,
    Mutation,
    Rendered,
    RunView,
    Totals,
    TrainedRow,
    TrainingView,
    added_tokens,
    render_template,
    special_tokens,
)
from trl_lint_rules.knowledge import data, template
from trl_lint_rules.knowledge.processing import Kind, Processing, processing
from trl_lint_rules.knowledge.training import conversations, labels
from trl_lint_rules.knowledge.training.examples import Example, Setup, examples
from trl_lint_rules.knowledge.training.labels import Recipe
from trl_lint_rules.knowledge.training.packing import packing
from trl_lint_rules.knowledge.training.regime import DATA_UTILITIES, Pairs, Regime, regime
from trl_lint_rules.knowledge.training.remarks import remarks
from trl_lint_rules.knowledge.training.settings import Settings, settings
from trl_lint_rules.knowledge.training.templates import Rendering, rendering
from trl_lint_rules.knowledge.training.trained import Trained
from trl_lint_rules.knowledge.training.units import Cutter, cutter
from trl_lint_rules.knowledge.training.words import loss_in_words, truncation_in_words

_MOST_ROWS = 200
_MOST_CHARACTERS = 2_000_000  # of all rows together
_NONE_REMOVED = (conversations.NONE_REMOVED_SINCE, conversations.NONE_REMOVED_UNTIL)

Rows = Sequence[Mapping[str, Any]]


def training_view(run: RunView, count: int) -> TrainingView:
    """What `run` trains on, with up to `count` rows."""
    found = trained(run, _MOST_ROWS)
    if isinstance(found, str):
        return TrainingView(reason=found)
    return _view(run, found, count)


def trained(run: RunView, most: int = _MOST_ROWS, *, by_characters: bool = False) -> Trained | str:
    """Up to `most` of the rows that were read, with their labels; a text says why there are none. `by_characters`
    spares reading the tokenizer, where only the renderings matter."""
    return run.once(("trained rows", most, by_characters), lambda: _trained(run, most, by_characters))


def _trained(run: RunView, most: int, by_characters: bool) -> Trained | str:
    problem = _nothing_to_show(run)
    if problem is not None:
        return problem
    used = processing(run)
    rows = _bounded(run.data().rows, most)
    text = _template(run, rows)
    if isinstance(text, str):
        return text
    cut = cutter(None if used.artifact is None or by_characters else used.artifact.tokenizer_json)
    given = settings(run, _model_length(used.artifact))
    which = regime(run.environment)
    pairs = _are_pairs(rows, which)
    recipe = _recipe(given, which, used, cut, rows)
    setup = Setup(
        regime=which,
        columns=data.columns(run) or frozenset(rows[0]),
        text_field=given.text_field,
        assistant_only=given.assistant_only,
        refused=text is not None and bool(text.stops),
        guessed=text is not None and text.unmarked,
        cutter=cut,
        eos=given.eos or _token(run, used, "eos_token"),
        special=_special(used, cut),
        parts=which.parts and used.kind is Kind.PROCESSOR,
        formatted=given.formatted,
        concatenated=given.strategy is not None and which.trl < DATA_UTILITIES,
        remove_none=_NONE_REMOVED[0] <= run.trl < _NONE_REMOVED[1],
    )
    made = examples(rows, setup, lambda wanted: _rendered(text, wanted, used.artifact))
    shown = [labels.row(index, example, recipe) for index, example in enumerate(made)]
    if cut.unit == "character":
        shown = [labels.without_ids(row) for row in shown]
    return Trained(tuple(shown), tuple(made), recipe, given, cut, text, pairs)


def _nothing_to_show(run: RunView) -> str | None:
    if run.run.patched_by is not None:
        return f"{run.run.patched_by} patches the trainer: what it trains is not known here"
    if run.run.trainer != "SFTTrainer":
        return f"only runs of SFTTrainer are shown, not of {run.run.trainer or run.run.config}"
    found = run.data()
    if found.container in ("None", "list", "DatasetDict", "IterableDatasetDict"):
        return f"the training data cannot be read: {found.reason or found.container}"
    if not found.rows:
        why = found.reason or "no rows could be read; local JSON, JSONL, CSV, Parquet and text files can be"
        return f"no rows to show: {why}"
    used = processing(run)
    if used.kind not in (Kind.TOKENIZER, Kind.PROCESSOR):
        return "the processing class is not known"
    if used.kind is Kind.PROCESSOR and data.vision(run) and not _without_images(found.rows):
        return "image data are not shown: what a picture becomes is decided when a batch is made"
    return None


def _without_images(rows: Rows) -> bool:
    """Whether a column of images holds none."""
    return all(name in row and not row[name] for row in rows for name in ("image", "images") if name in rows[0])


def _bounded(rows: Rows, most: int) -> Rows:
    size = 0
    taken: list[Mapping[str, Any]] = []
    for row in rows[:most]:
        size += conversations.size(row)
        if taken and size > _MOST_CHARACTERS:
            break
        taken.append(row)
    return taken


def _template(run: RunView, rows: Rows) -> Rendering | str | None:
    """The template that renders; None where the rows need none."""
    strings_too = run.trl < DATA_UTILITIES
    if "input_ids" in rows[0] or not any(conversations.needs_template(row, strings_too) for row in rows):
        return None
    found = template.template(run)
    if found is None:
        return "the chat template is not known"
    return rendering(run, found)


def _are_pairs(rows: Rows, which: Regime) -> bool:
    return which.pairs in (Pairs.TEXTS, Pairs.TOKENS) and "prompt" in rows[0] and "input_ids" not in rows[0]


def _recipe(given: Settings, which: Regime, used: Processing, cut: Cutter, rows: Rows) -> Recipe:
    both = "completion" in rows[0] or not which.completion_needs_both
    automatic = which.completion_loss and "prompt" in rows[0] and both
    pad = given.pad or _named(used, "pad_token") or given.eos or _named(used, "eos_token")
    return Recipe(
        regime=which,
        completion_only=automatic if given.completion_only is None else given.completion_only,
        # Lengths are counted in tokens: characters are never cut.
        max_length=given.max_length if cut.unit == "token" else None,
        keep_end=given.keep_end,
        strategy=given.strategy,
        padding_free=given.padding_free,
        skip_prepare=given.skip_prepare or ("input_ids" in rows[0] and which.trl < DATA_UTILITIES),
        overwritten=given.overwritten,
        pad=cut.id_of(pad) if pad else None,
        liger=given.liger,
    )


def _special(used: Processing, cut: Cutter) -> frozenset[str]:
    named = added_tokens(used.artifact) if used.artifact is not None else frozenset()
    return frozenset(token for token in cut.special | named if token)


def _named(used: Processing, name: str) -> str | None:
    edit = _last_edit(used.edits, name)
    if edit is not None and edit.kind == "set":
        return None
    return special_tokens(used.artifact).get(name) if used.artifact is not None else None


def _last_edit(edits: Sequence[Mutation], name: str) -> Mutation | None:
    return next((edit for edit in reversed(edits) if edit.name in (name, f"tokenizer.{name}")), None)


def _token(run: RunView, used: Processing, name: str) -> str | None:
    """A special token: as the code sets it, else as the files name it."""
    edit = _last_edit(used.edits, name)
    if edit is not None and edit.kind == "set":
        value = run.plain(edit.value)
        return value if isinstance(value, str) else None
    return special_tokens(used.artifact).get(name) if used.artifact is not None else None


def _model_length(artifact: Artifact | None) -> int | None:
    content = artifact.json_files.get("tokenizer_config.json") if artifact is not None else None
    found = content.get("model_max_length") if isinstance(content, Mapping) else None
    return found if isinstance(found, int) and 0 < found < 1 << 31 else None


def _rendered(
    text: Rendering | None, wanted: Sequence[Mapping[str, Any]], artifact: Artifact | None
) -> Sequence[Rendered]:
    if not wanted or text is None:
        return [Rendered(None, error="there is no chat template")] * len(wanted)
    named = special_tokens(artifact) if artifact is not None else {}
    try:
        asked = json.dumps([{**named, **each} for each in wanted])
    except (TypeError, ValueError, RecursionError):
        return [Rendered(None, error="could not be tried (a row holds what no JSON can)")] * len(wanted)
    return _through(text.text, asked)


@lru_cache(maxsize=64)
def _through(text: str, renderings: str) -> Sequence[Rendered]:
    """Kept over the releases and worlds of a run: most change nothing of it, and each time costs a child process."""
    return render_template(text, json.loads(renderings))


# -- the view


def _view(run: RunView, found: Trained, count: int) -> TrainingView:
    recipe, unit = found.recipe, found.cutter.unit
    masks = _masks(found.examples)
    packed = None
    if recipe.packed and recipe.max_length:
        lengths = [(row.index, len(row.pieces)) for row in found.rows if not row.stops]
        packed = packing(lengths, recipe, recipe.max_length)
    source = run.data()
    return TrainingView(
        unit=unit,
        rows=_sample(found.rows, count),
        totals=_totals(found.rows),
        rows_total=source.rows_total,
        where=source.where,
        loss=loss_in_words(found.settings, recipe, found.pairs, found.settings.completion_only is None, masks),
        template=found.rendering.origin if found.rendering is not None else "",
        truncation=truncation_in_words(found.settings, recipe),
        packing=packed,
        padding_free=recipe.padding_free,
        remarks=tuple(remarks(run, found, masks, _totals(found.rows))),
    )


def _masks(made: Sequence[Example]) -> frozenset[str]:
    """The mask and label columns that the prepared rows have."""
    columns = (("labels", "labels"), ("completion", "completion_mask"), ("assistant", "assistant_masks"))
    return frozenset(column for name, column in columns if any(getattr(each, name) is not None for each in made))


def _sample(rows: Sequence[TrainedRow], count: int) -> tuple[TrainedRow, ...]:
    """Up to `count` rows in their order: the first, one that stops, one that is left out, the one that truncation cuts
    most, then the next ones."""
    if len(rows) <= count:
        return tuple(rows)
    telling = [rows[0]]
    telling += [row for row in rows if row.stops][:1]
    telling += [row for row in rows if row.dropped][:1]
    telling += [row for row in sorted(rows, key=lambda row: -row.cut) if row.cut and not row.dropped][:1]
    chosen = dict.fromkeys(row.index for row in [*telling, *rows])
    wanted = set(list(chosen)[:count])
    return tuple(row for row in rows if row.index in wanted)


def _totals(rows: Sequence[TrainedRow]) -> Totals:
    going = [row for row in rows if not row.stops]
    ends = [end for row in going if not row.dropped for end in row.ends]
    return Totals(
        rows=len(rows),
        units=sum(row.total for row in going),
        trained=sum(row.trained for row in going),
        cut=sum(row.cut for row in going),
        shortened=sum(row.cut > 0 for row in going),
        dropped=sum(bool(row.dropped) for row in going),
        untrained=sum(not row.dropped and not row.trained for row in going),
        ends=len(ends),
        ends_trained=sum(end.trained for end in ends),
        longest=max((len(row.pieces) for row in going), default=0),
    )
