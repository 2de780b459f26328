"""The format that people read first: the frames, the notes, the changes, and that nothing can break the terminal."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.model.finding import Applicability, Confidence, Edit, Finding, Fix, Related, Severity
from trl_lint.model.source import Kind, MagicLine, Source, Unit
from trl_lint.model.span import Place, Span
from trl_lint.report.full import render
from trl_lint.report.text import cells, escape, width, wrap

from .conftest import Case


def drawn(case: Case, finding: Finding, columns: int = 100) -> str:
    return "\n".join(render([finding], case.context(columns)))


def test_the_founding_case(case: Case, founding: Finding) -> None:
    expected = """\
    error[TRL201]: TRL 1.9.2 refuses `assistant_only_loss=True` for this run
      --> train.py:9:5
       |
     4 | tokenizer = AutoTokenizer.from_pretrained("Qwen/Qwen3.5-4B-Base")
       | --------- this tokenizer is edited, but the trainer never gets it
    ...
     9 |     assistant_only_loss=True,
       |     ^^^^^^^^^^^^^^^^^^^^^^^^ stops when the trainer is made
    ...
    12 | trainer = SFTTrainer(
       |           ---------- no `processing_class` here
       |
       = why: Without `processing_class` the trainer loads `AutoProcessor`, gets a `ProcessorMixin` and
              takes the model for a vision-language model. The tokenizer that this script edits is never
              used.
       = releases: TRL 0.22 to 1.9; this project has 1.9.2 (requirements.txt:1)
       = evidence: model/config.json: model_type "qwen3_5"
       = fix: pass the tokenizer to the trainer [safe, `--fix`]
       |
    12 | trainer = SFTTrainer(
    13 |     model=model,
       +     processing_class=tokenizer,
       |
       = or: prompt-completion data with `completion_only_loss=True` [unsafe, `--unsafe-fixes`]
       = or: upgrade to TRL 1.15
       = help: `trl-lint rule assistant-only-loss-on-vlm`
    """
    assert drawn(case, founding) == textwrap.dedent(expected)


def test_places_in_other_files_follow_with_their_own_arrow(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("requirements.txt").write_text("torch\ntrl==1.9.2  # pinned\n")
    finding = case.finding(
        "args=args",
        related=(
            Related(Place("requirements.txt", 2, 1, 2, 11), "this pin"),
            Related(Place("gone.lock", 7, 3), "never shown"),
        ),
    )
    assert drawn(case, finding).splitlines()[6:13] == [
        "  ::: requirements.txt:2:1",
        "   |",
        " 2 | trl==1.9.2  # pinned",
        "   | ---------- this pin",
        "   |",
        "  ::: gone.lock:7:3",
        "   = help: `trl-lint rule some-rule`",
    ]


def test_a_gap_of_one_line_is_shown_and_the_words_at_the_primary_place_are_its_label(case: Case) -> None:
    finding = case.finding(
        "output_dir",
        related=(
            Related(case.place("output_dir"), "the label"),
            Related(case.place("args = SFTConfig", "SFTConfig"), "made here"),
            Related(case.place(")\n\ntrainer", ")"), "ends here"),
        ),
    )
    assert drawn(case, finding).splitlines()[2:11] == [
        "   |",
        " 7 | args = SFTConfig(",
        "   |        --------- made here",
        ' 8 |     output_dir="out",',
        "   |     ^^^^^^^^^^ the label",
        " 9 |     assistant_only_loss=True,",
        "10 | )",
        "   | - ends here",
        "   |",
    ]


def test_a_place_over_several_lines_is_underlined_on_its_first(case: Case) -> None:
    finding = case.finding(case.source.text[case.source.text.index("SFTConfig(\n") : case.source.text.index(")\n\n")])
    assert drawn(case, finding).splitlines()[3:5] == ["7 | args = SFTConfig(", "  |        ^^^^^^^^^^"]


def test_tabs_wide_and_combining_characters_stay_aligned() -> None:
    line = "\tx = f('日本語', e\u0301, bad)\n"
    case = Case(Source("wide.py", Kind.PYTHON, line))
    code, under = drawn(case, case.finding("bad")).splitlines()[3:5]
    assert code == "1 |     x = f('日本語', e\u0301, bad)"
    before = code[: code.index("bad")]
    assert under.index("^") == width(before)
    assert under.count("^") == 3


def test_a_very_long_line_is_cut_around_the_place() -> None:
    line = "x = [" + "1, " * 40_000 + "wrong, " + "2, " * 40_000 + "]\n"
    case = Case(Source("long.py", Kind.PYTHON, line))
    code, under = drawn(case, case.finding("wrong"), 80).splitlines()[3:5]
    assert len(code) <= 80
    assert code.startswith("1 | ...")
    assert code.endswith("...")
    assert code[under.index("^") : under.index("^") + 5] == "wrong"


def test_a_long_label_goes_below_its_mark(case: Case) -> None:
    words = "a label of many words that has no room beside what it belongs to " * 2
    finding = case.finding('from_pretrained("Qwen/Qwen3.5-4B-Base")', related=())
    finding = replace(finding, related=(Related(finding.place, words),))
    lines = drawn(case, finding, 70).splitlines()
    assert all(len(line) <= 70 for line in lines[2:])
    assert " ".join(words.split()) in re.sub(r"\s+\|?\s*", " ", " ".join(lines))


def test_notebook_cells_count_their_own_rows_and_show_their_magics() -> None:
    first, second = "import trl\n", "pass  #           \nx = wrong\n"
    text = first + "\n" + second
    start = len(first) + 1
    magic = "!pip install trl=="
    source = Source(
        "n.ipynb",
        Kind.NOTEBOOK,
        text,
        (Unit(0, len(first), 1), Unit(start, len(text), 4)),
        (MagicLine(magic, Span("n.ipynb", start, start + len(magic))),),
    )
    case = Case(source)
    finding = case.finding("wrong", related=(Related(Place("n.ipynb", 1, 6, 1, 13, 4), "the pin"),))
    assert drawn(case, finding).splitlines()[1:8] == [
        " --> n.ipynb:cell 4:2:5",
        "  |",
        "1 | !pip install trl==",
        "  |      ------- the pin",
        "2 | x = wrong",
        "  |     ^^^^^",
        "  |",
    ]


def test_a_changed_line_is_shown_removed_and_added(case: Case) -> None:
    fix = Fix(
        "use the other",
        Applicability.UNSAFE,
        (
            Edit(case.span("assistant_only_loss=True"), "completion_only_loss=True"),
            Edit(case.span("args=args"), "args=other"),
        ),
    )
    finding = case.finding("assistant_only_loss", fixes=(fix,))
    lines = drawn(case, finding).splitlines()
    assert lines[lines.index("   = fix: use the other [unsafe, `--unsafe-fixes`]") + 1 :] == [
        "   |",
        " 7 | args = SFTConfig(",
        ' 8 |     output_dir="out",',
        " 9 -     assistant_only_loss=True,",
        "   +     completion_only_loss=True,",
        "   |",
        "12 | trainer = SFTTrainer(",
        "13 |     model=model,",
        "14 -     args=args,",
        "   +     args=other,",
        "   |",
        "   = help: `trl-lint rule some-rule`",
    ]


def test_a_possible_finding_says_so(case: Case) -> None:
    assert "   = possible: this depends" not in drawn(case, case.finding("args=args"))
    assert "= possible: this depends" in drawn(case, case.finding("args=args", confidence=Confidence.POSSIBLE))


def test_a_finding_without_text_is_only_its_place(case: Case) -> None:
    finding = case.finding("args=args", code="TRL001", span=None, place=Place("gone.py", 1), severity=Severity.ERROR)
    assert drawn(case, finding) == "error[TRL001]: a message\n --> gone.py:1:1\n"
    whole = replace(finding, place=Place("train.py", 1))
    assert drawn(case, whole) == "error[TRL001]: a message\n --> train.py:1:1\n"


def test_nothing_in_a_finding_can_steer_the_terminal() -> None:
    case = Case(Source("a\x1b[2J.py", Kind.PYTHON, "x = '\x1b]0;owned\x07'  # \u202egnorw\n"))
    evil = "clear \x1b[2J and \u202e turn\nround"
    finding = case.finding(
        "x",
        message=evil,
        why=(evil,),
        evidence=(evil,),
        releases=evil,
        related=(Related(case.place("owned"), evil),),
        fixes=(Fix(evil, Applicability.SAFE, (Edit(case.span("owned"), evil),)),),
    )
    text = drawn(case, finding)
    assert all(line.isprintable() for line in text.split("\n"))
    assert "\\x1b]0;owned\\x07" in text
    assert "\\u202egnorw" in text


def test_colours_only_when_asked_for(case: Case, founding: Finding) -> None:
    plain = "\n".join(render([founding], case.context()))
    coloured = "\n".join(render([founding], case.context(colour=True)))
    assert "\x1b[1;31merror[TRL201]\x1b[0m" in coloured
    # The colours add nothing but themselves.
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured).split() == plain.split()


def test_wrapping_keeps_code_in_one_piece_and_fits() -> None:
    text = "pass `processing_class=tokenizer, args=args` to the trainer `and` more " * 3
    lines = wrap(text, 50)
    assert all(len(line) <= 50 for line in lines)
    assert " ".join(lines) == " ".join(text.split())
    assert any("`processing_class=tokenizer, args=args`" in line for line in lines)


def test_cells_give_the_column_of_every_code_point() -> None:
    assert cells("a\tb\x00") == (["a", "   ", "b", "\\x00"], [0, 1, 4, 5, 9])
    assert escape("tab\there") == "tab\\there"


@given(
    text=st.text(st.characters(codec="utf-8"), max_size=60),
    places=st.lists(st.tuples(*[st.integers(0, 9)] * 4), min_size=1, max_size=4),
    columns=st.integers(40, 120),
)
def test_any_places_in_any_text_can_be_drawn(text: str, places: list[tuple[int, int, int, int]], columns: int) -> None:
    case = Case(Source("any.py", Kind.PYTHON, text))
    spots = [Place("any.py", max(1, row), max(1, column), end, wide) for row, column, end, wide in places]
    related = tuple(Related(spot, text) for spot in spots[1:])
    finding = case.finding("", span=None, place=spots[0], related=related, message=text)
    lines = drawn(case, finding, columns).split("\n")
    assert all(line.isprintable() for line in lines)
    assert lines[1].strip().startswith("-->")
