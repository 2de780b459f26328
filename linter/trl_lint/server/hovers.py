"""Hovers: a setting in itself and in this run, a run as it was understood, and why a finding is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types

from trl_lint.dataclass import dataclass
from trl_lint.explain import setting_row
from trl_lint.model.about import ArgumentFacts
from trl_lint.model.finding import Applicability, Finding
from trl_lint.model.release import Release
from trl_lint.model.run import Run, Setting
from trl_lint.model.span import Span
from trl_lint.packs.registry import Registry
from trl_lint.report.runs import RunRow
from trl_lint.report.text import escape
from trl_lint.server.checking import Analysis
from trl_lint.server.links import Links, file_uri

_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\*_[]<>#|~"})


@dataclass(frozen=True)
class Hovers:
    """Makes hovers, from what the packs know."""

    registry: Registry
    links: Links

    def at(self, analysis: Analysis, uri: str, position: types.Position) -> types.Hover | None:
        """What there is to say of the place; None where that is nothing."""
        offset = analysis.snapshot.offset(uri, position)
        if offset is None:
            return None
        here = [finding for finding in analysis.findings if finding.span is not None and _holds(finding.span, offset)]
        parts = [self._finding(finding) for finding in here]
        span = here[0].span if here else None
        given = _setting_at(analysis.runs, offset)
        if given is not None:
            parts.insert(0, self._setting(analysis, *given))
            span = given[1].span
        else:
            runs = [run for run in analysis.runs if _holds(run.anchor, offset)]
            if runs:
                parts.insert(0, _runs(analysis, runs))
                span = span or runs[0].anchor
        if not parts or span is None:
            return None
        _, where = analysis.snapshot.locate(span)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(parts)), where)

    def _setting(self, analysis: Analysis, run: Run, setting: Setting, of_trainer: bool) -> str:
        row = setting_row(setting.name, setting, run.source.place)
        certainty = f" ({row.certainty})" if row.certainty else ""
        lines = [f"**{_plain(setting.name)}** = {_code(row.value)}{certainty}", ""]
        for line in row.trail:
            where = _place(analysis, line.span) if line.span is not None else _plain(str(line.place))
            lines.append(f"- {escape(line.what)}{', ' if line.what else ''}{where}")
        about = self._facts(analysis, run, setting.name, of_trainer)
        if about is not None and analysis.target is not None:
            lines += ["", *_about(about, analysis)]
        rules = self._rules(setting.name)
        if rules:
            lines += ["", f"Rules that look at it: {', '.join(rules)}"]
        return "\n".join(lines)

    def _facts(self, analysis: Analysis, run: Run, name: str, of_trainer: bool) -> ArgumentFacts | None:
        if analysis.target is None:
            return None
        environment = analysis.target.environments[-1]
        return self.registry.argument_facts(run, name, environment, of_trainer=of_trainer)

    def _rules(self, name: str) -> list[str]:
        return [
            f"[{entry.name}]({self.links.of(entry.code)})" for entry in self.registry.entries if name in entry.needs
        ]

    def _finding(self, finding: Finding) -> str:
        page = self.links.page(finding)
        name = f"[{finding.name}]({page})" if page else finding.name
        lines = [f"**{finding.severity.value}** {finding.code} {name}", ""]
        lines += [f"- {_plain(text)}" for text in finding.why]
        if finding.released:
            lines.append(f"- releases: {_plain(finding.released)}")
        lines += [f"- evidence: {_plain(text)}" for text in finding.evidence]
        lines += [f"- only possible: {_plain(text)}" for text in finding.doubts]
        lines += [f"- {_kind_of(fix.applicability)}: {_plain(fix.message)}" for fix in finding.fixes]
        return "\n".join(lines)


def _kind_of(applicability: Applicability) -> str:
    return {Applicability.SAFE: "safe fix", Applicability.UNSAFE: "unsafe fix"}.get(applicability, "or")


def _holds(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end


def _setting_at(runs: tuple[Run, ...], offset: int) -> tuple[Run, Setting, bool] | None:
    """The innermost setting of any run whose text holds the offset, and whether it is one of the trainer's."""
    found = [
        (setting.span.end - setting.span.start, number, run, setting, of_trainer)
        for number, run in enumerate(runs)
        for settings, of_trainer in ((run.settings, False), (run.arguments, True))
        for setting in settings.items.values()
        if setting.span.path == run.source.path and _holds(setting.span, offset)
    ]
    if not found:
        return None
    _, _, run, setting, of_trainer = min(found, key=lambda each: each[:2])
    return run, setting, of_trainer


def _runs(analysis: Analysis, runs: list[Run]) -> str:
    judge, snapshot = analysis.judge, analysis.snapshot
    assert judge is not None  # an analysis with runs was judged
    reports = judge.engine.explain(snapshot.source, runs, snapshot.path.parent)
    return "\n\n".join("\n".join((f"**{_plain(report.title)}**", "", *map(_row, report.rows))) for report in reports)


def _row(row: RunRow) -> str:
    certainty = f" ({row.certainty})" if row.certainty else ""
    return f"- {_plain(row.label)}: {_plain(row.value)}{certainty}"


def _place(analysis: Analysis, span: Span) -> str:
    """A place as a link, which says its line."""
    if span.path != analysis.snapshot.source.path:
        return f"[{_plain(span.path)}]({file_uri(Path(span.path))})"
    text, where = analysis.snapshot.locate(span)
    cell = analysis.snapshot.source.place(span).cell
    words = f"cell {cell}, line {where.start.line + 1}" if cell is not None else f"line {where.start.line + 1}"
    return f"[{words}]({text.uri}#L{where.start.line + 1})"


def _about(about: ArgumentFacts, analysis: Analysis) -> Iterator[str]:
    """What the packs know of the argument, and in which releases."""
    target = analysis.target
    assert target is not None
    package = target.trl if about.package == "trl" else target.transformers
    release = package.newest
    owner, name = about.owner, about.package
    if about.present:
        default = f"its default is `{about.default}`" if about.default else "it must be given"
        yield f"- in {name} {release}, {owner} takes it; {default}"
    else:
        yield f"- {name} {release}: {owner} does not take it"
    if about.meaning and about.present:
        yield f"- what it does: {_plain(about.meaning)}"
    if about.choices:
        yield f"- takes {', '.join(f'`{choice}`' for choice in about.choices)}"
    yield f"- {owner} has it {' and '.join(_stretch(name, *each) for each in about.stretches)}"
    if about.deprecated_since is not None:
        yield f"- deprecated since {name} {about.deprecated_since}"


def _stretch(package: str, first: Release | None, last: Release | None) -> str:
    if first is None:
        return f"up to {package} {last}" if last is not None else f"in every known release of {package}"
    return f"from {package} {first} to {last}" if last is not None else f"since {package} {first}"


def _code(text: str) -> str:
    quoted = escape(text).replace("`", "'")
    return f"`{quoted}`"


def _plain(text: str) -> str:
    """Text that is not ours, without anything that Markdown would take for its own; code between backticks stays."""
    parts = escape(text).split("`")
    if len(parts) % 2 == 0:  # a lone backtick
        parts = ["'".join(parts)]
    return "`".join(part if number % 2 else part.translate(_MARKS) for number, part in enumerate(parts))
