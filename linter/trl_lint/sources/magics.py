"""What of a notebook cell is no Python: blanked by Python of the same length, and kept aside.

IPython decides by its own token-based transforms; this follows what they accept: line magics, shell escapes and
help at the start of a logical line, `name = !command`, and a cell magic on the first line of the cell (Colab
allows comments before it).
"""

from __future__ import annotations

import re

from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex

_LINE = regex(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_HINT = regex(
    r"^[ \t]*(?:[%!?/,;]|(?:pip3?|conda|mamba)[ \t])|=[ \t]*[!%]|\?[ \t]*$",
    re.MULTILINE,
)
_ESCAPE = regex(r"[ \t]*(?:[%!?]|[/,;][A-Za-z_]|(?:pip3?|conda|mamba)[ \t]+(?:install|uninstall|update|list)\b)")
_HELP = regex(r"[ \t]*[A-Za-z_*][\w.*\[\]]*\?{1,2}[ \t]*(?:[\r\n]|\Z)")
_ASSIGN = regex(r"[\w.,*'\"\[\] \t]+?=[ \t]*(?=[!%])")
_TIMED = regex(
    r"(?P<indent>[ \t]*)(?P<magic>%time[ \t]+)(?![-!%@]|(?:for|while|with|if|def|class|try|async)\b)(?=[^\s])"
)
_CELL = regex(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r(?!\n)|\n))*%%(?P<name>!|[\w.]+)?(?P<rest>[^\r\n]*)")

_MAX_STACKED = 5

_PYTHON_CELLS = frozenset(
    {"time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "debug", "wandb", "heat", "notify", "scalene"}
)
_SHELL_CELLS = frozenset({"bash", "sh", "zsh", "shell", "system", "sx", "!"})
_OTHER_CELLS = frozenset(
    {"writefile", "file", "html", "HTML", "javascript", "js", "latex", "markdown", "svg", "perl", "ruby", "pypy"}
    | {"python", "python2", "python3", "cmd", "powershell", "sql", "bigquery", "R", "julia", "cython", "cu", "ai"}
)

_SINGLE = {q: re.compile(rf"[^{q}\\\r\n]*(?:\\(?:\r\n|.)[^{q}\\\r\n]*)*{q}?", re.DOTALL) for q in "'\""}
_TRIPLE = {q: re.compile(rf"[^{q}\\]*(?:(?:\\.|{q}(?!{q}{q}))[^{q}\\]*)*(?:{q}{q}{q})?", re.DOTALL) for q in "'\""}
_PLAIN = regex(r"[^#'\"\\()\[\]{}\r\n]+")


@dataclass(frozen=True, slots=True)
class Magic:
    """A piece that is no Python: what it says (continued lines joined), and its range in the cell."""

    text: str
    start: int
    end: int


def blank(cell: str, stacked: int = 0) -> tuple[str, tuple[Magic, ...]]:
    """`cell` with everything that is no Python replaced by Python of the same length and the same lines.

    A cell of a shell magic yields its header and its body line by line; a cell in another language, or one
    that writes a file, yields one magic that holds the whole cell, so that its lines are not taken for commands.
    `stacked` counts the cell magics above this one.
    """
    if not _HINT.search(cell):
        return cell, ()
    head = _CELL.match(cell)
    if head is None:
        return _blank_lines(cell, 0)
    name = head["name"] or ""
    start = head.start("name") - 2 if head["name"] else head.start("rest") - 2
    if name in _SHELL_CELLS or (name == "script" and re.search(r"\b(?:ba|z)?sh\b", head["rest"])):
        return _comment_out(cell, start), _shell_lines(cell, start)
    if name not in _OTHER_CELLS and name != "script" and stacked < _MAX_STACKED:
        line_end = head.end("rest")
        inner = "\n" * line_end + cell[line_end:]
        body, magics = blank(inner, stacked + 1)
        if name in _PYTHON_CELLS or _parses(body):
            blanked = cell[:start] + "#" + " " * (line_end - start - 1) + body[line_end:]
            return blanked, (Magic(cell[start:line_end], start, line_end), *magics)
    return _comment_out(cell, start), (Magic(cell[start:], start, len(cell)),)


def _parses(text: str) -> bool:
    import ast
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _comment_out(cell: str, start: int) -> str:
    """Every line from `start` on as a comment of the same length."""
    return cell[:start] + re.sub(r"[^\r\n]+", lambda line: "#" + " " * (len(line[0]) - 1), cell[start:])


def _shell_lines(cell: str, start: int) -> tuple[Magic, ...]:
    magics = []
    while start < len(cell):
        end = _logical_end(cell, start)
        if cell[start:end].strip():
            magics.append(Magic(_joined(cell[start:end]), start, end))
        start = _next_line(cell, end)
    return tuple(magics)


def _blank_lines(cell: str, pos: int) -> tuple[str, tuple[Magic, ...]]:
    """Line magics only. Walks the logical lines, so that nothing inside a string or a bracket is mistaken."""
    out: list[str] = []
    magics: list[Magic] = []
    while pos < len(cell):
        timed = _TIMED.match(cell, pos)
        if timed is not None:
            out.append(timed["indent"] + "0;" + " " * (len(timed["magic"]) - 2))
            pos = timed.end()
        elif _ESCAPE.match(cell, pos) or _HELP.match(cell, pos):
            end = _logical_end(cell, pos)
            code = pos + len(cell[pos:end]) - len(cell[pos:end].lstrip(" \t"))
            magics.append(Magic(_joined(cell[code:end]), code, end))
            out.append(cell[pos:code] + _filled(cell[code:end], "0"))
            pos = end
        else:
            assigned = _ASSIGN.match(cell, pos)
            if assigned is not None:
                end = _logical_end(cell, assigned.end())
                magics.append(Magic(_joined(cell[assigned.end() : end]), assigned.end(), end))
                # A name that no program binds: the front end cannot know it, which is the truth.
                out.append(cell[pos : assigned.end()] + _filled(cell[assigned.end() : end], "__"))
                pos = end
        end = _statement_end(cell, pos)
        out.append(cell[pos:end])
        pos = end
    return "".join(out), tuple(magics)


def _filled(text: str, first: str) -> str:
    """`first` and spaces; continued lines become comments, which may stand at any depth."""
    lines = re.split(r"(\r\n|\r|\n)", text)
    rest = (line if line[:1] in ("\r", "\n", "") else "#".ljust(len(line)) for line in lines[1:])
    return first[: len(lines[0])].ljust(len(lines[0])) + "".join(rest)


def _joined(text: str) -> str:
    return re.sub(r"\\(?:\r\n|\r|\n)", "", text)


def _logical_end(cell: str, pos: int) -> int:
    """The end of the line at `pos` and of those that backslashes continue, without the last line end."""
    while True:
        match = _LINE.match(cell, pos)
        end = match.end() if match is not None else len(cell)
        line = cell[pos:end]
        bare = line.rstrip("\r\n")
        if not bare.endswith("\\") or end >= len(cell):
            return pos + len(bare)
        pos = end


def _next_line(cell: str, end: int) -> int:
    return end + (2 if cell.startswith("\r\n", end) else 1)


def _statement_end(cell: str, pos: int) -> int:
    """Where the next logical line of Python begins, counted from the middle of this one."""
    depth = 0
    while pos < len(cell):
        char = cell[pos]
        if char in "\r\n":
            pos = _next_line(cell, pos)
            if depth == 0:
                return pos
        elif char in "'\"":
            quotes = _TRIPLE if cell.startswith(char * 3, pos) else _SINGLE
            match = quotes[char].match(cell, pos + (3 if quotes is _TRIPLE else 1))
            pos = match.end() if match is not None else len(cell)
        elif char == "#":
            match = _LINE.match(cell, pos)
            pos += len(match[0].rstrip("\r\n")) if match is not None else 1
        elif char == "\\":
            pos = _next_line(cell, pos + 1) if cell[pos + 1 : pos + 2] in ("\r", "\n") else pos + 1
        elif char in "()[]{}":
            depth = depth + 1 if char in "([{" else max(0, depth - 1)
            pos += 1
        else:
            match = _PLAIN.match(cell, pos)
            pos = match.end() if match is not None else pos + 1
    return len(cell)
