"""What stands in a chat template, whatever the release. Parsing only: nothing of it is compiled or rendered."""

from __future__ import annotations

from functools import lru_cache

from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex
from trl_lint.templates.markers import MarkerSpan, marker_spans, syntax_problem

__all__ = ["MAX_LENGTH", "MarkerSpan", "TemplateAnalysis", "analyse"]

MAX_LENGTH = 250_000  # characters; the largest published ones have about 30,000
_LITERAL = "{% generation %}"
_PATTERN = regex(r"\{%-?\s*generation\s*-?%\}")


@dataclass(frozen=True)
class TemplateAnalysis:
    """The facts of one template that rules judge by release.

    `literal_marker` is what TRL 1.1 to 1.5 look for, `pattern_marker` what TRL 1.6 and newer and transformers'
    warning look for (both are also true for a marker in a comment); `markers` are the real ones.
    `syntax_error` is Jinja's complaint, `syntax_line` its line (from 1). `unread`: it is too long to be parsed here.
    """

    sha256: str
    markers: tuple[MarkerSpan, ...]
    literal_marker: bool
    pattern_marker: bool
    syntax_error: str | None = None
    syntax_line: int | None = None
    unread: bool = False

    @property
    def marked(self) -> bool:
        """Whether Jinja would see at least one whole generation block."""
        return self.syntax_error is None and bool(self.markers)


@lru_cache(maxsize=256)
def analyse(text: str) -> TemplateAnalysis:
    """Analyse the template `text`. Never raises; a text over `MAX_LENGTH` characters is not parsed."""
    import hashlib

    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    literal, pattern = _LITERAL in text, _PATTERN.search(text) is not None
    if len(text) > MAX_LENGTH:
        return TemplateAnalysis(
            digest, (), literal, pattern, f"it is longer than {MAX_LENGTH:,} characters", unread=True
        )
    wrong = syntax_problem(text)
    markers = marker_spans(text)
    if wrong is None:
        return TemplateAnalysis(digest, markers, literal, pattern)
    return TemplateAnalysis(digest, markers, literal, pattern, wrong.message, wrong.line)
