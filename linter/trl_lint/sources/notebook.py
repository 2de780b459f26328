"""From a notebook's JSON to one analysed text, and back from its offsets to the JSON strings that hold it."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex
from trl_lint.model.source import Kind, MagicLine, Source, Unit
from trl_lint.model.span import Place, Span
from trl_lint.model.target import Problem
from trl_lint.sources.json_marks import Fault, Node, parse
from trl_lint.sources.magics import blank

_KEEP = frozenset(
    {"cells", "worksheets", "cell_type", "source", "input", "language", "metadata", "kernelspec"}
    | {"language_info", "name", "vscode", "languageId"}
)
_LINE_END = regex(r"\r\n|\r|\n")
_SURROGATE = regex("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CodeCell:
    """One code cell: its number among all cells, the JSON strings that make up its source, and its text.

    `listed` says that the source is a list of strings.
    """

    number: int
    pieces: tuple[Node, ...]
    listed: bool

    @property
    def text(self) -> str:
        """The code as it is in the file, magics included."""
        return "".join(piece.text or "" for piece in self.pieces)


def notebook(text: str, shown: str) -> tuple[Source | None, tuple[Problem, ...]]:
    """The source of a notebook's JSON text; None where it is broken as a whole. Problems stand in rows of the file."""
    found = code_cells(text, shown)
    if isinstance(found, Problem):
        return None, (found,)
    cells, problems = found
    parts: list[str] = []
    units: list[Unit] = []
    magics: list[MagicLine] = []
    offset = 0
    for cell in cells:
        # A lone surrogate is legal in JSON and nowhere else.
        code, blanked = blank(_SURROGATE.sub("\ufffd", cell.text))
        units.append(Unit(offset, offset + len(code), cell.number))
        magics += (MagicLine(m.text, Span(shown, offset + m.start, offset + m.end)) for m in blanked)
        parts.append(code)
        offset += len(code) + 1
    return Source(shown, Kind.NOTEBOOK, "\n".join(parts), tuple(units), tuple(magics)), tuple(problems)


def code_cells(text: str, shown: str) -> tuple[list[CodeCell], list[Problem]] | Problem:
    """The Python cells of a notebook's JSON text, in order; a problem where that cannot be said."""
    root = parse(text, _KEEP)
    if isinstance(root, Fault):
        return problem_at(text, shown, root.offset, f"the notebook cannot be read as JSON: {root.message}", "error")
    if root.shape != "object":
        return problem_at(text, shown, root.start, "this is no notebook: its JSON is not an object", "error")
    cells = _cells(root)
    if cells is None:
        return problem_at(text, shown, root.start, "this is no notebook: it has no list `cells`", "error")
    if not _is_python(_language(root)):
        return [], []
    found: list[CodeCell] = []
    problems: list[Problem] = []
    for number, cell in enumerate(cells, 1):
        if cell.shape != "object":
            problems.append(problem_at(text, shown, cell.start, f"cell {number} of the notebook is not an object"))
        elif _string(cell, "cell_type") == "code" and _is_python(_cell_language(cell)):
            read = _code(cell, number)
            if read is None:
                message = f"the source of cell {number} is neither a string nor a list of strings"
                problems.append(problem_at(text, shown, cell.start, message))
            else:
                found.append(read)
    return found, problems


def problem_at(text: str, shown: str, offset: int, message: str, severity: str = "warning") -> Problem:
    """A problem at `offset` of a file's text, in rows and columns of the file."""
    row, column = 1, offset + 1
    for match in _LINE_END.finditer(text, 0, offset):
        row, column = row + 1, offset - match.end() + 1
    return Problem(Place(shown, row, column), message, severity)


def _cells(root: Node) -> list[Node] | None:
    cells = root.get("cells")
    if cells is not None and cells.shape == "array":
        return list(cells.items)
    sheets = root.get("worksheets")  # nbformat 3 and older
    if sheets is None or sheets.shape != "array":
        return None
    return list(_sheet_cells(sheets))


def _sheet_cells(sheets: Node) -> Iterator[Node]:
    for sheet in sheets.items:
        cells = sheet.get("cells")
        if cells is not None:
            yield from cells.items


def _code(cell: Node, number: int) -> CodeCell | None:
    source = cell.get("source") or cell.get("input")
    if source is None:
        return CodeCell(number, (), False)
    if source.text is not None:
        return CodeCell(number, (source,), False)
    if source.shape != "array" or any(item.text is None for item in source.items):
        return None
    return CodeCell(number, source.items, True)


def _language(root: Node) -> str | None:
    metadata = root.get("metadata")
    if metadata is None:
        return None
    info, spec = metadata.get("language_info"), metadata.get("kernelspec")
    name = _string(info, "name") or _string(spec, "language")
    if name is None and _string(spec, "name") in ("ir", "bash"):
        return "another language"
    return name


def _cell_language(cell: Node) -> str | None:
    metadata = cell.get("metadata")
    editor = metadata.get("vscode") if metadata is not None else None
    return _string(cell, "language") or _string(editor, "languageId")


def _is_python(language: str | None) -> bool:
    return language is None or "python" in language.lower()


def _string(node: Node | None, key: str) -> str | None:
    value = node.get(key) if node is not None else None
    return value.text if value is not None else None
