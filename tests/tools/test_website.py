"""The documentation site: links, bars, pages, and that mkdocs builds it without a warning."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trl_lint.model.finding import Confidence, Finding, Severity, Stage
from trl_lint.model.release import Release
from trl_lint.model.span import Place
from trl_lint.packs.registry import BUILTIN, Registry
from website import links, pages, rule_page, timeline

ROOT = Path(__file__).parents[2]
KNOWN = [Release(0, 9, 2), Release(0, 9, 3), Release(0, 10, 1), Release(1, 0, 0)]


def finding(releases: str) -> Finding:
    place = Place("a.py", 1)
    return Finding("X", "x", "m", Severity.INFO, Confidence.CERTAIN, Stage.CONFIG, None, place, releases=releases)


def test_a_bar_colours_the_series_in_which_something_is_found() -> None:
    older = timeline.affected([finding(">=0.9.3,<0.10 || ==1.0.0")], Severity.WARNING, KNOWN)
    found = older.joined(timeline.affected([finding("==1.0.0")], Severity.ERROR, KNOWN))
    assert found.by_release == {Release(0, 9, 3): Severity.WARNING, Release(1, 0, 0): Severity.ERROR}
    drawn = timeline.bar(found)
    assert '<span class="warning part" title="0.9: warning, in some of it"></span>' in drawn
    assert '<span title="0.10"></span><span class="error" title="1.0: error"></span>' in drawn
    assert 'aria-label="TRL 0.9.3 and 1.0.0"' in drawn


PAGES = {"docs/rules.md": "rules.md", "docs/a.md": "a.md", "rules/p/f/x_y.md": "rules/x-y.md", "README.md": "index.md"}


@pytest.mark.parametrize(
    ("document", "page", "text", "expected"),
    [
        ("docs/a.md", "a.md", "[x](../rules/p/f/x_y.md#why)", "[x](rules/x-y.md#why)"),
        ("docs/a.md", "a.md", "[x](rules.md) [y](#z) [z](https://e.org/a.md)", None),
        ("rules/p/f/x_y.md", "rules/x-y.md", "[a](../../../docs/a.md)", "[a](../a.md)"),
        ("docs/a.md", "a.md", "[tool](../tools/x.py), ![p](images/p.svg)", "tool, ![p](images/p.svg)"),
        ("docs/a.md", "a.md", "see `x-y`, `x-z`", "see [`x-y`](rules/x-y.md), `x-z`"),
        ("rules/p/f/x_y.md", "rules/x-y.md", "`x-y` is this page", None),
        ("docs/a.md", "a.md", "```text\n[x](../rules/p/f/x_y.md) `x-y`\n```", None),
    ],
)
def test_links_of_the_repository_become_links_of_the_site(
    document: str, page: str, text: str, expected: str | None
) -> None:
    assert links.on_site(text, document, page, PAGES, {"x-y"}) == (text if expected is None else expected)


def test_a_rule_has_its_page_with_what_is_really_said() -> None:
    registry = Registry([BUILTIN])
    (info,) = (each for each in registry.all_rules() if each.code == "TRL402")
    text = rule_page.page(info, registry, KNOWN_TRL)
    assert text.startswith("# packing-without-max-length\n")
    assert '<div class="releases"' in text
    assert '???+ example "What trl-lint says"' in text
    assert "    error[TRL402]: " in text
    assert "trl-lint: ignore[packing-without-max-length] why" in text


KNOWN_TRL = [Release(0, 20, 0), Release(1, 9, 2), Release(1, 16, 0)]


def test_every_rule_is_in_the_navigation() -> None:
    listed = [page for family in pages.navigation() for entries in family.values() for page in entries]
    assert len(listed) == len(Registry([BUILTIN]).all_rules())


@pytest.mark.slow
@pytest.mark.xdist_group("website")
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="the dependency group `docs` is not installed")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for info in Registry([BUILTIN]).all_rules():
        assert info.summary[:10]
        assert (tmp_path / "rules" / info.name / "index.html").is_file()
    founding = (tmp_path / "rules" / "assistant-only-loss-on-vlm" / "index.html").read_text(encoding="utf-8")
    assert 'class="releases"' in founding
    assert "Qwen3VLProcessor" in founding
    assert (tmp_path / "images" / "founding-case.svg").is_file()
