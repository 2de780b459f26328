"""What another pair of releases would silently change for a run: defaults it relies on, and behaviour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from trl_lint.api import ABSENT, UNKNOWN, Change, Environment, Pin, Release, RunView, Sort, Weight
from trl_lint_rules import facts
from trl_lint_rules.knowledge import calls, defaults
from trl_lint_rules.knowledge.consequences import (
    ENDED,
    FILLED_IN,
    FORMER,
    SAME,
    SAME_IN,
    Consequence,
    consequence,
)
from trl_lint_rules.knowledge.moves import gone
from trl_lint_rules.knowledge.renames import older_names, renames_of
from trl_lint_rules.knowledge.steps import first_release

Fields = Mapping[str, facts.Field]
_PLAIN = (bool, int, float, str, type(None))
_INHERITED = "TrainingArguments"


def default_changes(run: RunView, new: Environment) -> tuple[Change, ...]:
    """The defaults on which `run` relies that are others in `new`, those that matter first. `run` is seen in the
    older releases."""
    if run.run.patched_by is not None:
        return ()
    found: list[Change] = []
    for cls, module, ignored in _classes(run):
        before = _fields(cls, module, run.environment)
        after = _fields(cls, module, new)
        if before is None or after is None:
            continue
        pair = _Pair(run, new, cls, module, before, after)
        found += (change for name in pair.names() if name not in ignored and (change := pair.change(name)) is not None)
    return tuple(sorted(found, key=lambda change: (change.weight is Weight.MINOR, change.number or 99, change.name)))


def lost_settings(run: RunView, new: Environment) -> tuple[Change, ...]:
    """The keys of a recipe that the classes of its `trl` command take in the older releases, and no more in `new`.

    Whatever script reads the recipe, its classes are these or made from them.
    """
    if not run.run.recipe or run.run.patched_by is not None:
        return ()
    before, after = _taken(run, run.environment), _taken(run, new)
    if before is None or after is None:
        return ()
    lost = [name for name in run.run.settings.items if name in before and name not in after]
    return tuple(_lost(name, run, before[name], after, new) for name in lost)


def _taken(run: RunView, environment: Environment) -> dict[str, str] | None:
    """The arguments of the classes that the command of this trainer parses, with the class of each."""
    return _taken_for(run.run.trainer, environment)


@lru_cache(maxsize=512)
def _taken_for(trainer: str | None, environment: Environment) -> dict[str, str] | None:
    command = next((each for each in facts.cli(environment.trl).values() if each.trainer == trainer), None)
    if command is None:
        return None
    found: dict[str, str] = {}
    for cls, module in command.dataclasses:
        takes = calls.known(cls, module, environment)
        if takes is None:
            return None
        found.update((name, cls) for name in takes.names if name not in found)
    return found


def _lost(name: str, run: RunView, cls: str, after: Mapping[str, str], new: Environment) -> Change:
    follower = next((row.new for row in renames_of(name, cls) if row.new in after), None)
    row = gone(name, cls)
    advice = f"write `{follower}`" if follower else f"take it out; {row.advice}" if row else "take it out"
    package, since = first_release(run.environment, new, lambda at: name not in (_taken(run, at) or {name: cls}))
    owner = cls if package == "trl" else _INHERITED
    return Change(
        Sort.LOST,
        name,
        f"an argument of {owner}",
        "none",
        since,
        package,
        advice=advice,
        source=f"{owner} of {package} {since}",
    )


def _classes(run: RunView) -> Iterator[tuple[str, str | None, frozenset[str]]]:
    """The config classes whose defaults count, where they are imported from, and arguments that are set anyway.

    A trainer that gets `TrainingArguments` makes its own config of them: what they hold is given, the rest is not.
    """
    config, trainer = run.run.config, run.run.trainer
    own = trainer.removesuffix("Trainer") + "Config" if trainer is not None else None
    if config is None:
        if own is not None:
            yield own, None, frozenset()
    elif not config.endswith(_INHERITED):
        yield config, defaults.module_of(run), frozenset()
    elif own is not None:
        yield config, None, frozenset()
        yield own, None, frozenset(facts.training_arguments(run.transformers))


@lru_cache(maxsize=512)
def _fields(cls: str, module: str | None, environment: Environment) -> Fields | None:
    """The fields of a class where this release has it, even if it has moved."""
    if cls.endswith(_INHERITED):
        return facts.training_arguments(environment.transformers)
    for place in (module, None, facts.where(cls, environment.trl)):
        found = facts.config_fields(cls, environment.trl, environment.transformers, place)
        if found is not None:
            return found
    return None


class _Pair:
    """One config class of a run in both environments."""

    def __init__(
        self, run: RunView, new: Environment, cls: str, module: str | None, before: Fields, after: Fields
    ) -> None:
        self.run, self.new, self.cls, self.module = run, new, cls, module
        self.before, self.after = before, after

    def names(self) -> Iterator[str]:
        """The arguments that may differ."""
        former = (name for cls, name in FORMER if cls == self.cls and name not in self.before and name in self.after)
        yield from (*self.before, *former)

    def change(self, name: str) -> Change | None:
        """What becomes of the default of `name`; None where nothing does, or the run does not meet it."""
        if self.given(name):
            return None
        old = self.worth(name, self.run.environment)
        new = self.worth(name, self.new)
        if isinstance(old, facts.Source) or isinstance(new, facts.Source) or ABSENT in (old, new):
            return None
        if old is facts.REQUIRED or new is facts.REQUIRED or self.same(name, old, new):
            return None
        known = consequence(name, self.cls)
        met = known.noticed(self.read) if known is not None and known.noticed is not None else True
        return None if met is False else self._described(name, old, new, known, met is None)

    def given(self, name: str) -> bool:
        """Whether the code sets it, in the config or (as older trainers took it) in the trainer, by any name."""
        names = (name, *older_names(name, self.cls))
        return any(self.run.given(each) is not None or self.run.passed(each) is not None for each in names)

    def worth(self, name: str, environment: Environment) -> Any:
        """The default in an environment, and what was done there before there was (or after there is) the argument."""
        return _worth(self.cls, self.module, name, environment)

    def same(self, name: str, old: Any, new: Any) -> bool:
        """Whether both defaults do the same."""
        if type(old) is type(new) and old == new:
            return True
        if isinstance(old, int | float) and isinstance(new, int | float) and not isinstance(new, bool):
            return old == new
        equals = SAME_IN.get((self.cls, name), frozenset())
        return {repr(old), repr(new)} <= equals or any((old, new) in ((a, b), (b, a)) for a, b in SAME.get(name, ()))

    def read(self, name: str) -> Any:
        """The value that the run would have under the newer releases."""
        value = self.run.setting(name)
        if value is ABSENT or (value is UNKNOWN and self.run.given(name) is None):
            passed = self.run.passed(name)
            if passed is not None:
                return self.run.argument(name)
            field = self.after.get(name)
            return None if field is None or isinstance(field.default, facts.Source) else field.default
        return value

    def _described(self, name: str, old: Any, new: Any, known: Consequence | None, doubtful: bool) -> Change:
        package, since = _since(self.cls, self.module, name, self.run.environment, self.new)
        words = {"old": _shown(old), "new": _shown(new), "ratio": _ratio(old, new)}
        keep = _kept(old, self.after.get(name)) if known is None or known.keep is None else known.keep
        minor = known is None or known.minor
        own = self.cls == self.run.run.config or not str(self.run.run.config).endswith(_INHERITED)
        advice = known.advice.format(**words) if known is not None else ""
        if keep and not own:
            advice = f"give the trainer `{self.cls}({name}={keep})` in the place of {self.run.run.config}"
        return Change(
            Sort.DEFAULT,
            name,
            (known.was if known else "") or _shown(old),
            "not cut" if name in ENDED and new is None else (known.shown if known else "") or _shown(new),
            since,
            package,
            Weight.MINOR if minor else Weight.MATTERS,
            known.means.format(**words) if known is not None else "",
            known.condition if known is not None and doubtful else "",
            (Pin(name, keep),) if keep and own and name in self.after else (),
            advice,
            f"{known.source} of {package} {since}" if known is not None else f"{self.cls} of {package} {since}",
            known.number if known is not None else 0,
        )


def _worth(cls: str, module: str | None, name: str, environment: Environment) -> Any:
    field = (_fields(cls, module, environment) or {}).get(name)
    if field is None:
        if name in ENDED:
            return None
        rows = FORMER.get((cls, name), ())
        return next((row.value for row in reversed(rows) if environment.trl >= row.since), ABSENT)
    if field.deprecated_since is not None and name not in ENDED:
        return _of_successor(cls, module, name, environment)
    value = None if name in ENDED and field.default == -1 else field.default
    filled = FILLED_IN.get((cls, name))
    return filled[1] if filled is not None and environment.trl < filled[0] and value is None else value


def _of_successor(cls: str, module: str | None, name: str, environment: Environment) -> Any:
    """The default of the argument that has taken the place of a deprecated one: what happens where neither is given."""
    fields = _fields(cls, module, environment) or {}
    same = (row.new for row in renames_of(name, cls) if row.values is None and not row.share)
    successor = next((fields[new] for new in same if new in fields), None)
    return ABSENT if successor is None or successor.deprecated_since is not None else successor.default


def _kept(old: Any, field: facts.Field | None) -> str:
    """The old default as source text, where it may be written and the newer class still takes it."""
    if not isinstance(old, _PLAIN) or field is None or (field.choices is not None and old not in field.choices):
        return ""
    return f'"{old}"' if isinstance(old, str) and '"' not in old and "\\" not in old else repr(old)


def _shown(value: Any) -> str:
    return defaults.shown(value)


def _ratio(old: Any, new: Any) -> str:
    if isinstance(old, float) and isinstance(new, float) and old:
        return f"{new / old:.2g}"
    return ""


@lru_cache(maxsize=1024)
def _since(cls: str, module: str | None, name: str, old: Environment, new: Environment) -> tuple[str, Release]:
    """Which package's release brought the newer default: the first from which on it has not changed again."""

    reached = _worth(cls, module, name, new)
    return first_release(old, new, lambda at: not _differ(_worth(cls, module, name, at), reached))


def _differ(one: Any, other: Any) -> bool:
    return type(one) is not type(other) or one != other
