"""The installed rule packs and their rules.

A pack is a package named by the entry-point group `trl_lint.rules`. Its rules lie in its folder or in family folders
of it; it may define `RULE_URL` (where its rules are documented), `release_index()` (the releases it knows, for the
target), `facts_summary()` (for `--version`) and `read_facts(paths)` (for `--facts-from`). For
`trl-lint upgrade`, each of a run as it is seen in the older releases: `default_changes(run, new)` and
`behaviour_changes(run, new)` (what the releases of `new` silently change) and `lost_settings(run, new)` (the keys of a
recipe that they do not take); and `deprecation_codes()` (its rules that say that something is to go). For an
editor's hover: `argument_facts(run, name, environment, of_trainer=...)`, what is known of an argument in itself. For
`trl-lint preview`: `training_view(run, count)` (what the run trains on, with up to `count` rows) and
`read_templates(paths)` (for `--facts-from`).
A pack that cannot be used, or a rule of it, is left out and named in `Registry.problems`; the others work.
Entry points are read from the metadata files directly: `importlib.metadata` costs more than a whole check.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from trl_lint.dataclass import dataclass, replace
from trl_lint.lazy import regex
from trl_lint.packs.index import Entry, entries
from trl_lint.packs.rule import ANY, Rule
from trl_lint.paths import display_path

if TYPE_CHECKING:
    from trl_lint.judging.view import RunView
    from trl_lint.model.about import ArgumentFacts
    from trl_lint.model.command import Command
    from trl_lint.model.run import Run
    from trl_lint.model.target import Environment
    from trl_lint.model.training import TrainingView
    from trl_lint.model.upgrade import Change
    from trl_lint.targets.index import ReadRelease, ReleaseIndex

GROUP = "trl_lint.rules"
BUILTIN = "trl_lint_rules"
_METADATA = (".dist-info", ".egg-info")
_CODE = regex(r"[A-Z]+[0-9]{3,}")
_NAME = regex(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What a person is told of a rule."""

    code: str
    name: str
    summary: str
    path: Path

    def page(self) -> str:
        """The rule's Markdown page."""
        return self.path.read_text(encoding="utf-8")

    @property
    def family(self) -> str:
        """The folder that the rule lies in."""
        return self.path.parent.name


def _named_packages() -> list[str]:
    """Packages of the entry-point group, over all metadata folders of `sys.path`, the built-in one first."""
    found = [BUILTIN]
    for folder in dict.fromkeys(sys.path):
        try:
            names = sorted(name for name in os.listdir(folder or ".") if name.endswith(_METADATA))  # noqa: PTH208
        except OSError:
            continue
        for name in names:
            try:
                with open(os.path.join(folder, name, "entry_points.txt"), "rb") as file:  # noqa: PTH118
                    raw = file.read(1 << 20)
            except OSError:
                continue
            if GROUP.encode() in raw:
                found += _group_values(raw.decode("utf-8", "replace"))
    return list(dict.fromkeys(found))


def _group_values(text: str) -> list[str]:
    values, inside = [], False
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            inside = line == f"[{GROUP}]"
        elif inside and "=" in line and not line.startswith("#"):
            values.append(line.partition("=")[2].split(":")[0].strip())
    return values


def _read(pack: Pack) -> tuple[list[Entry] | None, list[str]]:
    """The rules of a pack (None: it cannot be used at all), and what is wrong with it."""
    try:
        return entries(pack.package, pack.folder)
    except Exception as error:
        return None, [f"the rule pack `{pack.package}` cannot be used ({type(error).__name__}: {error})"]


def _refused(entry: Entry, package: str, taken: dict[str, str]) -> str | None:
    """Why a rule cannot be used, in words."""
    if not _CODE.fullmatch(entry.code) or not _NAME.fullmatch(entry.name):
        given = f"the code {entry.code!r} and the name {entry.name!r}"
        return f"`{entry.module}` has {given}, which are not like `ABC001` and `a-name`"
    if package != BUILTIN and entry.code.startswith("TRL"):
        return f"`{entry.module}` has the code {entry.code}, but those that begin with TRL belong to trl-lint itself"
    for word in (entry.code, entry.name):
        if word in taken:
            return f"`{entry.module}` and `{taken[word]}` are both called {word}"
    return None


@dataclass(frozen=True)
class Pack:
    """One rule pack."""

    package: str

    @cached_property
    def module(self) -> ModuleType:
        """The package itself."""
        return importlib.import_module(self.package)

    @cached_property
    def folder(self) -> Path:
        """Where its files lie."""
        return Path(str(self.module.__file__)).parent

    def page(self, entry: Entry) -> Path:
        """The page of a rule."""
        return self.folder / (entry.module.removeprefix(self.package + ".").replace(".", "/") + ".md")


class Registry:
    """All rules of all packs. `problems` say what of them cannot be used, once `entries` or `packs` was asked for."""

    def __init__(self, packages: list[str] | None = None) -> None:
        self._packages = packages
        self._made: dict[str, Rule] = {}
        self.problems: list[str] = []

    @cached_property
    def _owned(self) -> list[tuple[Pack, list[Entry]]]:
        """The packs that can be used, each with its rules. What an earlier one has no later one can take."""
        taken: dict[str, str] = {}
        owned = []
        for package in self._packages if self._packages is not None else _named_packages():
            pack = Pack(package)
            found, problems = _read(pack)
            self.problems += problems
            if found is None:
                continue
            kept = []
            for entry in found:
                problem = _refused(entry, package, taken)
                if problem is None:
                    kept.append(entry)
                    taken |= {entry.code: entry.module, entry.name: entry.module}
                else:
                    self.problems.append(f"a rule of the pack `{package}` is left out: {problem}")
            owned.append((pack, kept))
        return owned

    @cached_property
    def packs(self) -> list[Pack]:
        """The packs that can be used, the built-in one first."""
        return [pack for pack, _ in self._owned]

    @cached_property
    def entries(self) -> list[Entry]:
        """Every rule, by code."""
        return sorted((entry for _, found in self._owned for entry in found), key=lambda entry: entry.code)

    @cached_property
    def urls(self) -> dict[str, str]:
        """Where rules are documented, by code: what a pack's `RULE_URL` (with `{name}` or `{code}` in it) says."""
        templates = ((getattr(pack.module, "RULE_URL", None), found) for pack, found in self._owned)
        return {
            entry.code: template.replace("{name}", entry.name).replace("{code}", entry.code)
            for template, found in templates
            if isinstance(template, str)
            for entry in found
        }

    def rule(self, entry: Entry) -> Rule:
        """The rule itself, imported on demand."""
        if entry.code not in self._made:
            module = importlib.import_module(entry.module)
            self._made[entry.code] = getattr(module, entry.class_name)()
        return self._made[entry.code]

    def for_run(self, run: Run) -> list[Entry]:
        """The rules that may have something to say of this run."""
        trainer = run.trainer or (run.config or "").replace("Config", "Trainer")
        given = run.settings.items.keys() | run.arguments.items.keys()
        open_ended = run.settings.open is not None or run.arguments.open is not None
        return [
            entry
            for entry in self.entries
            if entry.subject == "run"
            and (ANY in entry.trainers or trainer in entry.trainers)
            and (not entry.needs or open_ended or not given.isdisjoint(entry.needs))
        ]

    def about(self, subject: str) -> list[Entry]:
        """The rules whose subject this is: `module`, `gather`."""
        return [entry for entry in self.entries if entry.subject == subject]

    def all_rules(self) -> tuple[RuleInfo, ...]:
        """Every rule as a person is told of it, by code."""
        infos = [
            RuleInfo(entry.code, entry.name, entry.summary, pack.page(entry))
            for pack, found in self._owned
            for entry in found
        ]
        return tuple(sorted(infos, key=lambda info: info.code))

    def release_indexes(self) -> Iterator[ReleaseIndex]:
        """The releases that the packs know."""
        for pack in self.packs:
            if hasattr(pack.module, "release_index"):
                try:
                    yield pack.module.release_index()
                except Exception as error:
                    if pack.package == BUILTIN:
                        raise
                    what = f"the releases of the rule pack `{pack.package}` cannot be used"
                    self.problems.append(f"{what} ({type(error).__name__}: {error})")

    def read_facts(self, paths: Sequence[Path]) -> tuple[ReadRelease, ...]:
        """Releases read from source trees, by which this process judges from now on.

        Raises ValueError where the packs cannot read one.
        """
        readers = [pack.module for pack in self.packs if hasattr(pack.module, "read_facts")]
        found = [read for module in readers for read in module.read_facts(paths)]
        return tuple(replace(read, path=display_path(Path(read.path))) for read in found)

    def class_fields(self, dotted: str) -> frozenset[str] | None:
        """The fields that a dataclass of a library ever had; None for a class that no pack knows, and for configs of
        trainers, which take those of another library too."""
        modules = (pack.module for pack in self.packs if hasattr(pack.module, "class_fields"))
        found = (module.class_fields(dotted) for module in modules)
        return next((each for each in found if each is not None), None)

    def changes(self, run: RunView, new: Environment) -> tuple[Change, ...]:
        """What `new` changes for a run that is seen in the older releases, and no finding says."""
        modules = [pack.module for pack in self.packs]
        asked = ("lost_settings", "default_changes", "behaviour_changes")
        answers = (getattr(module, name)(run, new) for name in asked for module in modules if hasattr(module, name))
        return tuple(change for answer in answers for change in answer)

    def argument_facts(
        self, run: Run, name: str, environment: Environment, *, of_trainer: bool
    ) -> ArgumentFacts | None:
        """What the first pack that knows it says of an argument of the run's config, or of its trainer."""
        modules = (pack.module for pack in self.packs if hasattr(pack.module, "argument_facts"))
        found = (module.argument_facts(run, name, environment, of_trainer=of_trainer) for module in modules)
        return next((each for each in found if each is not None), None)

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """The sub-commands of `trl` that train."""
        modules = [pack.module for pack in self.packs]
        return tuple(command for module in modules if hasattr(module, "commands") for command in module.commands())

    @cached_property
    def deprecation_codes(self) -> frozenset[str]:
        """The rules that say that something warns and is to go."""
        found = (pack.module.deprecation_codes() for pack in self.packs if hasattr(pack.module, "deprecation_codes"))
        return frozenset().union(*found)

    def training_view(self, run: RunView, count: int) -> TrainingView:
        """What the run trains on, by the first pack that can show some rows of it."""
        modules = [pack.module for pack in self.packs if hasattr(pack.module, "training_view")]
        views: list[TrainingView] = [module.training_view(run, count) for module in modules]
        return next((view for view in views if not view.reason), views[0])

    def read_templates(self, paths: Sequence[Path]) -> None:
        """Where training templates are read from first. Raises ValueError where a folder holds none."""
        for pack in self.packs:
            if hasattr(pack.module, "read_templates"):
                pack.module.read_templates(paths)

    def facts_summary(self) -> str:
        """The newest releases known to the packs, in words."""
        return "; ".join(pack.module.facts_summary() for pack in self.packs if hasattr(pack.module, "facts_summary"))
