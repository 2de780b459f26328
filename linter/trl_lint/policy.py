"""From the findings of a file to those that are shown: selection, suppressions, confidence, which fixes count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path

from trl_lint.configuration import selection
from trl_lint.configuration.patterns import PatternSet
from trl_lint.configuration.settings import Configuration
from trl_lint.configuration.vocabulary import MARK, Vocabulary
from trl_lint.dataclass import replace
from trl_lint.model.finding import Applicability, Confidence, Finding, Fix
from trl_lint.model.source import Source

INTERNAL = "TRL002"


def may_hold_suppressions(source: Source) -> bool:
    """Whether reading the comments of this source is worth it."""
    return MARK in source.text or any(MARK in magic.text for magic in source.magics)


class _Everything:
    """The rules that are on where nobody selects any: known without asking for their codes."""

    def __contains__(self, code: object) -> bool:
        return True


class Policy:
    """What one configuration makes of findings. `vocabulary` is asked only where a selector or suppression is met.

    Raises ConfigurationError for a selector that means no rule.
    """

    def __init__(self, configuration: Configuration, vocabulary: Callable[[], Vocabulary]) -> None:
        self.configuration = configuration
        self._vocabulary = vocabulary
        self._selects = bool(configuration.selectors())
        if self._selects:
            selection.check_selectors(configuration, vocabulary())

    def shown(self, findings: Iterable[Finding], source: Source | None, path: Path) -> tuple[Finding, ...]:
        """Those of a file's `findings` that are shown, in order, with those about its suppressions."""
        enabled = self._enabled(path)
        kept: tuple[Finding, ...] = tuple(f for f in findings if f.code in enabled or f.code == INTERNAL)
        if source is not None and may_hold_suppressions(source):
            from trl_lint.suppress import apply  # its patterns and the tokenizer are seldom needed

            kept = apply(kept, source, self._vocabulary, enabled)
        if self.configuration.min_confidence is Confidence.CERTAIN:
            kept = tuple(finding for finding in kept if finding.confidence is Confidence.CERTAIN)
        return tuple(self._linked(self._with_fixes(finding)) for finding in kept)

    @cached_property
    def _selected(self) -> frozenset[str]:
        return selection.selected(self.configuration.layers, self._vocabulary())

    @cached_property
    def _fixable(self) -> frozenset[str]:
        return selection.fixable(self.configuration.layers, self._vocabulary())

    def _enabled(self, path: Path) -> frozenset[str] | _Everything:
        if not self._selects:
            return _Everything()
        codes = self._selected
        for pattern, selectors in self.configuration.per_file_ignores:
            meant = PatternSet.of((pattern.removeprefix("!"),), str(self.configuration.root))
            if meant.matches(str(path), path.name) != pattern.startswith("!"):
                codes -= selection.codes_of(selectors, self._vocabulary())
        return codes

    def _with_fixes(self, finding: Finding) -> Finding:
        """`finding`, its fixes for display only where the configuration does not let them be applied."""
        if not self._selects or finding.fix is None or finding.code in self._fixable:
            return finding
        return replace(finding, fixes=tuple(Fix(fix.message, Applicability.DISPLAY) for fix in finding.fixes))

    def _linked(self, finding: Finding) -> Finding:
        """`finding`, documented where the configuration says, unless its rule has an address of its own."""
        template = self.configuration.rule_url
        if not template or finding.url:
            return finding
        return replace(finding, url=template.replace("{name}", finding.name).replace("{code}", finding.code))
