"""A rule's page on the site: its Markdown file with what programs know besides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from trl_lint.model.release import Release
from trl_lint.packs.page import parse
from trl_lint.packs.registry import Registry, RuleInfo
from trl_lint.testing import Example, examples
from trl_lint.testing.pages import FIXED, UNSAFE

from .examples import Said, ask
from .timeline import bar

_LANGUAGES = {".py": "python", ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".ipynb": "json", ".toml": "toml"}
_LANGUAGES |= {".sh": "bash", ".jinja": "jinja"}
_FIXES = {FIXED: "safe", UNSAFE: "unsafe"}


def page(info: RuleInfo, registry: Registry, known: Sequence[Release]) -> str:
    """The Markdown of the page."""
    parts = parse(info.page())
    shown = examples(info.page())
    said = {
        example.title: ask(example, info.code, registry, known)
        for example in shown
        if any(each.code == info.code for each in example.expected)
    }
    lines = [f"# {info.name}", "", _facts(info, shown), "", parts.summary, ""]
    lines += ["## Why", "", parts.why, "", "## Releases", ""]
    lines += [*_bar(said), parts.releases, "", "## What to do", "", parts.what_to_do, ""]
    lines += _examples(info, shown, said)
    lines += _configuration(info)
    return "\n".join(lines) + "\n"


def _facts(info: RuleInfo, shown: Sequence[Example]) -> str:
    severities = {each.severity for example in shown for each in example.expected if each.code == info.code}
    roles = {role for example in shown for _, role in example.fixed}
    fix = next((_FIXES[role] for role in (FIXED, UNSAFE) if role in roles), "")
    parts = [f"<code>{info.code}</code>", " or ".join(s for s in ("error", "warning", "info") if s in severities)]
    parts += [f"{fix} fix" if fix else "no fix"]
    return f'<p class="rule-facts">{" · ".join(filter(None, parts))}</p>'


def _bar(said: Mapping[str, Said]) -> Iterator[str]:
    found = [each.affected for each in said.values() if each.affected.by_release]
    if not found:
        return
    union = found[0]
    for other in found[1:]:
        union = union.joined(other)
    yield bar(union)
    yield ""
    yield "Where the examples below have this finding, judged for every release that is known."
    yield ""


def _examples(info: RuleInfo, shown: Sequence[Example], said: Mapping[str, Said]) -> Iterator[str]:
    if not shown:
        return
    yield "## Examples"
    yield ""
    prose = _prose(info.page())
    first = True
    for example in shown:
        yield f"### {example.title}"
        yield ""
        yield from prose.get(example.title, [])
        for name, text in example.files.items():
            yield from _block(name, text)
        answer = said.get(example.title)
        if answer is not None:
            opened = "+" if first else ""
            yield f'???{opened} example "What trl-lint says"'
            yield ""
            yield from _indented(["```text", *answer.report.split("\n"), "```"])
            yield ""
            if answer.affected.by_release and len(said) > 1:
                yield bar(answer.affected)
                yield ""
            first = False
        for (name, role), text in example.fixed.items():
            flags = "--fix" if role == FIXED else "--fix --unsafe-fixes"
            yield f'??? success "After `{flags}`"'
            yield ""
            yield from _indented(list(_block(name, text)))
            yield ""


def _block(name: str, text: str) -> Iterator[str]:
    fence = "`" * max(3, 1 + max((len(found) for found in re.findall(r"`{3,}", text)), default=0))
    yield f'{fence}{_LANGUAGES.get(Path(name).suffix, "text")} title="{name}"'
    yield from text.rstrip("\n").split("\n")
    yield fence
    yield ""


def _indented(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield f"    {line}" if line else ""


def _prose(text: str) -> dict[str, list[str]]:
    """What stands between an example's heading and its first file, by title."""
    found: dict[str, list[str]] = {}
    title, fence = "", ""
    for line in text.partition("\n## Examples\n")[2].splitlines():
        if fence:
            fence = "" if line.startswith(fence) and not line.strip("`").strip() else fence
        elif line.startswith("```"):
            fence = line[: len(line) - len(line.lstrip("`"))]
        elif line.startswith("### "):
            title = line[4:].strip()
        else:
            found.setdefault(title, []).append(line)
    return found


def _configuration(info: RuleInfo) -> Iterator[str]:
    yield "## Configure"
    yield ""
    yield "For one line, with the reason:"
    yield ""
    yield f"```python\n...  # trl-lint: ignore[{info.name}] why\n```"
    yield ""
    yield "For a project, or some of its files:"
    yield ""
    yield f'```toml title="pyproject.toml"\n[tool.trl-lint]\nextend-ignore = ["{info.name}"]'
    yield f'per-file-ignores = {{ "experiments/**" = ["{info.name}"] }}\n```'
    yield ""
    yield f"On the command line: `--ignore {info.code}`, `--select {info.code}`. `trl-lint rule {info.code}` prints it."
