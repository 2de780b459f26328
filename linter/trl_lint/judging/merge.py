"""From verdicts to findings: which releases are affected, how severe that is today, which fixes hold."""

from __future__ import annotations

from collections.abc import Sequence

from trl_lint.dataclass import replace
from trl_lint.judging.judge import Affected
from trl_lint.judging.verdict import Note, Remedy, Verdict
from trl_lint.model.finding import Applicability, Confidence, Finding, Fix, Related, Severity, Spared
from trl_lint.model.source import Source
from trl_lint.model.span import Place
from trl_lint.model.target import Basis, Environment, Target
from trl_lint.targets import ranges
from trl_lint.targets.describe import describe


def to_finding(affected: Affected, source: Source, target: Target) -> Finding:
    """The finding; where it spares the newest allowed environment it is `info` and `possible`."""
    environments = list(affected.verdicts)
    verdict = affected.verdicts[environments[-1]]
    spared = target.environments[-1] not in affected.verdicts
    trl = f"TRL {ranges.in_words([environment.trl for environment in environments], target.trl.releases)}"
    transformers = _transformers_in_words(environments, target)
    doubts = [*affected.doubts, *_assumptions(target)]
    possible = bool(doubts) or spared
    certain_of_code = not affected.doubts and not spared

    def spell(text: str) -> str:
        return text.replace("{trl}", trl).replace("{transformers}", transformers)

    place = source.place(verdict.at)
    return Finding(
        code=affected.rule.code,
        name=affected.rule.name,
        message=spell(verdict.message),
        severity=Severity.INFO if spared or target.trl.undated else verdict.severity,
        confidence=Confidence.POSSIBLE if possible else Confidence.CERTAIN,
        stage=verdict.stage,
        span=verdict.at,
        place=place,
        releases=ranges.specifier([environment.trl for environment in environments], target.trl.releases),
        released=_released(target, affected),
        why=tuple(spell(text) for text in verdict.why),
        evidence=verdict.evidence,
        related=tuple(_related(note, source) for note in verdict.notes),
        fixes=tuple(
            _fix(_in_file(remedy, place.path), target, environments, certain_of_code)
            for remedy in _remedies(affected, verdict)
        ),
        spared=_spared(target, affected) if spared else None,
        doubts=tuple(doubts),
    )


def _transformers_in_words(environments: Sequence[Environment], target: Target) -> str:
    """Among the releases that were judged: of a long list only some are."""
    judged = sorted({environment.transformers for environment in target.environments})
    return f"transformers {ranges.in_words([environment.transformers for environment in environments], judged)}"


def _assumptions(target: Target) -> list[str]:
    doubts = []
    if target.trl.basis is Basis.ASSUMED:
        doubts.append(f"nothing says which TRL release this project uses, {target.trl.newest} is assumed")
    if target.trl.beyond:
        doubts.append(target.trl.beyond)
    return doubts


def _released(target: Target, affected: Affected) -> str:
    words = ranges.in_words([environment.trl for environment in affected.verdicts], target.trl.releases)
    allowed = describe(target.trl)
    if len(target.trl.releases) == 1:
        return f"this project has {allowed}, with {describe(target.transformers)}"
    return f"affected: TRL {words}; {allowed}"


def _spared(target: Target, affected: Affected) -> Spared:
    newest = max(environment.trl for environment in affected.verdicts)
    if newest == target.environments[-1].trl:
        return _spared_by_transformers(target, affected)
    needs = next((trl for trl in target.trl.releases if trl > newest), target.trl.newest)
    return Spared(target.trl.place, target.trl.specifier, str(needs))


def _spared_by_transformers(target: Target, affected: Affected) -> Spared:
    """The newest TRL is affected too, with older releases of transformers."""
    trl = target.environments[-1].trl
    newest = max(environment.transformers for environment in affected.verdicts if environment.trl == trl)
    later = [each.transformers for each in target.environments if each.trl == trl and each.transformers > newest]
    said = target.transformers
    return Spared(said.place, said.specifier, str(min(later)), said.package)


def _related(note: Note, source: Source) -> Related:
    place = note.at if isinstance(note.at, Place) else source.place(note.at)
    return Related(place, note.message)


def _remedies(affected: Affected, verdict: Verdict) -> list[Remedy]:
    """The remedies of the newest affected release first, then what older ones need besides."""
    found = list(verdict.remedies)
    known = {remedy.message for remedy in found}
    for environment, other in affected.verdicts.items():
        for remedy in other.remedies:
            if remedy.message not in known:
                known.add(remedy.message)
                found.append(
                    Remedy(
                        f"TRL {environment.trl}: {remedy.message.removeprefix('or ')}",
                        Applicability.DISPLAY,
                        (),
                        remedy.right_in,
                    )
                )
    return found


def _in_file(remedy: Remedy, path: str) -> Remedy:
    """A remedy whose edits would be in another file than the finding is told in words: each file is mended alone."""
    if all(edit.span.path == path for edit in remedy.edits):
        return remedy
    return replace(remedy, applicability=Applicability.DISPLAY, edits=())


def _fix(remedy: Remedy, target: Target, affected: Sequence[Environment], certain: bool) -> Fix:
    right = remedy.right_in
    message = remedy.message.removeprefix("or ")  # reports put their own word before it
    wrong = [] if right is None else [each for each in target.environments if not right(each)]
    if not wrong:
        applicability = remedy.applicability
        if applicability is Applicability.SAFE and not certain and not remedy.regardless:
            applicability = Applicability.UNSAFE
        return Fix(message, applicability, remedy.edits)
    if right is not None and not remedy.edits and not any(map(right, affected)):
        # It tells to leave these releases: that it is wrong in them goes without saying.
        return Fix(message, Applicability.DISPLAY)
    words = _where(wrong, target)
    some = remedy.edits and len(wrong) < len(target.environments)
    applicability = Applicability.UNSAFE if some else Applicability.DISPLAY
    return Fix(f"{message} (not for {words}, which this project allows too)", applicability, remedy.edits)


def _where(wrong: Sequence[Environment], target: Target) -> str:
    """In which releases of TRL; of transformers where each of these TRL releases is fine with another one."""
    fine = {each.trl for each in target.environments if each not in wrong}
    if fine.issuperset(each.trl for each in wrong):
        return _transformers_in_words(wrong, target)
    return f"TRL {ranges.in_words([each.trl for each in wrong], target.trl.releases)}"
