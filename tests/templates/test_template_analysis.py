"""Markers as Jinja sees them and as string tests see them, and templates that Jinja refuses."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.templates.analysis import MAX_LENGTH, TemplateAnalysis, analyse

from .samples import INSIDE, PLAIN

RAW = "{% raw %}{% generation %}{% endraw %}"


def tags(text: str) -> list[tuple[str, str]]:
    """The begin and end tags that were found, as text."""
    return [
        (text[block.start : block.start_end], "" if block.end is None else text[block.end : block.end_end])
        for block in analyse(text).markers
    ]


@pytest.mark.parametrize(
    ("opening", "literal", "pattern"),
    [
        ("{% generation %}", True, True),
        ("{%generation%}", False, True),
        ("{%- generation %}", False, True),
        ("{%- generation -%}", False, True),
        ("{%   generation\n%}", False, True),
        ("{%+ generation %}", False, False),
        ("{% generation +%}", False, False),
    ],
)
def test_every_spelling_is_a_marker_and_the_string_tests_differ(opening: str, literal: bool, pattern: bool) -> None:
    text = f"before \n  {opening}x{{% endgeneration %}}"
    found = analyse(text)
    assert tags(text) == [(opening, "{% endgeneration %}")]
    assert (found.literal_marker, found.pattern_marker, found.marked) == (literal, pattern, True)


@pytest.mark.parametrize(
    "text",
    [
        "{# {% generation %}x{% endgeneration %} #}",
        "{% raw %}{% generation %}x{% endgeneration %}{% endraw %}",
        "{{ '{% generation %}x{% endgeneration %}' }}",
    ],
)
def test_what_only_looks_like_a_marker_passes_the_string_tests_and_marks_nothing(text: str) -> None:
    found = analyse(text)
    assert found.literal_marker
    assert found.pattern_marker
    assert found.markers == ()
    assert not found.marked
    assert found.syntax_error is None


def test_words_around_are_no_markers() -> None:
    assert analyse("{% set generation = 1 %}{{ generation }}{% if generation %}generation{% endif %}").markers == ()
    assert analyse(PLAIN) == TemplateAnalysis(hashlib.sha256(PLAIN.encode()).hexdigest(), (), False, False)


def test_blocks_nest_and_repeat() -> None:
    end = "{% endgeneration %}"
    text = "{% generation %}a{% generation %}b" + end + end + "{%- generation %}" + end
    first, second, third = analyse(text).markers
    assert text[second.start_end : second.end] == "b"
    assert (first.start, first.end_end) == (0, third.start)


def test_offsets_survive_carriage_returns_and_characters_beyond_the_plane() -> None:
    text = "a\r\nb\r𝄞\n{%- generation %}\r\nx{% endgeneration %}\r\n"
    assert tags(text) == [("{%- generation %}", "{% endgeneration %}")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n{% if x %}", 2),
        ("{% generation %}never closed", 1),
        ("\n\n{% endgeneration %}", 3),
        ("{{ 'x' ", 1),
        ("{% unknown_tag %}", 1),
        ("{{ 1 +* 2 }}", 1),
    ],
)
def test_a_syntax_error_has_its_line(text: str, line: int) -> None:
    found = analyse(text)
    assert found.syntax_error
    assert found.syntax_line == line
    assert not found.marked


def test_loop_controls_and_the_generation_tag_are_known() -> None:
    assert analyse("{% for x in y %}{% break %}{% continue %}{% endfor %}").syntax_error is None
    assert analyse(INSIDE).syntax_error is None


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "(" * 50_000,
        "{{ " + "[" * 5_000 + "]" * 5_000 + " }}",
        "{% if a %}" * 20_000,
        "{% generation %}" * 10_000,
        "{{ " + "not " * 50_000 + "1 }}",
        "{{ " + "9" * 200_000 + " }}",
        "{%" * 100_000,
        "{#" * 100_000,
        "{{ 'a",
        "x" * (MAX_LENGTH + 1),
    ],
    ids=range(10),
)
def test_hostile_templates_are_refused_soon(text: str) -> None:
    assert analyse(text).syntax_error


@pytest.mark.parametrize("text", ["{{ 9**(9**9) }}", "{{ 'a' * 10**12 }}", "{{ '\ud800' }}"])
def test_nothing_is_computed(text: str) -> None:
    assert analyse(text).syntax_error is None


@given(st.text(alphabet=st.sampled_from("{}%-+# \r\n'ax") | st.characters(), max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    found = analyse(text + "{% generation %}" + text)
    for block in found.markers:
        assert 0 <= block.start < block.start_end <= 2 * len(text) + 16


@given(
    st.lists(st.sampled_from([" ", "\n", "\r\n", "text", "𝄞", "{# c #}", "{{ x }}", "{%- set y = 1 -%}", RAW])),
    st.sampled_from(["{% generation %}", "{%-generation-%}", "{%+ generation %}"]),
)
def test_the_offsets_are_those_of_the_tags(parts: list[str], opening: str) -> None:
    around = "".join(parts)
    text = f"{around}{opening}{around}{{%- endgeneration %}}{around}"
    assert tags(text) == [(opening, "{%- endgeneration %}")]


def test_importing_the_package_does_not_import_jinja() -> None:
    code = "import sys, trl_lint.templates, trl_lint.artifacts; print({'jinja2', 'huggingface_hub'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
