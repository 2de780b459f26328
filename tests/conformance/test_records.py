"""The linter says what real releases did. Where it does not, `known.toml` says why, and nothing else may differ."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance import cases, fixes, judge, known, records, templates_of
from conformance.records import Record

FILES = sorted(records.FOLDER.glob("*.jsonl.gz"))
NAMES = [path.name.removesuffix(".jsonl.gz") for path in FILES]
NEWEST = max(NAMES, key=lambda name: [int(part) for part in name.split("-")[0].split(".")])

PAIRS = [pytest.param(name, marks=() if name == NEWEST else pytest.mark.slow) for name in NAMES]


def the_record(name: str) -> Record:
    return records.read(records.FOLDER / f"{name}.jsonl.gz")


@pytest.mark.parametrize("name", PAIRS)
def test_the_linter_says_what_the_release_did(name: str, record_property: Callable[[str, object], None]) -> None:
    """Without the cases on templates that come with TRL: those are only in the published package."""
    verdict = judge.judge(the_record(name), cases.by_name(), None)
    told = known.compare(name, verdict.disagreements, known.read())
    wrong = len({item.case for item in verdict.disagreements})
    record_property("measured", f"{name}: {verdict.judged - wrong} of {verdict.judged} cases as recorded")
    assert [str(item) for item in told.unknown] == []
    assert list(told.gone) == [], "agrees now: take it off tests/conformance/known.toml"


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if "@trl:" in str(the_record(name).models)])
def test_the_linter_knows_the_templates_that_the_release_brings(name: str) -> None:
    """The templates are taken from the published package, so this needs the package index."""
    chosen = {key: case for key, case in cases.by_name().items() if case.model.startswith("known")}
    verdict = judge.judge(the_record(name), chosen, templates_of.published(the_record(name).trl))
    assert verdict.judged > 5
    assert [str(item) for item in known.compare(name, verdict.disagreements, known.read()).unknown] == []


@pytest.mark.parametrize("name", NAMES)
def test_records_are_of_the_cases_as_they_are(name: str) -> None:
    recorded, named = the_record(name), cases.by_name()
    stale = [case for case, answer in recorded.cases.items() if answer["made"] != records.digest(named[case])]
    assert stale == [], f"run `python -m tools.conformance record {name.replace('-', ' ')}`"
    fitting = {case.name for case in named.values() if records.fits(case, recorded.trl)}
    left_out = {case for case in fitting if named[case].model in recorded.failed}
    assert set(recorded.cases) == fitting - left_out


def test_every_known_disagreement_has_a_reason_and_a_case() -> None:
    named = cases.by_name()
    for entry in known.read():
        assert entry.case in named
        assert entry.kind in ("missed", "false alarm", "silent", "noise")
        assert len(entry.reason) > 20
        assert any(entry.covers(name) for name in NAMES)


# Mended, and what is left over is on the list of known disagreements: this template's generation prompt is longer than
# what the conversation holds, so that a completion's beginning is misjudged by TRL itself.
LEFT_OVER = {"template/thinking/pairs-assistant"}


def test_what_was_mended_runs_and_trains_what_was_asked(record_property: Callable[[str, object], None]) -> None:
    named, found = cases.by_name(), fixes.read(fixes.FOLDER)
    counts: dict[str, int] = {}
    for pair, answers in found.items():
        for answer in answers:
            said = fixes.verdict(named[answer["case"]], answer)
            counts[said] = counts.get(said, 0) + 1
            assert said != "wrong" or answer["case"] in LEFT_OVER, (
                f"{pair} {answer['case']}: mended by {answer['codes']}, and {answer}"
            )
    record_property("measured", f"fixes on {len(found)} pairs of releases: {counts}")
    assert counts["mended"] >= 60
    assert len(found) >= 8
