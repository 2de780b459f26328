"""The pages of the site that no file in `docs/` holds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from docs.markdown import fenced
from docs.tables import FAMILIES
from trl_lint.packs.registry import BUILTIN, Registry, RuleInfo
from trl_lint_rules import facts

from . import links, rule_page

ROOT = Path(__file__).resolve().parents[2]
PACK = "examples/rule-pack"
# What of the repository is shown: title and page by path.
OWN = {
    PACK: ("A rule pack to copy", "rule-pack.md"),
    "CONTRIBUTING.md": ("Contributing", "contributing.md"),
    "CHANGELOG.md": ("Changes", "changelog.md"),
}


@cache
def _registry() -> Registry:
    return Registry([BUILTIN])


@cache
def _rules() -> tuple[RuleInfo, ...]:
    return _registry().all_rules()


@cache
def _by_document() -> dict[str, str]:
    """The pages by what they show: a document or a folder of the repository."""
    shown = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "docs").rglob("*") if path.is_file()}
    found = {name: path.relative_to(ROOT / "docs").as_posix() for name, path in shown.items()}
    found |= {f"rules/{BUILTIN}/{info.family}/{info.path.name}": f"rules/{info.name}.md" for info in _rules()}
    found |= {path: page for path, (_, page) in OWN.items()}
    return {**found, "README.md": "index.md"}


def navigation() -> Iterator[dict[str, list[dict[str, str]]]]:
    """The rules by family."""
    for number in sorted({info.code[3] for info in _rules()}):
        family = [info for info in _rules() if info.code[3] == number]
        yield {FAMILIES[number]: [{f"{info.code} {info.name}": f"rules/{info.name}.md"} for info in family]}


def left_out(nav: object) -> list[str]:
    """The documents that this navigation does not name."""
    documents = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
    return [name for name in documents if f"'{name}'" not in repr(nav)]


def made() -> Iterator[tuple[str, str]]:
    """Where each page that is made lies, and its Markdown."""
    known = facts.releases("trl")
    for info in _rules():
        yield f"rules/{info.name}.md", rule_page.page(info, _registry(), known)
    for path, (_, page) in OWN.items():
        yield page, _pack() if path == PACK else (ROOT / path).read_text(encoding="utf-8")


def _pack() -> str:
    """The template of a rule pack, file by file."""
    folder = ROOT / PACK
    lines = [(folder / "README.md").read_text(encoding="utf-8")]
    for name in ("pyproject.toml", *sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))):
        text = (folder / name).read_text(encoding="utf-8")
        lines += [f"## `{name}`", "", *fenced(text, "toml" if name.endswith(".toml") else "python"), ""]
    (page,) = (path for path in folder.rglob("*.md") if path.name != "README.md")
    return "\n".join([*lines, f"## `{page.name}`", "", *fenced(page.read_text(encoding="utf-8"), "markdown")]) + "\n"


def with_links(markdown: str, page: str) -> str:
    """The Markdown of a page, with links that work on the site."""
    documents = {made: path for path, made in _by_document().items() if path != "README.md"}
    document = documents.get(page, f"docs/{page}")
    if document == PACK:
        document += "/README.md"
    return links.on_site(markdown, document, page, _by_document(), {info.name for info in _rules()})
