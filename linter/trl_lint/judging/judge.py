"""Every rule on one run, in every environment of its target and every world."""

from __future__ import annotations

from collections.abc import Sequence

from trl_lint.dataclass import dataclass, field
from trl_lint.judging.verdict import Verdict
from trl_lint.judging.view import Evidences, ModuleView, RunView
from trl_lint.judging.worlds import World, exhausted, explore, hangs_together
from trl_lint.model.module import Module
from trl_lint.model.run import Run
from trl_lint.model.span import Span
from trl_lint.model.target import Environment, Target
from trl_lint.packs.rule import ModuleRule, Rule


@dataclass
class Affected:
    """The environments in which one rule gave the verdict of one case at one place."""

    rule: Rule
    verdicts: dict[Environment, Verdict] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def doubt(self, reason: str) -> None:
        """Keep why the verdict is not certain."""
        if reason not in self.doubts:
            self.doubts.append(reason)


@dataclass
class _Case:
    """One verdict of a rule in one environment, and the worlds in which it was given."""

    verdict: Verdict
    worlds: list[World] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    outside: list[tuple[str, ...]] = field(default_factory=list)  # for worlds in which a default has stood

    def why_not_everywhere(self) -> str:
        """Why the verdict is not given in every world."""
        if len(self.outside) < len(self.worlds):
            return "it depends on which way the code takes"
        first, *others = dict.fromkeys(reason for reasons in self.outside for reason in reasons)
        return f"{first}{' or another one' if others else ''} may say otherwise"


def judge(run: Run, target: Target, evidences: Evidences, rules: Sequence[Rule]) -> list[Affected]:
    """What the rules say of `run`, one entry for each rule, case and place, in the order they were found."""
    found: dict[tuple[str, str, Span], Affected] = {}
    if any(guard.kind == "expected" for guard in run.guards):
        return []  # a test that wants it to fail
    for rule in rules:
        for environment in target.environments:
            _judge_one(rule, run, target, environment, evidences, found)
    return list(found.values())


def judge_module(module: Module, target: Target, rule: ModuleRule) -> list[Affected]:
    """What a rule on modules says of `module`, one entry for each case and place."""
    found: dict[tuple[str, Span], Affected] = {}
    for environment in target.environments:
        for verdict in rule.check_module(ModuleView(module, target, environment)):
            affected = found.setdefault((verdict.case, verdict.at), Affected(rule))
            affected.verdicts.setdefault(environment, verdict)
            for reason in verdict.doubts:
                affected.doubt(reason)
    return list(found.values())


def _judge_one(
    rule: Rule,
    run: Run,
    target: Target,
    environment: Environment,
    evidences: Evidences,
    found: dict[tuple[str, str, Span], Affected],
) -> None:
    worlds: list[World] = []
    seen: dict[tuple[str, str, Span], _Case] = {}

    def check(world: World) -> tuple[RunView, list[Verdict]]:
        view = RunView(run, target, environment, world, evidences)
        return view, list(rule.check(view))

    for world, (view, verdicts) in explore(check, run.when):
        worlds.append(world)
        for verdict in verdicts:
            case = seen.setdefault((rule.code, verdict.case, verdict.at), _Case(verdict))
            case.worlds.append(world)
            case.doubts += (*view.weak, *verdict.doubts)
            if world.passed_over:
                case.outside.append(tuple(world.passed_over))
    for key, case in seen.items():
        if not hangs_together(case.worlds, worlds):
            continue
        affected = found.setdefault(key, Affected(rule))
        affected.verdicts.setdefault(environment, case.verdict)
        for reason in (*case.doubts, *filter(None, (run.assumed,))):
            affected.doubt(reason)
        if len(case.worlds) < len(worlds) or exhausted(len(worlds)):
            affected.doubt(case.why_not_everywhere())
