"""Whether programs that the linter has mended run on the real release, and train only what was asked."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import judge, record, render
from .cases.case import Case
from .environment import Pair
from .records import Record
from .trouble import trouble

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "conformance" / "fixes"
_SUFFIX = ".jsonl.gz"
_ENOUGH = 3  # cases for each set of fixes; more of them show the same
_MASKS = ("assistant_only_loss", "completion_only_loss")
_SCRIPT_FILES = (render.SCRIPT, "requirements.txt")


@dataclass(frozen=True)
class Mended:
    """A program that the linter changed: its digest, the fixes' codes, whether something is still found in it, and
    the masks that the code no longer asks for."""

    case: str
    digest: str
    codes: Sequence[str]
    left: bool
    dropped: Sequence[str]


def mend(record_: Record, cases: Mapping[str, Case], root: Path, template: Callable[[str], str]) -> dict[str, Mended]:
    """Write the projects whose recorded run went wrong below `root`, let the linter mend them, and keep the changed.

    Returns what was changed by the folder's name.
    """
    troubled = {
        name: answer
        for name, answer in record_.cases.items()
        if name in cases and (answer["outcome"] == "error" or trouble(cases[name], answer))
    }
    written = judge.write_projects(replace(record_, cases=troubled), cases, root, template)
    offered = {folder: _codes(findings) for folder, findings in judge.lint(root).items()}
    for folder in set(written) - {name for name, codes in offered.items() if codes}:
        shutil.rmtree(root / folder)
        del written[folder]
    for folder in _plenty(offered, written):
        shutil.rmtree(root / folder)
        del written[folder]
    before = {folder: _text(root / folder) for folder in written}
    command = [sys.executable, "-m", "trl_lint", "check", "--fix", "--unsafe-fixes", "--exit-zero", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise judge.LinterFailedError(f"exit {done.returncode}: {done.stderr.strip()[-1000:]}")
    left = judge.lint(root)
    found = {}
    for folder, name in written.items():
        text = _text(root / folder)
        if text == before[folder]:
            shutil.rmtree(root / folder)
            continue
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        wrong = any(finding["severity"] in ("error", "warning") for finding in left.get(folder, ()))
        found[folder] = Mended(name, digest, offered[folder], wrong, _dropped(before[folder], text))
    return found


def _plenty(offered: Mapping[str, Sequence[str]], written: Mapping[str, str]) -> list[str]:
    """The projects beyond the first few that the same fixes mend."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for folder in written:
        codes = tuple(offered[folder])
        seen[codes] += 1
        if seen[codes] > _ENOUGH:
            found.append(folder)
    return found


def _dropped(before: str, after: str) -> list[str]:
    """The masks that a program asked for and that its mended form does not ask for, or turns off."""
    gone = [mask for mask in _MASKS if f"{mask}=True" in before and f"{mask}=True" not in after]
    return [*gone, *(m for m in _MASKS if f"{m}=False" in after and f"{m}=False" not in before and m not in gone)]


def _codes(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    """The codes of the findings that come with a fix, each once."""
    return list(dict.fromkeys(finding["code"] for finding in findings if finding["fix"] is not None))


def _text(folder: Path) -> str:
    return "\0".join((folder / name).read_text(encoding="utf-8") for name in _SCRIPT_FILES)


def run(
    pair: Pair, record_: Record, cases: Mapping[str, Case], template: Callable[[str], str]
) -> Iterator[dict[str, Any]]:
    """Mend, run what was mended on the pair of releases, and say what happened."""
    with tempfile.TemporaryDirectory(prefix="conformance-") as work:
        root = Path(work).resolve()
        mended = mend(record_, cases, root, template)
        for folder, found in mended.items():
            model = root / folder / render.MODEL
            shutil.rmtree(model)
            model.symlink_to(pair.models / cases[found.case].model, target_is_directory=True)
        by_case = {found.case: found for found in mended.values()}
        projects = [(found.case, root / folder) for folder, found in mended.items()]
        for answer in record.run_projects(pair, projects):
            found = by_case[answer["case"]]
            line = {key: value for key, value in answer.items() if key != "seconds"}
            told = {"fixed": found.digest, "codes": list(found.codes), "left": found.left}
            yield {**line, **told, "dropped": list(found.dropped)}


def verdict(case: Case, answer: Mapping[str, Any]) -> str:
    """What became of a mended program.

    `mended`: it runs and trains only what was asked. `given up`: it runs, and no longer asks for a mask, as the fix
    says. `partly`: something is wrong with it, and the linter still finds something. `wrong`: it finds nothing more.
    """
    if judge.environmental(answer):
        return "not judged"
    asking = {**case.config, **dict.fromkeys(answer["dropped"], False)}
    # What was given in vain is what the fix takes away.
    if answer["outcome"] != "error" and not trouble(replace(case, config=asking, hidden=""), answer):
        return "given up" if answer["dropped"] else "mended"
    return "partly" if answer["left"] else "wrong"


def write(name: str, answers: Sequence[Mapping[str, Any]], folder: Path) -> Path:
    """Write what was found; the same answers always give the same bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as packed:
        for answer in answers:
            text = json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            packed.write(text.encode() + b"\n")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}{_SUFFIX}"
    path.write_bytes(buffer.getvalue())
    return path


def read(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """What was found, by the pair of releases."""
    found = {}
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            found[path.name.removesuffix(_SUFFIX)] = [json.loads(line) for line in lines]
    return found
