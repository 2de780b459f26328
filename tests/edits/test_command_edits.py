"""Edits on the flags of command lines: continued lines, quotes and everything around them stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from trl_lint.edits import command
from trl_lint.edits.apply import splice
from trl_lint.engine import Engine
from trl_lint.model.finding import Edit
from trl_lint.model.run import Run, Setting
from trl_lint.model.source import Kind, Source


def run_of(text: str, kind: Kind = Kind.SHELL) -> Run:
    """The run of a file with one `trl` command."""
    (found,) = Engine(isolated=True).understand(Source("run.sh", kind, text), Path.cwd()).runs
    return found


def setting_of(text: str, name: str) -> tuple[Source, Setting]:
    run = run_of(text)
    return run.source, run.settings.items[name]


def changed(text: str, edit: Edit) -> str:
    return splice(text, [edit])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("trl sft --max_seq_length 1\n", "trl sft --max_length 1\n"),
        ("trl sft --max_seq_length=1\n", "trl sft --max_length=1\n"),
        ("trl sft --max-seq-length 1\n", "trl sft --max-length 1\n"),
        ("trl sft \\\r\n  --max_seq_length $X \\\r\n  --a 1\r\n", "trl sft \\\r\n  --max_length $X \\\r\n  --a 1\r\n"),
        ("A='--max_seq_length 1'\ntrl sft $A\n", "A='--max_length 1'\ntrl sft $A\n"),
        ('A=(--max_seq_length 1)\ntrl sft "${A[@]}"\n', 'A=(--max_length 1)\ntrl sft "${A[@]}"\n'),
    ],
)  # fmt: skip
def test_rename(before: str, after: str) -> None:
    source, setting = setting_of(before, "max_seq_length")
    assert changed(before, command.rename_flag(source, setting, "max_length")) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("trl sft --packing True --seed 1\n", "trl sft --seed 1\n"),
        ("trl sft --seed 1 --packing=True\n", "trl sft --seed 1\n"),
        ("trl sft \\\n  --packing True \\\n  --seed 1\n", "trl sft \\\n  --seed 1\n"),
        ("trl sft --seed 1 --packing; ls\n", "trl sft --seed 1; ls\n"),
    ],
)
def test_remove(before: str, after: str) -> None:
    source, setting = setting_of(before, "packing")
    if "; ls" in before:
        with pytest.raises(ValueError, match="right behind"):
            command.remove_flag(source, setting)
    else:
        assert changed(before, command.remove_flag(source, setting)) == after


def test_the_last_line_of_a_continued_command_is_not_taken_out() -> None:
    source, setting = setting_of("trl sft \\\n  --seed 1 \\\n  --packing True\n", "packing")
    with pytest.raises(ValueError, match="ends a command"):
        command.remove_flag(source, setting)


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("trl sft --packing True\n", "False", "trl sft --packing False\n"),
        ("trl sft --packing=True\n", "False", "trl sft --packing=False\n"),
        ("trl sft --packing 'True'\n", "False", "trl sft --packing 'False'\n"),
        ("trl sft --packing\n", "False", "trl sft --packing False\n"),
        ("trl sft --packing True\n", "a b", "trl sft --packing 'a b'\n"),
    ],
)
def test_replace(before: str, value: str, after: str) -> None:
    source, setting = setting_of(before, "packing")
    assert changed(before, command.replace_value(source, setting, value)) == after


def test_a_value_that_is_a_variable_is_not_replaced() -> None:
    source, setting = setting_of("trl sft --packing $P\n", "packing")
    with pytest.raises(ValueError, match="not edited"):
        command.replace_value(source, setting, "False")


def test_add() -> None:
    run = run_of("trl sft --seed 1\n")
    edit = command.add_flag(run.source, run.anchor, "packing", "True")
    assert changed(run.source.text, edit) == "trl sft --packing True --seed 1\n"
