"""Links between the documents of the repository, as links between pages of the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping

from docs.markdown import block_end

_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]\n]*(?:\n[^\]\n]*)?)\]\((?P<target>[^)\s]+)\)")
_CODE = re.compile(r"(?<![\[`\w])`(?P<name>[a-z][a-z0-9-]+)`(?![\]`])")
_OUTSIDE = ("http:", "https:", "mailto:", "#")


def on_site(markdown: str, document: str, page: str, pages: Mapping[str, str], names: Collection[str] = ()) -> str:
    """The text of `document` (its path in the repository), which is the page `page`, with links that work there.

    `pages` are the pages by the path of the document or folder that they show. A link to what has no page becomes its
    text. The code of a rule's name (one of `names`) becomes a link.
    """
    folder = posixpath.dirname(document)

    def link(match: re.Match[str]) -> str:
        target, _, anchor = match["target"].partition("#")
        if match["target"].startswith(_OUTSIDE):
            return match[0]
        path = posixpath.normpath(posixpath.join(folder, target))
        if path not in pages:
            return match["text"]
        return f"[{match['text']}]({_relative(pages[path], page)}{'#' + anchor if anchor else ''})"

    def code(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in names or page == f"rules/{name}.md":
            return match[0]
        return f"[`{name}`]({_relative(f'rules/{name}.md', page)})"

    lines = markdown.split("\n")
    made: list[str] = []
    prose: list[str] = []

    def flush() -> None:
        if prose:
            made.append(_CODE.sub(code, _LINK.sub(link, "\n".join(prose))))
            prose.clear()

    number = 0
    while number < len(lines):
        end = block_end(lines, number)
        if end is None:
            prose.append(lines[number])
            number += 1
        else:
            flush()
            made += lines[number:end]
            number = end
    flush()
    return "\n".join(made)


def _relative(page: str, source: str) -> str:
    return posixpath.relpath(page, posixpath.dirname(source) or ".")
