"""The parts of a rule's page, which also say what a rule is in reports and on the documentation site."""

from __future__ import annotations

import re

from trl_lint.dataclass import dataclass

_TITLE_OR_CODE = re.compile(r"# |`[A-Z]+\d+`$")


@dataclass(frozen=True, slots=True)
class Page:
    """The Markdown of a rule's page by section; a section that the page lacks is empty.

    `summary` is the paragraph below the title. Examples are not among the parts: `trl_lint.testing` reads them.
    """

    summary: str = ""
    why: str = ""
    releases: str = ""
    what_to_do: str = ""

    @property
    def explanation(self) -> str:
        """All of it as one Markdown text."""
        parts = (("", self.summary), ("Why", self.why), ("Releases", self.releases), ("What to do", self.what_to_do))
        return "\n\n".join(f"## {title}\n\n{text}" if title else text for title, text in parts if text)


def parse(text: str) -> Page:
    """The parts of a page."""
    sections: dict[str, list[str]] = {}
    lines = sections.setdefault("", [])
    fence = ""
    for line in text.splitlines():
        if fence:
            fence = "" if line.startswith(fence) and not line.strip("`").strip() else fence
        elif line.startswith("```"):
            fence = line[: len(line) - len(line.lstrip("`"))]
        elif line.startswith("## "):
            lines = sections.setdefault(line[3:].strip(), [])
            continue
        lines.append(line)
    head = [block for block in "\n".join(sections[""]).split("\n\n") if block.strip()]
    summary = "\n\n".join(block.strip() for block in head if not _TITLE_OR_CODE.match(block.strip()))
    return Page(summary, *("\n".join(sections.get(name, [])).strip() for name in ("Why", "Releases", "What to do")))
