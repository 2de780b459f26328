"""The pages of a whole rule pack as tests."""

from __future__ import annotations

import os
from pathlib import Path

from trl_lint.dataclass import dataclass, replace
from trl_lint.packs.registry import BUILTIN, Registry, RuleInfo
from trl_lint.testing.pages import Example, complaints, examples
from trl_lint.testing.run import mismatch, run


@dataclass(frozen=True)
class Case:
    """One thing that must hold of a page: its form (`example` None), or what one of its examples states."""

    info: RuleInfo
    registry: Registry
    codes: frozenset[str]
    example: Example | None = None

    def __str__(self) -> str:
        return f"{self.info.name}: {self.example.title if self.example is not None else 'the form of its page'}"

    def check(self, folder: Path) -> None:
        """Raises AssertionError, with what is wrong, unless it holds. An example is written to the empty `folder`.

        Of what other packs find in an example only what its page states has to be there.
        """
        where = f"{self.info.path}:{self.example.line if self.example is not None else 1}"
        if self.example is None:
            wrong = list(complaints(self.info.page(), self.info.code, self.info.name))
            if not self.info.summary or self.info.summary.endswith("."):
                wrong.append("the rule's summary is empty, or ends with a full stop")
            assert not wrong, f"{where}: {'; '.join(wrong)}"
            return
        before = Path.cwd()
        os.chdir(folder)
        try:
            outcome = run(self.example, folder, self.registry)
        finally:
            os.chdir(before)
        stated = {each.code for each in self.example.expected}
        found = tuple(each for each in outcome.found if each.code in self.codes | stated)
        said = mismatch(self.example, replace(outcome, found=found))
        assert said is None, f"{where}\n{said}"


def cases(package: str) -> list[Case]:
    """Everything that must hold of the pages of this pack. Raises ValueError for a pack that cannot be used."""
    own = Registry([package])
    infos = own.all_rules()
    if own.problems or not infos:
        raise ValueError("; ".join(own.problems) or f"the rule pack `{package}` has no rules")
    codes = frozenset(info.code for info in infos)
    registry = own if package == BUILTIN else Registry([BUILTIN, package])
    if registry.problems or len(registry.all_rules()) <= len(infos) * (package != BUILTIN):
        raise ValueError("; ".join(registry.problems))
    return [Case(info, registry, codes, example) for info in infos for example in (None, *examples(info.page()))]
