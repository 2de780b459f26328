"""A rule's page: its form, and its examples.

    # rule-name
    `TRL201`                 the code, on a line of its own
    One paragraph: what the rule finds.
    ## Why                   what TRL does, and what that costs
    ## Releases              a table: TRL releases, and what happens in them
    ## What to do            the right change, by release and by what is wanted
    ## Examples

Below the heading `## Examples` each `###` heading begins an example: a small project, one fenced block a file.
The info string names the file (```` ```python train.py ````). Files before the first `###` belong to every
example that does not show another of the same name. A fenced block without a name is no file. Expected findings
stand as comments on the line on which they begin, and are taken out before the linter reads the file:

    assistant_only_loss=True,  # error: TRL201

`error?` is a finding that is only possible. Where a format has no comments, a block ```` ```text findings ````
lists them (`train.ipynb:cell 1:3: error: TRL201`). ```` ```python train.py fixed ```` is the file after `--fix`,
`unsafe-fixed` after `--fix --unsafe-fixes`. An example without any expected finding must have none.
"""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.dataclass import dataclass, field
from trl_lint.lazy import regex

SECTIONS = ("Why", "Releases", "What to do", "Examples")

_FENCE = regex(r"^(`{3,})(\w+)[ \t]+(\S+)(?:[ \t]+(\S+))?[ \t]*$")
_COMMENT = regex(
    r"[ \t]*#[ \t]*(?P<expected>(?:error|warning|info)\??: [A-Z]+\d{3,}(?:, (?:error|warning|info)\??: [A-Z]+\d{3,})*)$"
)
_EXPECTED = regex(r"(error|warning|info)(\??): ([A-Z]+\d{3,})")
_LISTED = regex(r"^(?P<file>[^:]+):(?:cell (?P<cell>\d+):)?(?P<row>\d+): (?P<rest>.+)$")
FIXED, UNSAFE = "fixed", "unsafe-fixed"


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """A finding as a page states it: where it begins, and how sure and severe it is."""

    file: str
    cell: int
    row: int
    code: str
    severity: str
    possible: bool

    def __str__(self) -> str:
        cell = f"cell {self.cell}:" if self.cell else ""
        return f"{self.file}:{cell}{self.row}: {self.severity}{'?' if self.possible else ''}: {self.code}"


@dataclass
class Example:
    """One example: its files without the comments that state findings, and what is expected of it."""

    title: str
    line: int
    files: dict[str, str] = field(default_factory=dict)
    expected: list[Expected] = field(default_factory=list)
    fixed: dict[tuple[str, str], str] = field(default_factory=dict)


def complaints(page: str, code: str, name: str) -> Iterator[str]:
    """What is wrong with the form of the page of the rule `code`, `name`, in words."""
    prose = list(_prose(page))
    if prose[:1] != [f"# {name}"]:
        yield f"it does not begin with `# {name}`"
    headings = [line[3:].strip() for line in prose if line.startswith("## ")]
    if headings != list(SECTIONS):
        yield f"its sections are {', '.join(headings) or 'none'}, not {', '.join(SECTIONS)}"
        return
    parts = "\n".join(prose).split("\n## ")
    paragraphs = [paragraph for paragraph in parts[0].split("\n\n")[1:] if paragraph.strip()]
    if [paragraph.strip() for paragraph in paragraphs[:1]] != [f"`{code}`"]:
        yield f"`{code}` does not stand below its heading"
    if len(paragraphs) != 2:
        yield "what the rule finds is not said in one paragraph"
    if "\n|---" not in parts[2]:
        yield "there is no table of releases"
    found = examples(page)
    if not found and not parts[4].partition("\n")[2].strip():
        yield "there is no example, and it does not say why"
    if found and not any(code in {each.code for each in example.expected} for example in found):
        yield f"no example has a finding of {code}"
    if found and all(example.expected for example in found):
        yield "no example is free of findings"


def _prose(page: str) -> Iterator[str]:
    """The lines of the page outside its fenced blocks."""
    lines = iter(enumerate(page.splitlines(), 1))
    for number, line in lines:
        if line.startswith("```"):
            for _ in _body(lines, line[: len(line) - len(line.lstrip("`"))], number):
                pass
        else:
            yield line


def examples(page: str) -> list[Example]:
    """The examples of a page. Raises ValueError where the page is not written as it must be."""
    found: list[Example] = []
    shared = Example("", 0)
    inside = False
    lines = iter(enumerate(page.splitlines(), 1))
    for number, line in lines:
        if line.startswith("```"):
            body = list(_body(lines, line[: len(line) - len(line.lstrip("`"))], number))
            fence = _FENCE.match(line)
            if inside and fence is not None:
                _add(found[-1] if found else shared, fence.group(3), fence.group(4), body, number)
        elif line.startswith("## "):
            inside = line.strip() == "## Examples"
        elif inside and line.startswith("### "):
            found.append(Example(line[4:].strip(), number))
    if shared.expected or shared.fixed:
        raise ValueError("a file shared by all examples states a finding or a fix")
    for example in found:
        example.files = {**shared.files, **example.files}
    return found


def _body(lines: Iterator[tuple[int, str]], fence: str, start: int) -> Iterator[str]:
    for _, line in lines:
        if line.startswith(fence) and not line.strip("`").strip():
            return
        yield line
    raise ValueError(f"line {start}: the block is not closed")


def _add(example: Example, name: str, role: str | None, body: list[str], number: int) -> None:
    if name == "findings":
        example.expected += [_listed(line, number) for line in body if line.strip()]
        return
    if role in (FIXED, UNSAFE):
        example.fixed[name, role] = "".join(line + "\n" for line in body)
        return
    if role is not None:
        raise ValueError(f"line {number}: `{role}` is no role of a block")
    text = []
    for row, line in enumerate(body, 1):
        comment = _COMMENT.search(line)
        if comment is not None:
            for severity, possible, code in _EXPECTED.findall(comment.group("expected")):
                example.expected.append(Expected(name, 0, row, code, severity, bool(possible)))
            line = line[: comment.start()]
        text.append(line + "\n")
    example.files[name] = "".join(text)


def _listed(line: str, number: int) -> Expected:
    found = _LISTED.match(line)
    stated = _EXPECTED.fullmatch(found.group("rest")) if found is not None else None
    if found is None or stated is None:
        raise ValueError(f"line {number}: {line!r} states no finding")
    severity, possible, code = stated.groups()
    return Expected(
        found.group("file"), int(found.group("cell") or 0), int(found.group("row")), code, severity, bool(possible)
    )
