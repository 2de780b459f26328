"""Suppressions: where they may stand, what counts as one, and what is said of those that do nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.configuration.vocabulary import Vocabulary
from trl_lint.model.finding import Confidence, Finding, Severity, Stage
from trl_lint.model.source import Kind, MagicLine, Source, Unit
from trl_lint.model.span import Place, Span
from trl_lint.suppress import apply

RULES = Vocabulary.of([("TRL201", "on-vlm"), ("TRL202", "no-markers")])
EVERY = frozenset(RULES.names)


def source_of(text: str, kind: Kind = Kind.PYTHON) -> Source:
    return Source("f", kind, text)


def finding_at(source: Source, text: str, code: str = "TRL201") -> Finding:
    start = source.text.index(text)
    span = Span(source.path, start, start + len(text))
    place = source.place(span)
    return Finding(code, RULES.names[code], "m", Severity.ERROR, Confidence.CERTAIN, Stage.CONFIG, span, place)


def shown(source: Source, *texts: str, enabled: frozenset[str] = EVERY) -> list[str]:
    findings = [finding_at(source, text) for text in texts]
    return [finding.code for finding in apply(findings, source, lambda: RULES, enabled)]


def said(text: str, kind: Kind = Kind.PYTHON) -> list[tuple[str, str]]:
    return [(f.code, f.message) for f in apply([], source_of(text, kind), lambda: RULES, EVERY)]


def after_fixes(text: str, kind: Kind = Kind.PYTHON) -> str:
    """`text` after the fix of the last finding."""
    found = apply([], source_of(text, kind), lambda: RULES, EVERY)
    assert found[-1].fix is not None
    (edit,) = found[-1].fix.edits
    return text[: edit.span.start] + edit.text + text[edit.span.end :]


@pytest.mark.parametrize(
    "text",
    [
        "f(bad)  # trl-lint: ignore[on-vlm]\n",
        "f(bad)  # trl-lint: ignore[TRL201] because\n",
        "f(bad)  # trl-lint:ignore[ trl201 ,no-markers]",
        "f(bad)  # noqa: F401  # trl-lint: ignore[on-vlm] reason # more\n",
        "f(\n    bad,  # trl-lint: ignore[on-vlm]\n)\n",
        "f(  # trl-lint: ignore[on-vlm]\n    1,\n    bad,\n)\n",
        "f(\n    1,\n    bad,\n)  # trl-lint: ignore[on-vlm]\n",
        "# trl-lint: ignore-file[on-vlm] generated\n\nf(bad)\n",
        "x = 1\r\nf(bad)  # trl-lint: ignore[on-vlm]\r\n",
    ],
)
def test_places_of_a_suppression(text: str) -> None:
    assert "TRL201" not in shown(source_of(text), "bad")


@pytest.mark.parametrize(
    "text",
    [
        "f(bad)  # trl-lint: ignore[no-markers]\n",
        "# trl-lint: ignore[on-vlm]\nf(bad)\n",
        "f(bad)\n# trl-lint: ignore[on-vlm]\n",
        "f(\n    1,  # trl-lint: ignore[on-vlm]\n    bad,\n)\n",
        'f(bad, "# trl-lint: ignore[on-vlm]")\n',
        "f(bad)  # trl-lint: ignore\n",
        "f(bad)  # trl-lint: ignore[]\n",
        "f(bad)  # trl-lint: ignore[on-vlm\n",
        "f(bad)  # lint: ignore[on-vlm]\n",
    ],
)
def test_what_does_not_suppress(text: str) -> None:
    assert "TRL201" in shown(source_of(text), "bad")


def test_a_span_over_several_lines_may_be_suppressed_on_any_of_them() -> None:
    text = "f(\n  a=1,  # trl-lint: ignore[on-vlm]\n  b=2,\n)\n"
    assert shown(source_of(text), text[:-1]) == []


def test_yaml_comments() -> None:
    text = (
        "a: 1  # trl-lint: ignore[on-vlm]\nb: '# trl-lint: ignore[no-markers]'\nurl: x#trl-lint: ignore[no-markers]\n"
    )
    assert shown(source_of(text, Kind.YAML), "a: 1") == []
    assert shown(source_of(text, Kind.YAML), "b: ") == ["TRL201", "TRL010"]


def test_json_has_no_comments() -> None:
    text = '{"a": "# trl-lint: ignore[on-vlm]"}'
    assert shown(source_of(text, Kind.JSON), '"a"') == ["TRL201"]


def test_notebook_cells_and_magics() -> None:
    first, second = (
        "f(bad)  # trl-lint: ignore[on-vlm]",
        "pass" + " " * 30 + "\nf(worse)\n1 +  # trl-lint: ignore[on-vlm]",
    )
    text = f"{first}\n{second}"
    start = len(first) + 1
    magic = MagicLine("!pip install x # trl-lint: ignore[TRL202]", Span("n", start, start + 34))
    source = Source("n", Kind.NOTEBOOK, text, (Unit(0, len(first), 1), Unit(start, len(text), 3)), (magic,))
    findings = [finding_at(source, "bad"), finding_at(source, "pass", "TRL202"), finding_at(source, "worse")]
    kept = apply(findings, source, lambda: RULES, EVERY)
    assert [(f.code, f.place.cell, f.place.row) for f in kept] == [("TRL201", 3, 2), ("TRL010", 3, 3)]


def test_a_finding_with_a_place_and_no_span_is_suppressed_by_its_row() -> None:
    source = source_of("import trl\nx = (  # trl-lint: ignore[unparsable-file]\n")
    place = Place("f", 2, 5)
    broken = Finding("TRL001", "unparsable-file", "m", Severity.WARNING, Confidence.CERTAIN, Stage.IMPORT, None, place)
    assert apply([broken], source, lambda: RULES, EVERY) == ()


def test_internal_errors_are_never_suppressed() -> None:
    source = source_of("f(bad)  # trl-lint: ignore[internal-error]\n")
    codes = [f.code for f in apply([finding_at(source, "bad", "TRL002")], source, lambda: RULES, EVERY)]
    assert "TRL002" in codes


def test_findings_in_other_files_are_not_touched() -> None:
    source = source_of("f(bad)  # trl-lint: ignore[on-vlm]\n")
    other = finding_at(Source("g", Kind.PYTHON, source.text), "bad")
    assert other in apply([other], source, lambda: RULES, EVERY)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x  # trl-lint: ignore", "a bare `ignore` suppresses nothing"),
        ("x  # trl-lint: ignore[]", "a bare `ignore` suppresses nothing"),
        ("x  # trl-lint: ignore-file", "a bare `ignore-file` suppresses nothing"),
        ("x  # trl-lint: ingore[on-vlm]", "`ingore` is no directive"),
        ("x  # trl-lint: ", "this directive is empty"),
        ("x  # trl-lint: ignore[on-vml]", "this suppression names no rule: `on-vml`; did you mean `on-vlm`?"),
        ("x  # trl-lint: ignore[TRL2]", "this suppression names no rule: `TRL2`"),
    ],
)
def test_what_suppresses_nothing_is_said(text: str, message: str) -> None:
    ((code, found),) = said(text)
    assert code == "TRL011"
    assert message in found


def test_unused_suppressions_are_said_and_can_be_removed() -> None:
    assert said("x  # trl-lint: ignore[on-vlm, no-markers]\n") == [
        ("TRL010", "nothing on this line is suppressed by `on-vlm`, `no-markers`")
    ]
    assert said("# trl-lint: ignore-file[on-vlm]\n") == [("TRL010", "nothing in this file is suppressed by `on-vlm`")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x  # trl-lint: ignore[on-vlm] why\ny\n", "x\ny\n"),
        ("x  # noqa  # trl-lint: ignore[on-vlm]\n", "x  # noqa\n"),
        ("x  # trl-lint: ignore[on-vlm] why # noqa\n", "x  # noqa\n"),
        ("a\n  # trl-lint: ignore[on-vlm]\nb\n", "a\nb\n"),
        ("a\n# trl-lint: ignore[on-vlm]", "a\n"),
        ("a\r\n# trl-lint: ignore-file[on-vlm]\r\nb\r\n", "a\r\nb\r\n"),
        ("f(\n  a,  # trl-lint: ignore[on-vlm]\n)\n", "f(\n  a,\n)\n"),
    ],
)
def test_the_fix_of_an_unused_suppression(before: str, after: str) -> None:
    assert after_fixes(before) == after


def test_the_used_names_stay() -> None:
    source = source_of("f(bad)  # trl-lint: ignore[no-markers, on-vlm,trl203 ] reason\n")
    known = Vocabulary.of([*RULES.names.items(), ("TRL203", "third")])
    findings = [finding_at(source, "bad"), replace(finding_at(source, "bad"), code="TRL203")]
    (about,) = apply(findings, source, lambda: known, frozenset(known.names))
    assert about.fix is not None
    (edit,) = about.fix.edits
    assert source.text[: edit.span.start] + edit.text + source.text[edit.span.end :] == (
        "f(bad)  # trl-lint: ignore[on-vlm, trl203 ] reason\n"
    )


def test_a_suppression_of_a_rule_that_is_off_is_not_called_unused() -> None:
    assert shown(source_of("x  # trl-lint: ignore[no-markers]\n"), enabled=frozenset({"TRL010", "TRL201"})) == []
    assert shown(source_of("x  # trl-lint: ignore[on-vlm]\n"), enabled=frozenset({"TRL201"})) == []


def test_findings_about_suppressions_can_be_suppressed() -> None:
    assert said("# trl-lint: ignore-file[unused-suppression]\nx  # trl-lint: ignore[on-vlm]\n") == []
    assert said("x  # trl-lint: ignore[on-vml]  # trl-lint: ignore[TRL011]\n") == []


def test_the_rules_are_not_asked_for_where_nothing_is_suppressed() -> None:
    source = source_of("f(bad)  # trl-lint is nice\n")
    finding = finding_at(source, "bad")

    def unexpected() -> Vocabulary:
        raise AssertionError("not needed")

    assert apply([finding], source, unexpected, EVERY) == (finding,)


@given(
    st.lists(
        st.sampled_from(
            [
                "# trl-lint: ",
                "ignore",
                "-file",
                "[",
                "]",
                "on-vlm",
                ",",
                " ",
                "\n",
                "x",
                "'",
                '"""',
                "(",
                "\r",
                "\t",
                "\\",
            ]
        ),
        max_size=30,
    ).map("".join),
    st.sampled_from(list(Kind)),
)
def test_anything_goes_and_fixes_stay_inside_comments(text: str, kind: Kind) -> None:
    source = source_of(text, kind)
    for finding in apply([], source, lambda: RULES, EVERY):
        assert finding.code in ("TRL010", "TRL011")
        for fix in finding.fixes:
            for edit in fix.edits:
                removed = source.slice(edit.span)
                assert removed.strip() == "" or "#" in removed or edit.text
