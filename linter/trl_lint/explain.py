"""Runs in words, for `trl-lint runs`: every value, how certain it is, and the lines that it came through."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from trl_lint.model.artifact import Artifact, Evidence
from trl_lint.model.data import DataSet
from trl_lint.model.run import How, ModelUse, ProcessingUse, Run, Setting
from trl_lint.model.span import Span
from trl_lint.model.target import Target
from trl_lint.model.value import Instance, Items, Known, OneOf, Step, Symbol, Table, Unknown, Value, options
from trl_lint.report.runs import RunReport, RunRow
from trl_lint.targets.describe import describe

_MOST_ITEMS = 8

Where = Callable[[Span], str]


def report(run: Run, target: Target, artifact: Artifact | None, data: DataSet | None) -> RunReport:
    """One run with its target and what was found of its model and its data."""
    names = [name for name in (run.trainer, run.config) if name is not None]
    title = " with ".join(names)
    if run.trainer is None:
        title += " alone"

    def where(span: Span) -> str:
        return str(run.source.place(span))

    rows = [
        RunRow("target", f"{describe(target.trl)}; {describe(target.transformers)}"),
        _model_row(run.model, where),
        *_artifact_rows(artifact),
        _processing_row("processing class", run.processing, where),
        *(_processing_row("not passed", spare, where) for spare in run.spare),
        *_data_rows(data),
        *(setting_row(name, setting, where) for name, setting in run.settings.items.items()),
        *_open_row("further settings", run.settings.open),
        *(setting_row(f"{run.trainer}.{name}", setting, where) for name, setting in _others(run)),
        *_open_row("further arguments", run.arguments.open),
    ]
    if run.patched_by is not None:
        rows.append(RunRow("profile", f"{run.patched_by} patches the trainers: rules on what is trained stay silent"))
    return RunReport(title, run.source.place(run.anchor), tuple(rows))


def _others(run: Run) -> Iterator[tuple[str, Setting]]:
    shown = ("model", "args", "processing_class", "tokenizer", "train_dataset")
    return ((name, setting) for name, setting in run.arguments.items.items() if name not in shown)


def _open_row(label: str, reason: str | None) -> Iterator[RunRow]:
    if reason is not None:
        yield RunRow(label, reason, "unknown")


def setting_row(name: str, setting: Setting, where: Where) -> RunRow:
    """One setting: its value, how sure that is, and the lines it came through, which `where` puts into words."""
    certainty = _certainty(setting.value)
    if setting.optional:
        certainty = "on some paths"
    trail = [f"{setting.origin.value}, {where(setting.span)}"]
    trail += [f"{step.what}, {where(step.span)}" for step in reversed(_trail(setting.value))]
    return RunRow(name, words(setting.value), certainty, tuple(dict.fromkeys(trail)))


def _trail(value: Value) -> tuple[Step, ...]:
    return value.trail


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
    trail = tuple(f"{step.what}, {where(step.span)}" for step in reversed(_trail(use.name)))
    return RunRow("model", how + adapted, _certainty(use.name), trail)


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
        f"{edit.name} {'set' if edit.kind == 'set' else 'called' if edit.kind == 'call' else 'takes it'}, "
        f"{where(edit.span)}" + (" (on some paths)" if edit.optional else "")
        for edit in use.edits
    )
    return RunRow(label, f"{use.loader}{part} of {words(use.name)}{name}", _certainty(use.name), edits)


def _artifact_rows(artifact: Artifact | None) -> Iterator[RunRow]:
    if artifact is None:
        return
    if not artifact.known:
        yield RunRow("metadata", "; ".join(artifact.problems) or "none found", "unknown")
        return
    certainty = "guessed" if artifact.evidence is Evidence.NAME else ""
    place = artifact.where or artifact.name
    yield RunRow("metadata", f'{artifact.evidence.value} {place}: model_type "{artifact.model_type}"', certainty)


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
