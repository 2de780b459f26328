"""`trl-lint preview --output-format json` shows the labels that real releases made, row by row.

Here a part of the recorded cases, another one for each release; all of them: `python -m tools.conformance previews`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from conformance import cases, known, previews, records
from conformance.cases.case import Case

FILES = sorted(records.FOLDER.glob("*.jsonl.gz"))
NAMES = [path.name.removesuffix(".jsonl.gz") for path in FILES]
NEWEST = max(NAMES, key=lambda name: [int(part) for part in name.split("-")[0].split(".")])
PAIRS = [pytest.param(name, marks=() if name == NEWEST else pytest.mark.slow) for name in NAMES]
STEP = 7  # one case of so many


@pytest.mark.parametrize("name", PAIRS)
def test_previews_show_the_recorded_labels(name: str, record_property: Callable[[str, object], None]) -> None:
    named = cases.by_name()
    record = records.read(records.FOLDER / f"{name}.jsonl.gz")
    # Cases on templates that come with TRL need the published package.
    fitting = [
        case
        for case, answer in record.cases.items()
        if previews.chosen(named[case], answer) and not named[case].model.startswith("known")
    ]
    part = fitting[NAMES.index(name) % STEP :: STEP]
    found = previews.compare(replace(record, cases={case: record.cases[case] for case in part}), named, None)
    told = known.compare(name, previews.disagreements(found), known.read(previews.KNOWN))
    equal = [each for each in found if each.verdict == previews.EQUAL]
    rows = sum(each.rows for each in equal)
    record_property("measured", f"{name}: {len(equal)} of {len(part)} previews as recorded, {rows} rows")
    assert [str(item) for item in told.unknown] == []
    assert len(equal) >= 0.8 * len(part) > 10


def test_every_difference_has_a_reason_and_a_case() -> None:
    named = cases.by_name()
    for entry in known.read(previews.KNOWN):
        assert entry.case in named
        assert entry.kind in (previews.OTHER, previews.NOT_SHOWN)
        assert len(entry.reason) > 20
        assert any(entry.covers(name) for name in NAMES)


ASKED = {"row": 1, "dropped": None, "stops": None, "input_ids": [7, 8, 9, 10], "labels": [-100, -100, 9, 10]}
REPLIED = {"row": 2, "dropped": None, "stops": None, "input_ids": [7, 11], "labels": [-100, 11]}


def letters(ids: object) -> str:
    assert isinstance(ids, list)
    return "".join(chr(ord("a") + number) for number in ids)


def test_rows_as_spans() -> None:
    dropped = {**REPLIED, "row": 3, "dropped": "nothing is left"}
    side = {"rows": [ASKED, REPLIED, dropped], "packing": None}
    assert list(previews.sequences(side, letters)) == [[["hi", 2, 0], ["jk", 2, 1]], [["h", 1, 0], ["l", 1, 1]]]


def test_packed_rows_as_spans() -> None:
    parts = [[{"row": 1, "start": 2, "stop": 4}, {"row": 2, "start": 0, "stop": 2}]]
    packing = {"sequences": parts, "first_unit_trained": True}
    side = {"rows": [ASKED, REPLIED], "packing": packing}
    assert list(previews.sequences(side, letters)) == [[["jk", 2, 1], ["h", 1, 0], ["l", 1, 1]]]
    without = {"rows": [ASKED, REPLIED], "packing": {"sequences": parts, "first_unit_trained": False}}
    assert list(previews.sequences(without, letters)) == [[["j", 1, 0], ["k", 1, 1], ["h", 1, 0], ["l", 1, 1]]]


def test_only_labels_of_text_are_compared() -> None:
    answer = {"outcome": "ok", "rows": [[["a", 1, 1]]]}
    assert previews.chosen(Case("name"), answer)
    assert not previews.chosen(Case("name", data="pictures"), answer)
    assert not previews.chosen(Case("name", trainer="DPOTrainer"), answer)
    assert not previews.chosen(Case("name"), {"outcome": "error"})
