"""From a source of any kind that holds command lines to its launches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trl_lint.dataclass import replace
from trl_lint.model.launch import Launch, Word
from trl_lint.model.source import Kind, Source
from trl_lint.model.value import Known, Unknown, Value
from trl_lint.shell.interpret import Interpreter
from trl_lint.shell.launchers import whole as counted
from trl_lint.shell.tokens import Dialect
from trl_lint.shell.written import written

TextOf = Callable[[Path], "str | None"]

MAX_CHARACTERS = 1_000_000


def launches(source: Source, folder: Path, text_of: TextOf | None = None) -> tuple[Launch, ...]:
    """The launches of `source`, which lies in `folder`, in their order.

    `text_of` reads a file that a command line names (accelerate's configuration); without it such files are unknown.
    A script longer than `MAX_CHARACTERS` has none.
    """
    if len(source.text) > MAX_CHARACTERS:
        return ()
    interpreter = Interpreter(source, folder, lambda word, here: _processes(word, here, text_of))
    if source.kind is Kind.SHELL:
        interpreter.set_by_slurm()
        interpreter.script(0, len(source.text))
    elif source.kind is Kind.MAKEFILE:
        from trl_lint.shell.makefile import read_makefile

        read_makefile(interpreter)
    elif source.kind is Kind.DOCKERFILE:
        from trl_lint.shell.dockerfile import read_dockerfile

        read_dockerfile(interpreter)
    elif source.kind is Kind.NOTEBOOK:
        _read_notebook(interpreter)
    elif source.kind is Kind.MARKDOWN:
        _read_markdown(interpreter)
    files = written(source, interpreter.text)
    return tuple(replace(launch, written=files) for launch in interpreter.launches)


def _read_notebook(interpreter: Interpreter) -> None:
    from trl_lint.shell.snippets import of_notebook

    interpreter.text, found = of_notebook(interpreter.source)
    for (start, end), whole in found:
        interpreter.alone(start, end, Dialect.SHELL if whole else Dialect.IPYTHON)


def _read_markdown(interpreter: Interpreter) -> None:
    from trl_lint.shell.snippets import of_markdown

    interpreter.text, found = of_markdown(interpreter.text)
    for start, end in found:
        interpreter.alone(start, end)


def _processes(word: Word, folder: Path, text_of: TextOf | None) -> Value:
    """The number of processes in accelerate's configuration file."""
    reason = "accelerate's configuration file says how many processes run"
    text = text_of(folder / word.text) if text_of is not None and word.text else None
    if text is None or len(text) > MAX_CHARACTERS:
        return Unknown(reason)
    from trl_lint.recipes.scalars import plain

    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if key == "num_processes" and colon:
            number = plain(value.partition("#")[0].strip())
            return counted(Known(str(number.value))) if isinstance(number, Known) else Unknown(reason)
    return Unknown(reason)
