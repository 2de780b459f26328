"""The codes and names of all rules: what selectors and suppressions may say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex

# The findings about a file or a comment that belong to no rule pack.
OWN_RULES: Mapping[str, str] = {
    "TRL001": "unparsable-file",
    "TRL002": "internal-error",
    "TRL010": "unused-suppression",
    "TRL011": "unknown-suppression",
}
MARK = "trl-lint:"  # in every suppression
_CODE = regex(r"[A-Za-z]+[0-9]*")


@dataclass(frozen=True)
class Vocabulary:
    """All rules, name by code."""

    names: Mapping[str, str]

    @classmethod
    def of(cls, rules: Iterable[tuple[str, str]]) -> Vocabulary:
        """The given (code, name) pairs and the linter's own."""
        return cls({**OWN_RULES, **dict(rules)})

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {name: code for code, name in self.names.items()}

    def code(self, text: str) -> str | None:
        """The code of the one rule that `text` names, by code or by name."""
        if text in self._by_name:
            return self._by_name[text]
        return text.upper() if text.upper() in self.names else None

    def select(self, selector: str) -> tuple[int, frozenset[str]] | None:
        """How specific `selector` is, and the codes it means: `ALL`, a prefix of codes, a code or a name."""
        if selector == "ALL":
            return 0, frozenset(self.names)
        if one := self.code(selector):
            return 1000, frozenset({one})
        if not _CODE.fullmatch(selector):
            return None
        codes = frozenset(code for code in self.names if code.startswith(selector.upper()))
        return (len(selector), codes) if codes else None

    def nearest(self, text: str) -> str | None:
        """The code or name that was probably meant."""
        import difflib

        words = [*self.names, *self.names.values()]
        found = difflib.get_close_matches(text.lower(), [word.lower() for word in words], n=1)
        return next((word for word in words if found and word.lower() == found[0]), None)
