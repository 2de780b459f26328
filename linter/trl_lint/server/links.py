"""Where a finding, a rule or a file is to be read: URIs for the client."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from pygls import uris

from trl_lint.model.finding import Finding
from trl_lint.packs.registry import Registry


def file_uri(path: Path | str) -> str:
    """The URI of a file, whose path may be relative to the working directory."""
    return str(uris.from_fs_path(str(Path(path).absolute())))


class Links:
    """Addresses of rule pages: the published one where a finding names it, else the file that came with the rule."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def page(self, finding: Finding) -> str | None:
        """The page of the rule that a finding is of."""
        return finding.url or self.of(finding.code)

    def of(self, code: str) -> str | None:
        """The page of the rule with this code."""
        return self._pages.get(code)

    @cached_property
    def _pages(self) -> Mapping[str, str]:
        return {info.code: info.path.absolute().as_uri() for info in self._registry.all_rules()}
