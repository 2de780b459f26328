"""Whether `trl-lint preview --output-format json` shows the labels that a real release made, row by row."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import judge, render
from .cases import data
from .cases.case import Case
from .records import Record

IGNORED = -100
EQUAL, OTHER, NOT_SHOWN = "equal", "other", "not shown"
KNOWN = Path(__file__).resolve().parents[2] / "tests" / "conformance" / "previews.toml"
_ROWS = 200

Spans = list[list[Any]]  # neighbouring tokens with or without a label: [text, how many, whether they are trained]


@dataclass(frozen=True)
class Comparison:
    """How a preview compares with what was recorded: `equal`, `other` or `not shown`, and why."""

    pair: str
    case: str
    verdict: str
    why: str
    rows: int

    def __str__(self) -> str:
        return f"{self.pair}  {self.case}  {self.verdict}: {self.why}"


def chosen(case: Case, answer: Mapping[str, Any]) -> bool:
    """Whether there are labels to compare with: a run of SFTTrainer on text that came through its first step."""
    ran = answer["outcome"] == "ok" and bool(answer.get("rows"))
    return ran and case.trainer == "SFTTrainer" and case.data not in data.PICTURED


def compare(
    record: Record, cases: Mapping[str, Case], template: Callable[[str], str] | None, trl: Path | None = None
) -> list[Comparison]:
    """Compare each case that has labels.

    `template` gives a chat template of TRL by its name, and `trl` is a folder with that release's package, from which
    training templates are read; without them the cases on templates of TRL are left out.
    """
    answers = {name: answer for name, answer in record.cases.items() if name in cases and chosen(cases[name], answer)}
    with tempfile.TemporaryDirectory(prefix="conformance-") as work:
        root = Path(work).resolve()
        written = judge.write_projects(replace(record, cases=answers), cases, root, template)
        if not written:
            return []
        flags = ["--facts-from", str(trl)] if trl is not None else []
        # Without `--release` the given folder would be asked for all facts, of which it has none.
        flags += ["--release", record.trl, "--target-transformers", record.transformers] if flags else []
        sides = preview(root, flags)
        return [
            _compared(record.name, name, answers[name], sides.get(folder), root / folder / render.MODEL)
            for folder, name in written.items()
        ]


def disagreements(found: Sequence[Comparison]) -> list[judge.Disagreement]:
    """What is not equal, in the form of the lists of what is known."""
    return [judge.Disagreement(each.pair, each.case, each.verdict, each.why) for each in found if each.verdict != EQUAL]


def preview(root: Path, flags: Sequence[str] = ()) -> dict[str, Mapping[str, Any]]:
    """What one call shows of each project's only run, by the folder's name."""
    command = [sys.executable, "-m", "trl_lint", "preview", str(root), "--output-format", "json", "--rows", str(_ROWS)]
    done = subprocess.run([*command, *flags], capture_output=True, text=True, check=False)
    if done.returncode:
        raise judge.LinterFailedError(f"exit {done.returncode}: {(done.stderr or done.stdout).strip()[-1000:]}")
    return {
        Path(run["filename"]).relative_to(root).parts[0]: run["sides"][0] for run in json.loads(done.stdout)["runs"]
    }


def _compared(
    pair: str, case: str, answer: Mapping[str, Any], side: Mapping[str, Any] | None, model: Path
) -> Comparison:
    recorded = answer["rows"]
    if side is None:
        return Comparison(pair, case, NOT_SHOWN, "no run was found", len(recorded))
    if side["reason"] or side["unit"] != "token":
        return Comparison(pair, case, NOT_SHOWN, side["reason"] or "shown by characters", len(recorded))
    if side["rows"] and all(row["stops"] for row in side["rows"]):
        return Comparison(pair, case, NOT_SHOWN, side["rows"][0]["stops"], len(recorded))
    shown = list(sequences(side, decoder(model)))
    why = "" if shown == recorded else _difference(shown, recorded)
    return Comparison(pair, case, OTHER if why else EQUAL, why, len(recorded))


def sequences(side: Mapping[str, Any], decode: Callable[[Sequence[int]], str]) -> Iterator[Spans]:
    """What the collator gets, in its order: the rows that are left, or the sequences that packing makes of them."""
    rows = {
        row["row"]: list(zip(row["input_ids"], row["labels"], strict=True))
        for row in side["rows"]
        if not row["dropped"] and not row["stops"]
    }
    packing = side["packing"]
    if packing is None:
        yield from (spans(row, decode) for row in rows.values())
        return
    for parts in packing["sequences"]:
        joined = [pair for part in parts for pair in rows[part["row"]][part["start"] : part["stop"]]]
        if joined and not packing["first_unit_trained"]:
            joined[0] = (joined[0][0], IGNORED)
        yield spans(joined, decode)


def spans(row: Sequence[tuple[int, int]], decode: Callable[[Sequence[int]], str]) -> Spans:
    """A row as the records hold it."""
    found = []
    for trained, group in itertools.groupby(row, key=lambda pair: pair[1] != IGNORED):
        ids = [token for token, _ in group]
        found.append([decode(ids), len(ids), int(trained)])
    return found


def decoder(model: Path) -> Callable[[Sequence[int]], str]:
    """What gives the text of tokens."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))

    def decode(ids: Sequence[int]) -> str:
        text: str = tokenizer.decode(list(ids), skip_special_tokens=False)
        return text

    return decode


def _difference(shown: Sequence[Spans], recorded: Sequence[Spans]) -> str:
    """The first row that differs; empty where the same sequences stand in another order."""
    if sorted(map(repr, shown)) == sorted(map(repr, recorded)):
        return ""
    if len(shown) < len(recorded):
        return f"{len(shown)} rows shown, {len(recorded)} recorded"
    number = next(place for place, row in enumerate(recorded) if shown[place] != row)
    return f"row {number + 1}: {_told(shown[number])} shown, {_told(recorded[number])} recorded"


def _told(row: Spans) -> str:
    text = "".join(text if trained else "·" for text, _, trained in row)
    return f"{sum(count for _, count, trained in row if trained)} of {sum(count for _, count, _ in row)} {text[:90]!r}"
