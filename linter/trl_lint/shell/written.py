"""Files that a script writes itself before it uses them: here-documents, and `%%writefile` cells of a notebook.

Each is a source with the path and the offsets of the file that writes it: what is found in it stands there.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from trl_lint.lazy import regex
from trl_lint.model.source import Kind, Source
from trl_lint.shell.snippets import cell_bodies
from trl_lint.sources.document import kind_of

_MOST = 50
_LARGEST = 1_000_000  # characters of a file that may write others
_HEREDOC = regex(
    r"^[ \t]*(?:sudo[ \t]+)?(?P<program>cat|tee)\b(?P<head>[^\n<#]*)<<-?[ \t]*(?P<quote>['\"\\]?)(?P<mark>\w+)['\"]?"
    r"(?P<tail>[^\n]*)\n",
    re.MULTILINE,
)
_TARGET = regex(r"(?P<append>>?)>[ \t]*[\"']?(?P<name>[\w./-]+)[\"']?(?=\s|$)")
_TEE = regex(r"[ \t]+(?P<append>-a[ \t]+)?[\"']?(?P<name>[\w./-]+)[\"']?[ \t]*")
_FILLED = regex(r"\$\{[^{}\n]*\}|\$\([^()\n]*\)|`[^`\n]*`|\$\w+")
_WRITEFILE = regex(r"%%(?:writefile|file)[ \t]+(?P<append>-a[ \t]+|--append[ \t]+)?[\"']?(?P<name>[\w./-]+)[\"']?")


def written(source: Source, text: str) -> Mapping[str, Source]:
    """The YAML, JSON and Python files that `source` writes, by their path; none that is written more than once.

    `text` is what of the source is shell.
    """
    found: dict[str, Source | None] = {}
    if len(source.text) > _LARGEST:
        return {}
    for name, start, end, filled in (*_heredocs(text), *_cells(source)):
        key = posixpath.normpath(name)
        kind = kind_of(key)
        if kind in (Kind.YAML, Kind.JSON, Kind.PYTHON) and len(found) < _MOST:
            found[key] = None if key in found or filled is None else _source(source, kind, start, end, filled)
    return {name: each for name, each in found.items() if each is not None}


def _source(source: Source, kind: Kind, start: int, end: int, body: str) -> Source:
    """The file, with the line ends of the one that writes it and blanks for the rest."""
    before, after = source.text[:start], source.text[end:]
    text = _blank(before) + body + _blank(after)
    if source.kind is not Kind.NOTEBOOK:
        return Source(source.path, kind, text)
    return Source(source.path, Kind.NOTEBOOK if kind is Kind.PYTHON else kind, text, source.units)


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]+", lambda line: " " * len(line[0]), text)


def _heredocs(text: str) -> Iterator[tuple[str, int, int, str | None]]:
    """Name, offsets and content of what here-documents write; no content where it is not known or only a part."""
    if "<<" not in text:
        return
    for match in islice(_HEREDOC.finditer(text), _MOST):
        plain = _TARGET.search(match["tail"]) or _TARGET.search(match["head"])
        target = plain if match["program"] == "cat" else _TEE.fullmatch(match["head"]) or _TEE.match(match["tail"])
        end = re.compile(rf"^\t*{re.escape(match['mark'])}[ \t]*\r?$", re.MULTILINE).search(text, match.end())
        if target is None or end is None:
            continue
        body = text[match.end() : end.start()]
        content: str | None = body
        if target["append"] or (not match["quote"] and "\\" in body):
            content = None
        elif not match["quote"]:
            content = _with_holes(body)
        yield target["name"], match.end(), end.start(), content


def _with_holes(body: str) -> str | None:
    """The content with marks of the same length in place of what the shell puts in, which the readers of YAML take for
    what is not known; None where something is too short for a mark."""
    if any(len(match[0]) < 3 for match in _FILLED.finditer(body)):
        return None
    return _FILLED.sub(lambda match: "${" + "x" * (len(match[0]) - 3) + "}", body)


def _cells(source: Source) -> Iterator[tuple[str, int, int, str | None]]:
    if source.kind is not Kind.NOTEBOOK:
        return
    for first, start, end, body in cell_bodies(source):
        match = _WRITEFILE.match(first)
        if match is not None:
            yield match["name"], start, end, None if match["append"] else body
