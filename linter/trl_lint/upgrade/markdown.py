"""The report for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trl_lint.lazy import regex
from trl_lint.model.finding import Finding
from trl_lint.model.upgrade import Weight
from trl_lint.report.full import in_words
from trl_lint.report.text import escape
from trl_lint.upgrade import words
from trl_lint.upgrade.report import Found, Group, UpgradeReport

_MARKS = regex(r"([\\*_<>\[\]|#])")


def render(report: UpgradeReport, title: str = "What the TRL upgrade changes") -> Iterator[str]:
    """The lines of the document, without their ends."""
    yield f"## {title}"
    yield ""
    yield from _paragraph(" ".join(words.summary(report)) if report.files else "Nothing would change.")
    for group in report.groups():
        yield from _group(group)
    for finding in report.problems:
        yield from _paragraph(f"Not read: {_plain(str(finding.place))}: {_plain(finding.message)}")
    for note in report.notes:
        yield from _paragraph(_plain(note))


def _group(group: Group) -> Iterator[str]:
    aimed = "" if group.step.still else f" → {_plain(group.step.aimed)}"
    yield f"### {'Already on ' if group.step.still else ''}{_plain(words.origin(group))}{aimed}"
    yield ""
    yield from _findings("Would break", group.breaks, group.lost)
    yield from _changes(group)
    yield from _findings("Would warn", group.deprecated)
    for text in filter(None, (words.patched(group.runs), words.older(group), words.today(group))):
        yield from _paragraph(_plain(text))


def _findings(heading: str, findings: Sequence[Finding], lost: Sequence[Found] = ()) -> Iterator[str]:
    if not findings and not lost:
        return
    yield f"#### {heading}"
    yield ""
    for each in words.merged(findings):
        _, remedy = words.remedy(each.finding)
        yield f"- [ ] **{in_words(each.finding)} {each.finding.code}** {_plain(each.finding.message)}"
        yield f"  {_code(words.places(each.places))}" + (f" — {_plain(remedy)}" if remedy else "")
    for found in lost:
        yield f"- [ ] **error** {_plain(words.lost(found))}"
        places = words.places([run.place_of(found.change) for run in found.runs])
        yield f"  {_code(places)} — {_plain(words.keep(found.change))}"
    yield ""


def _changes(group: Group) -> Iterator[str]:
    found, smaller = group.changes(Weight.MATTERS), words.smaller(group)
    if not found and not smaller and not group.differs:
        return
    yield "#### Would silently change"
    yield ""
    for each in words.merged(group.differs):
        yield f"- [ ] **{in_words(each.finding)} {each.finding.code}** {_plain(each.finding.message)}"
        yield f"  {_code(words.places(each.places))}"
    if found:
        if group.differs:
            yield ""
        yield "| what | from | to | since | it means | to keep it | where |"
        yield "|---|---|---|---|---|---|---|"
    for one in found:
        change = one.change
        means = f"{change.means} ({change.condition})" if change.condition else change.means
        places = [*(words.where(one, group) if one.certain else ()), *words.unseen(one)]
        name = f"`{change.name}`" if change.sort.value == "default" else change.name
        cells = (
            name, change.old, change.new, words.since(change), means, words.keep(change), "<br>".join(places)
        )  # fmt: skip
        yield "| " + " | ".join(_cell(cell) for cell in cells) + " |"
    if found:
        yield ""
    if smaller:
        yield from _paragraph(f"Of less weight: {_plain(smaller)}")


def _paragraph(text: str) -> Iterator[str]:
    yield text
    yield ""


def _plain(text: str) -> str:
    """Text whose backquotes are code and in which nothing else is Markdown."""
    parts = escape(text).split("`")
    return "`".join(part if number % 2 else _MARKS.sub(r"\\\1", part) for number, part in enumerate(parts))


def _cell(text: str) -> str:
    return "<br>".join(_plain(part).replace("|", "\\|") for part in text.split("<br>"))


def _code(places: Sequence[str]) -> str:
    return ", ".join(f"`{escape(text).replace('`', '')}`" for text in places)
