"""Builders of edits on the flags of a command line; quotes, continued lines and everything else stay as they are.

All raise ValueError where the edit cannot be made without touching something else.
"""

from __future__ import annotations

import re
import shlex

from trl_lint.model.finding import Edit
from trl_lint.model.run import Setting
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Span

_FLAG = re.compile(r"--([A-Za-z][\w-]*)")
_PLAIN = re.compile(r"[\w./:,@%+=-]+")
_LINE = re.compile(r"[^\r\n]*")
_NEWLINE = re.compile(r"\r\n|\r|\n|\Z")


def rename_flag(source: Source, setting: Setting, new: str) -> Edit:
    """Another name, with dashes or underscores as the old one has them."""
    start, end, written = _flag(source, setting)
    dashed = "-" in written and "_" not in written
    return Edit(Span(source.path, start, end), "--" + (new.replace("_", "-") if dashed else new))


def replace_value(source: Source, setting: Setting, text: str) -> Edit:
    """Another value, as one word."""
    _, end, _ = _flag(source, setting)
    if setting.value_span == setting.span:
        return Edit(Span(source.path, end, end), f" {shlex.quote(text)}")
    written = source.slice(setting.value_span)
    quote = written[:1] if written[:1] in ("'", '"') and written.endswith(written[:1]) else ""
    inside = written[1:-1] if quote else written
    if _PLAIN.fullmatch(inside) is None or (quote and _PLAIN.fullmatch(text) is None):
        raise ValueError(f"the value of `--{setting.name}` is written in a way that is not edited")
    return Edit(setting.value_span, f"{quote}{text}{quote}" if quote else shlex.quote(text))


def remove_flag(source: Source, setting: Setting) -> Edit:
    """Takes a flag out with its value, and with its line where it stands alone on one that is continued."""
    start, _, _ = _flag(source, setting)
    text, end = source.text, setting.span.end
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    rest = _LINE.match(text, end)
    line_end = rest.end() if rest is not None else len(text)
    before, after = text[line_start:start], text[end:line_end].strip()
    if not before.strip():
        newline = _NEWLINE.match(text, line_end)
        if after != "\\" or newline is None:
            raise ValueError(f"`--{setting.name}` ends a command that is continued up to it")
        return Edit(Span(source.path, line_start, newline.end()), "")
    if after and text[end : end + 1] not in (" ", "\t"):
        raise ValueError(f"something stands right behind `--{setting.name}`")
    begin = line_start + len(before.rstrip(" \t"))
    return Edit(Span(source.path, begin if begin < start else start, end), "")


def add_flag(source: Source, command: Span, name: str, text: str) -> Edit:
    """A new flag right behind the sub-command that stands at `command`."""
    if source.kind is Kind.NOTEBOOK or not _PLAIN.fullmatch(source.slice(command)):
        raise ValueError("the command is written in a way that is not edited")
    return Edit(Span(source.path, command.end, command.end), f" --{name} {shlex.quote(text)}")


def _flag(source: Source, setting: Setting) -> tuple[int, int, str]:
    """Where the flag begins and ends, and its name as it is written."""
    match = _FLAG.match(source.text, setting.span.start)
    name = match[1].replace("-", "_") if match is not None else ""
    if match is None or not (setting.name.startswith(name) or name == f"no_{setting.name}"):
        raise ValueError(f"`--{setting.name}` is written in a way that is not edited")
    return match.start(), match.end(), match[1]
