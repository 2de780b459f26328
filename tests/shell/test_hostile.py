"""Broken, huge and hostile shell text neither crashes nor hangs the reader."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shell.reading import read

from trl_lint.model.launch import flags

_FRAGMENTS = st.sampled_from(
    [
        *(
            "'",
            '"',
            "`",
            "$",
            "${",
            "$(",
            "$((",
            "}",
            ")",
            "(",
            "((",
            "{",
            "[[",
            "]]",
            "<<E\n",
            "\nE\n",
            "<(",
            "\\",
            "\\\n",
        ),
        *(
            "\r\n",
            "\n",
            ";",
            "&&",
            "|",
            "#",
            " ",
            "if ",
            "then ",
            "else ",
            "fi",
            "for x in ",
            "do ",
            "done",
            "case x in ",
        ),
        *("esac", "x=", "x=(", "x+=", "$x", "${x:-", "${x[@]}", "f() ", "python t.py ", "--a ", "trl sft "),
        *("bash -c ", "eval ", "\0", "é", "*", "?", ";;", ">", "2>&1", "function f ", "export ", "source x "),
        *(
            "cat > a.yaml <<E\n",
            "tee a.json <<'E'\n",
            "a: $x\n",
            "$((x * 2))",
            "$((",
            "#SBATCH --nodes=2\n",
            "#SBATCH -N",
        ),
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(_FRAGMENTS, max_size=40).map("".join))
def test_any_text_is_read(text: str) -> None:
    for launch in read(text):
        assert 0 <= launch.span.start <= launch.span.end <= len(text)
        for flag in flags(launch.words).flags:
            assert 0 <= flag.span.start <= flag.span.end <= len(text)


_REPEATED = [
    *(
        "$(",
        "${a:-",
        '"',
        "'",
        "`",
        "(",
        "((",
        "{ ",
        "[[ ",
        "<<E\n",
        "if x; then ",
        "for x in a; do ",
        "f() { ",
        "x=`",
        "<(",
    ),
    *(
        "case x in a) ",
        "a && ",
        "a | ",
        "x=( ",
        "\\\n",
        "bash -c '",
        "$x",
        "*",
        "#\n",
        "python t.py --a 1\n",
        "X=$X$X\n",
    ),
    *("X=${X:-$X}\n", "if a; then X=1; else X=2; fi\n", "f() { f; f; }\nf\n", "ARGS+=(--a $Y)\n", "export A=$A:b\n"),
    *('X="$X --a 1"\npython t.py $X\n', 'f() { f "$@" a; }\nf b\n', "source x\nX=$X1\npython t.py $X\n"),
    *("cat > a.yaml <<E\n", "cat > a.yaml <<E\nE\n", "X=$((X + 1))\n", "$((", "#SBATCH --nodes=2\n"),
]


@pytest.mark.parametrize("piece", _REPEATED)
def test_work_grows_with_the_length_and_not_faster(piece: str) -> None:
    def calls(length: int) -> int:
        counted = 0

        def count(*_: object) -> None:
            nonlocal counted
            counted += 1

        text = piece * (length // len(piece))
        sys.setprofile(count)
        try:
            read(text)
        finally:
            sys.setprofile(None)
        return counted

    assert calls(16_000) < 4 * 1.5 * calls(4_000) + 20_000
