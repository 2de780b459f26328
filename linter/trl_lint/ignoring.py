"""Adds suppression comments: `# trl-lint: ignore[rule-name] reason` on a line of each finding."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from trl_lint.comments import Comment, Comments, comments
from trl_lint.dataclass import dataclass
from trl_lint.model.finding import Edit, Finding
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Span
from trl_lint.sources.document import Document
from trl_lint.suppress import UNUSED, lines_of

# A file that cannot be read, a defect of the linter, and what is said of suppressions themselves.
NOT_IGNORED = frozenset({"TRL001", "TRL002", "TRL010", "TRL011"})
_DIRECTIVE = re.compile(r"#\s*trl-lint:\s*ignore\s*\[([^\]#]*)\]")

Check = Callable[[Document], tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A document with its new comments, how many findings they suppress, and those that no comment could stand at."""

    document: Document
    added: int = 0
    left: tuple[Finding, ...] = ()


def add_ignores(document: Document, findings: Iterable[Finding], reason: str, check: Check) -> Ignored:
    """Adds a comment for each of the findings. One that would change what the code says is left out.

    Nothing is written. Raises ValueError for a reason that no comment can hold.
    """
    if "#" in reason or not reason.isprintable():
        raise ValueError("the reason is one line without `#`")
    wanted = [finding for finding in findings if finding.code not in NOT_IGNORED]
    lines = _by_line(wanted, document.source)
    before = check(document)
    changed = _attempt(document, lines, reason, check, before)
    if changed is None:  # one of the comments does harm: each by itself says which
        lines = {
            line: found
            for line, found in lines.items()
            if _attempt(document, {line: found}, reason, check, before) is not None
        }
        changed = _attempt(document, lines, reason, check, before)
    if changed is None:
        return Ignored(document, 0, tuple(wanted))
    kept = [finding for found in lines.values() for finding in found]
    return Ignored(changed, len(kept), tuple(finding for finding in wanted if finding not in kept))


def _by_line(findings: Sequence[Finding], source: Source) -> dict[int, list[Finding]]:
    """The findings by the line at whose end their comment is to stand."""
    found = comments(source)
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        allowed = sorted(lines_of(finding, source, found))
        row = _first_row(finding, source)
        # The line on which the finding begins; then those below it, then those above.
        for line in sorted(allowed, key=lambda each: (each < row, each)):
            if _takes_comment(source, found, line):
                by_line.setdefault(line, []).append(finding)
                break
    return by_line


def _first_row(finding: Finding, source: Source) -> int:
    if finding.span is not None and finding.span.path == source.path:
        return source.line_index(finding.span.start)
    return 0


def _takes_comment(source: Source, found: Comments, line: int) -> bool:
    if source.kind in (Kind.PYTHON, Kind.NOTEBOOK):
        return line in found.ends
    if source.kind is Kind.SHELL:
        return not source.line_text(line).rstrip().endswith("\\")
    return source.kind is Kind.YAML


def _attempt(
    document: Document, lines: dict[int, list[Finding]], reason: str, check: Check, before: Sequence[Finding]
) -> Document | None:
    """The document with comments on these lines; None where that changes more than what is suppressed.

    `before` is what a check of the document says now.
    """
    from trl_lint.edits.apply import apply
    from trl_lint.sources.read import from_bytes

    source = document.source
    found = comments(source)
    edits = [_edit(source, found.items, line, each, reason) for line, each in lines.items()]
    try:
        changed = from_bytes(apply(document, edits), source.path, source.kind)
    except ValueError:
        return None
    if not isinstance(changed, Document) or not _says_the_same(source, changed.source):
        return None
    suppressed = [finding for each in lines.values() for finding in each]
    # The suppressed ones are gone, and nothing is said that was not said before. What another file makes of this one
    # does not show in a check of this one alone: there the comments that suppress it seem unused.
    own = [finding for finding in suppressed if finding in before]
    after = [finding for finding in check(changed) if len(own) == len(suppressed) or finding.code != UNUSED]
    return changed if not (_said(after) + _said(own)) - _said(before) else None


def _said(findings: Iterable[Finding]) -> Counter[tuple[str, str]]:
    """What is said, without its place: columns move."""
    return Counter((finding.code, finding.message) for finding in findings)


def _edit(source: Source, found: Sequence[Comment], line: int, findings: Sequence[Finding], reason: str) -> Edit:
    """The names go into the brackets of a suppression that stands there, else a new one goes to the end of the line."""
    names = list(dict.fromkeys(finding.name for finding in findings))
    for comment in found:
        directive = _DIRECTIVE.search(comment.text) if comment.line == line else None
        if directive is not None:
            end = comment.start + directive.end(1)
            given = directive[1].strip()
            before = len(directive[1]) - len(directive[1].rstrip())
            added = ", ".join([*([""] if given else []), *names])
            return Edit(Span(source.path, end - before, end), added)
    text = source.line_text(line)
    at = source.line_starts[line] + len(text.rstrip())
    written = f"# trl-lint: ignore[{', '.join(names)}] {reason}".rstrip()
    return Edit(Span(source.path, at, at), f"  {written}")


def _says_the_same(before: Source, after: Source) -> bool:
    """Whether the code is the same but for comments."""
    if before.kind in (Kind.PYTHON, Kind.NOTEBOOK):
        parts = [[_tree(source.text[unit.start : unit.end]) for unit in source.units] for source in (before, after)]
        return parts[0] == parts[1]
    if before.kind is Kind.YAML:
        from trl_lint.recipes.yaml_nodes import YamlFault, YamlNode, compose

        found = [compose(source.text) for source in (before, after)]

        def shape(node: YamlNode | None) -> object:
            if node is None:
                return None
            pairs = [(shape(key), shape(value)) for key, value in node.pairs]
            return (node.shape, node.text, node.tag, node.anchor, [shape(item) for item in node.items], pairs)

        trees = [None if isinstance(each, YamlFault) else shape(each.root) for each in found]
        return trees[0] is not None and trees[0] == trees[1]
    if before.kind is Kind.SHELL:
        return _words(before) == _words(after)
    return False


def _words(source: Source) -> list[str]:
    """The tokens of a shell script as they are written."""
    from trl_lint.shell.lexer import tokens

    return [source.text[token.start : token.end] for token in tokens(source.text, 0, len(source.text))]


def _tree(code: str) -> str:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.dump(ast.parse(code))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return code  # a cell that does not parse must stay as it is
