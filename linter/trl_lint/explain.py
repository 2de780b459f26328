"""Runs in words, for `trl-lint runs`: every value, how certain it is, and the lines that it came through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from trl_lint.dataclass import replace
from trl_lint.model.artifact import Artifact, Evidence
from trl_lint.model.data import DataSet
from trl_lint.model.launch import Launch
from trl_lint.model.run import How, ModelUse, Origin, ProcessingUse, Run, Setting
from trl_lint.model.span import Place, Span
from trl_lint.model.target import Target
from trl_lint.model.value import Instance, Items, Known, Mutation, OneOf, Symbol, Table, Unknown, Value, options
from trl_lint.report.runs import Instead, RunLine, RunReport, RunRow
from trl_lint.targets.describe import describe

_MOST_ITEMS = 8
_LONGEST_COMMAND = 90
_ASSIGNMENT = re.compile(r"[\w.]+ = ")  # the code of a line: the reader will see it there
# What is said of the line that gives a setting; that an argument or a key stands there is plain.
_SAID = {
    Origin.KEYWORD: "",
    Origin.POSITIONAL: "",
    Origin.SPLAT: "`**`",
    Origin.ASSIGNED: "assigned",
    Origin.YAML: "",
    Origin.FLAG: "",
    Origin.PARSER_DEFAULT: "a default",
    Origin.READ: "read",
}

Where = Callable[[Span], Place]


def report(run: Run, target: Target, artifact: Artifact | None, data: DataSet | None) -> RunReport:
    """One run with its target and what was found of its model and its data."""
    names = [name for name in (run.trainer, run.config) if name is not None]
    title = " with ".join(names)
    if run.trainer is None:
        title += " alone"
    where = run.source.place
    config, trainer = run.config or "settings", run.trainer or ""
    overridden = _overridden(run)
    rows = [
        RunRow("target", f"{describe(target.trl)}; {describe(target.transformers)}"),
        *(_start_row(launch) for launch in run.started if launch.source.path),
        *([RunRow("assumed", run.assumed)] if run.assumed is not None else []),
        _model_row(run.model, where),
        *_artifact_rows(artifact),
        _processing_row("processing class", run.processing, where),
        *(_processing_row("not passed", spare, where) for spare in run.spare),
        *_data_rows(data),
        *(
            [RunRow("profile", f"{run.patched_by} patches the trainers: most rules on what is trained stay silent")]
            if run.patched_by
            else []
        ),
        *(
            replace(setting_row(name, setting, where), group=config, instead=_instead(setting, overridden, where))
            for name, setting in run.settings.items.items()
        ),
        *_open_row("others", run.settings.open, config),
        *(replace(setting_row(name, setting, where), group=trainer) for name, setting in _others(run)),
        *_open_row("others", run.arguments.open, trainer),
    ]
    return RunReport(title, where(run.anchor), tuple(rows))


def _others(run: Run) -> Iterator[tuple[str, Setting]]:
    shown = ("model", "args", "processing_class", "tokenizer", "train_dataset")
    return ((name, setting) for name, setting in run.arguments.items.items() if name not in shown)


def _open_row(label: str, reason: str | None, group: str) -> Iterator[RunRow]:
    if reason is not None:
        yield RunRow(label, reason, "unknown", group=group)


def _start_row(launch: Launch) -> RunRow:
    """The command line as it is written, and how many processes it starts."""
    text = launch.source.slice(launch.span)
    if not text.strip():  # in a notebook, where lines of the shell are blank
        magics = (m.text for m in launch.source.magics if m.span.contains(launch.span))
        text = next(magics, "").lstrip("! ")
    value = " ".join(text.replace("\\\n", " ").split())
    count = launch.processes
    if isinstance(count, Known):
        many = "one process" if count.value == 1 else f"{words(count)} processes"
    else:
        many = "processes: not known" if isinstance(count, Unknown) else f"processes: {words(count)}"
    cut = f"{value[:_LONGEST_COMMAND]}..." if len(value) > _LONGEST_COMMAND else value
    place = launch.source.place(launch.span)
    return RunRow("started by", f"{cut} ({many})", trail=(RunLine("", place, launch.span),))


def _overridden(run: Run) -> Mapping[str, Setting]:
    """What stands in the recipes that the run reads, by key."""
    from trl_lint.recipes.recipe import read_recipe

    found: dict[str, Setting] = {}
    for source in run.source.others.values():
        recipe = read_recipe(source, named=True)
        if recipe is not None:
            found.update(recipe.settings)
    return found


def _instead(setting: Setting, overridden: Mapping[str, Setting], where: Where) -> tuple[Instead, ...]:
    before = overridden.get(setting.name)
    if setting.origin is not Origin.FLAG or before is None:
        return ()
    return (Instead(words(before.value), where(before.span)),)


def setting_row(name: str, setting: Setting, where: Where) -> RunRow:
    """One setting: its value, how sure that is, and the lines it came through."""
    certainty = _certainty(setting.value)
    if setting.optional:
        certainty = "on some paths"
    lines = [RunLine(_SAID[setting.origin], where(setting.span), setting.span), *_lines(setting.value, where)]
    return RunRow(name, words(setting.value), certainty, _telling(name, lines))


def _lines(value: Value, where: Where) -> list[RunLine]:
    return [RunLine(step.what, where(step.span), step.span) for step in reversed(value.trail)]


def _telling(name: str, lines: Sequence[RunLine]) -> tuple[RunLine, ...]:
    """Each line once, and without words that only say the name of what stands there."""
    found: dict[tuple[str, int | None, int], RunLine] = {}
    for line in lines:
        said = line.what
        plain = said == f"given as `--{name}`" or said.startswith(f"`{name}` of ")
        if plain or _ASSIGNMENT.match(said) is not None:
            line = replace(line, what="")
        key = (line.place.path, line.place.cell, line.place.row)
        if key not in found or (line.what and not found[key].what):
            found[key] = line
    return tuple(found.values())


def _certainty(value: Value) -> str:
    if isinstance(value, Unknown):
        return "unknown"
    return "one of" if isinstance(value, OneOf) else ""


def words(value: Value) -> str:
    """A value as people read it."""
    if isinstance(value, Unknown):
        return value.reason
    if isinstance(value, OneOf):
        return " or ".join(words(option.value) for option in value.options)
    inner = value.value
    if isinstance(inner, Items):
        shown = [words(item) for item in inner.items[:_MOST_ITEMS]]
        more = ["..."] if len(inner.items) > _MOST_ITEMS or inner.open is not None else []
        return "[" + ", ".join(shown + more) + "]"
    if isinstance(inner, Table):
        pairs = [f"{entry.key!r}: {words(entry.value)}" for entry in inner.entries[:_MOST_ITEMS]]
        more = ["..."] if len(inner.entries) > _MOST_ITEMS or inner.open is not None else []
        return "{" + ", ".join(pairs + more) + "}"
    if isinstance(inner, Symbol):
        return inner.name
    if isinstance(inner, Instance):
        return _made(inner)
    return repr(inner)


def _made(instance: Instance) -> str:
    if instance.call is None:
        owner = f"{words(instance.receiver)}" if instance.receiver is not None else ""
        return f"{owner}{instance.callee}"
    inside = ", ".join(
        words(argument.value) if argument.name is None else f"{argument.name}={words(argument.value)}"
        for argument in instance.call.arguments[:_MOST_ITEMS]
    )
    owner = words(instance.receiver) if instance.receiver is not None else ""
    return f"{owner}{instance.callee}({inside})"


def _model_row(use: ModelUse, where: Where) -> RunRow:
    if use.how is How.UNKNOWN:
        return RunRow("model", use.reason or "not known", "unknown")
    if use.how is How.ABSENT:
        return RunRow("model", "not given")
    how = f"given by name, {words(use.name)}" if use.how is How.NAME else f"{words(use.name)} through {use.loader}"
    adapted = ", wrapped as a PEFT model" if use.adapted else ""
    return RunRow("model", how + adapted, _certainty(use.name), _telling("model_name_or_path", _lines(use.name, where)))


def _processing_row(label: str, use: ProcessingUse, where: Where) -> RunRow:
    if use.how is How.UNKNOWN:
        return RunRow(label, use.reason or "not known", "unknown")
    if use.how is How.ABSENT:
        return RunRow(label, "not given: TRL loads it by the model's name")
    if use.how is How.OTHER:
        return RunRow(label, f"{words(use.name)}, which is neither tokenizer nor processor")
    part = f", its {use.part}" if use.part else ""
    name = f" `{use.variable}`" if use.variable else ""
    edits = tuple(
        RunLine(
            _done(edit) + (" on some paths" if edit.optional else ""),
            where(edit.span),
            edit.span,
        )
        for edit in use.edits
    )
    return RunRow(label, f"{use.loader}{part} of {words(use.name)}{name}", _certainty(use.name), edits)


def _done(edit: Mutation) -> str:
    """What was done to a tokenizer or processor, in words."""
    if edit.kind == "escape":
        return edit.name if edit.name.startswith("it is") else f"{edit.name} takes it"
    return f"{edit.name} {'set' if edit.kind == 'set' else 'called'}"


def _artifact_rows(artifact: Artifact | None) -> Iterator[RunRow]:
    if artifact is None:
        return
    if not artifact.known:
        yield RunRow("metadata", "; ".join(artifact.problems) or "none found", "unknown")
        return
    certainty = "guessed" if artifact.evidence is Evidence.NAME else ""
    place = artifact.where or artifact.name
    found = "its name suggests" if artifact.evidence is Evidence.NAME else f"{artifact.evidence.value} {place}:"
    yield RunRow("metadata", f'{found} model_type "{artifact.model_type}"', certainty)


def _data_rows(data: DataSet | None) -> Iterator[RunRow]:
    if data is None:
        return
    if data.columns is None:
        yield RunRow("data", data.reason or f"{data.container}", "unknown")
        return
    columns = ", ".join(f"{column.name} ({column.kind})" for column in data.columns.values())
    seen = f"; {len(data.rows)} rows read" if data.rows else ""
    yield RunRow("data", f"{data.container} of {data.where or 'the code'}: {columns or 'no columns'}{seen}")


def artifact_name(run: Run) -> str | None:
    """The one model name of this run, where there is one."""
    names = [option.value for option in options(run.model.name) if isinstance(option.value, Known)]
    return names[0].value if len(names) == 1 and isinstance(names[0].value, str) else None
