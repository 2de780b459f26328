"""The short way to the arguments of a commit hook gives what the long one gives."""

from __future__ import annotations

import pytest

from trl_lint.cli.arguments import parser
from trl_lint.cli.plain import plain


@pytest.mark.parametrize(
    "words", [[], ["a.py", "b/c.ipynb"], ["--fix", "a.py"], ["a.py", "--diff"], ["-q"], ["a.py", "b.py", "--quiet"]]
)
def test_it_gives_what_the_parser_gives(words: list[str]) -> None:
    found = plain(["check", *words])
    assert found is not None
    assert vars(found) == vars(parser("check").parse_args(["check", *words]))


@pytest.mark.parametrize(
    "words",
    [[], ["runs", "a.py"], ["--version"], ["check", "--select", "TRL2"], ["check", "--", "-a.py"], ["check", "-"]],
)
def test_it_leaves_everything_else_to_the_parser(words: list[str]) -> None:
    assert plain(words) is None
