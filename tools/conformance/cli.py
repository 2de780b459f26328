"""The command line of the conformance program."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from facts.real import RealError
from facts.registry import RegistryError

from . import cases, changes, environment, fixes, judge, known, previews, record, records, templates_of


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.conformance", description=__doc__)
    parser.add_argument("--cache", type=Path, default=environment.default_cache(), help="where environments are kept")
    parser.add_argument("--records", type=Path, default=records.FOLDER, help="the recorded behaviour")
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record", help="run all cases on a pair of releases and record what happened")
    recording.add_argument("trl")
    recording.add_argument("transformers")
    recording.add_argument("--anew", action="store_true", help="run also the cases that are recorded and unchanged")
    recording.add_argument("--again", action="append", default=[], help="run also the cases with this in their name")
    recording.add_argument("--only", help="run only the cases with this in their name, print them and write nothing")
    checking = commands.add_parser("check", help="compare the records with what the linter says")
    checking.add_argument("pairs", nargs="*", metavar="TRL-TRANSFORMERS", help="only these records")
    checking.add_argument("--all", action="store_true", help="also print the known disagreements")
    checking.add_argument(
        "--update", action="store_true", help="write the list of what is known to differ; what is new has no reason yet"
    )
    comparing = commands.add_parser("changes", help="say what two recorded releases do differently")
    comparing.add_argument("before", metavar="TRL[-TRANSFORMERS]")
    comparing.add_argument("after", metavar="TRL[-TRANSFORMERS]")
    showing = commands.add_parser("previews", help="compare the recorded labels with what `trl-lint preview` shows")
    showing.add_argument("pairs", nargs="*", metavar="TRL-TRANSFORMERS", help="only these records")
    mending = commands.add_parser("fixes", help="run what the linter mends on the real releases")
    mending.add_argument("pairs", nargs="*", metavar="TRL-TRANSFORMERS", help="only these records")
    mending.add_argument("--told", action="store_true", help="run nothing, and tell what was recorded")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program. 0: done; 1: something disagrees that is not known to; 2: it failed."""
    options = _parser().parse_args(arguments)
    try:
        return _COMMANDS[options.command](options)
    except (RealError, RegistryError, judge.LinterFailedError, OSError) as error:
        print(f"conformance: {error}", file=sys.stderr)
        return 2


def _record(options: argparse.Namespace) -> int:
    pair = environment.pair(options.trl, options.transformers, options.cache)
    named = cases.by_name()
    chosen = [case for case in named.values() if records.fits(case, pair.trl) and case.model not in pair.failed]
    if options.only:
        for answer in record.run(pair, [case for case in chosen if options.only in case.name]):
            print(json.dumps(answer, ensure_ascii=False), flush=True)
        return 0
    texts = {name: pair.template(name) for name in set(pair.from_trl.values()) if pair.template(name)}
    empty = records.Record(
        pair.trl, pair.transformers, pair.packages, records.files_of(pair.models, texts), pair.failed, {}
    )
    path = options.records / empty.file
    before = records.read(path) if path.is_file() and not options.anew else empty
    # What the machine decided may come out otherwise on this one.
    kept = {
        name: answer
        for name, answer in records.unchanged(before, empty, named).items()
        if not judge.environmental(answer) and not any(text in name for text in options.again)
    }
    answers = record.run(pair, [case for case in chosen if case.name not in kept])
    made = records.filled(empty, kept, answers, chosen)
    records.write(made, options.records)
    print(
        f"{path}: {len(made.cases)} cases, {len(made.cases) - len(kept)} of them run now, {path.stat().st_size} bytes"
    )
    return 0


def _check(options: argparse.Namespace) -> int:
    named = cases.by_name()
    expected = known.read()
    wrong = judged = agreeing = staged = located = 0
    differing: list[judge.Disagreement] = []
    looked: list[str] = []
    for made in records.every(options.records):
        if options.pairs and made.name not in options.pairs:
            continue
        verdict = judge.judge(made, named, templates_of.published(made.trl))
        told = known.compare(made.name, verdict.disagreements, expected)
        differing += verdict.disagreements
        looked.append(made.name)
        shown = [*told.unknown, *(verdict.disagreements if options.all else ())]
        for line in dict.fromkeys(map(str, shown)):
            print(line)
        for line in told.gone:
            print(f"{made.name}  {line}  agrees now: take it off the list of known disagreements")
        for name in verdict.stale:
            print(f"{made.name}  {name}  is not the case that was recorded: record again")
        wrong += len(told.unknown) + len(told.gone) + len(verdict.stale)
        judged, staged, located = judged + verdict.judged, staged + verdict.staged, located + verdict.located
        agreeing += verdict.judged - len({item.case for item in verdict.disagreements})
    if options.update:
        known.write(known.updated(differing, expected, looked))
    share = 100 * agreeing / max(1, judged)
    print(f"{agreeing} of {judged} cases ({share:.2f}%) as recorded; stage right in {staged} of {located}")
    return 1 if wrong else 0


def _changes(options: argparse.Namespace) -> int:
    pair = []
    for wanted in (options.before, options.after):
        found = [made for made in records.every(options.records) if f"{made.name}-".startswith(f"{wanted}-")]
        if not found:
            raise RealError(f"{wanted} is not recorded")
        pair.append(found[-1])
    for line in changes.changes(*pair):
        print(line)
    return 0


def _previews(options: argparse.Namespace) -> int:
    named, listed = cases.by_name(), known.read(previews.KNOWN)
    counted: Counter[str] = Counter()
    rows = wrong = 0
    for made in records.every(options.records):
        if options.pairs and made.name not in options.pairs:
            continue
        with tempfile.TemporaryDirectory() as folder:
            trl = templates_of.unpacked(made.trl, Path(folder))
            found = previews.compare(made, named, templates_of.published(made.trl), trl)
        told = known.compare(made.name, previews.disagreements(found), listed)
        for line in told.unknown:
            print(line)
        for gone in told.gone:
            print(f"{made.name}  {gone}  agrees now: take it off the list of known disagreements")
        counted.update(each.verdict for each in found)
        rows += sum(each.rows for each in found if each.verdict == previews.EQUAL)
        wrong += len(told.unknown) + len(told.gone)
    shown = counted[previews.EQUAL] + counted[previews.OTHER]
    share = 100 * counted[previews.EQUAL] / max(1, shown)
    print(
        f"{counted[previews.EQUAL]} of {shown} previews ({share:.2f}%) show the labels that were recorded, in {rows} "
        f"rows; {counted[previews.NOT_SHOWN]} say that nothing can be shown"
    )
    return 1 if wrong else 0


def _fixes(options: argparse.Namespace) -> int:
    named = cases.by_name()
    for made in records.every(options.records):
        if options.told or (options.pairs and made.name not in options.pairs):
            continue
        pair = environment.pair(made.trl, made.transformers, options.cache)
        fixes.write(made.name, list(fixes.run(pair, made, named, templates_of.published(made.trl))), fixes.FOLDER)
    counted: Counter[str] = Counter()
    for name, answers in fixes.read(fixes.FOLDER).items():
        for answer in answers:
            case = named.get(answer["case"])
            said = "no such case" if case is None else fixes.verdict(case, answer)
            counted[said] += 1
            if said not in ("mended", "given up"):
                why = (
                    f"{answer['type']}: {answer['message'][:100]}"
                    if answer["outcome"] == "error"
                    else "trains otherwise"
                )
                print(f"{name}  {answer['case']}  {said} by {' '.join(answer['codes'])}: {why}")
    print(", ".join(f"{count} {said}" for said, count in counted.most_common()))
    return 1 if counted["wrong"] else 0


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "record": _record,
    "check": _check,
    "changes": _changes,
    "previews": _previews,
    "fixes": _fixes,
}
