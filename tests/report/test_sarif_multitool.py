"""Reports of every kind of finding, judged by Microsoft's SARIF multitool and the JSON schema that comes with it."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from trl_lint.cli.main import main
from trl_lint.packs.registry import BUILTIN, Registry
from trl_lint.testing import examples

ROOT = Path(__file__).parents[2]
PACKAGE = "@microsoft/sarif-multitool@5.7.0"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("multitool"),
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed"),
]


@pytest.fixture(scope="module")
def multitool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the installed package of this platform."""
    folder = tmp_path_factory.mktemp("multitool")
    command = [
        "npm",
        "install",
        "--no-fund",
        "--no-audit",
        "--silent",
        "--ignore-scripts",
        "--prefix",
        str(folder),
        PACKAGE,
    ]
    subprocess.run(command, check=True, timeout=300)
    found = next((folder / "node_modules" / "@microsoft").glob("sarif-multitool-*"))
    program = found / "Sarif.Multitool"
    if program.exists():
        program.chmod(0o755)
    return found


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on the examples of all rules: each a project of its own."""
    folder = tmp_path_factory.mktemp("reports")
    (folder / ".git").mkdir()
    shutil.copytree(ROOT / "examples", folder / "examples")
    for info in Registry([BUILTIN]).all_rules():
        for number, example in enumerate(examples(info.page())):
            for name, text in example.files.items():
                path = folder / "pages" / f"{info.name} {number}" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def report(log: Path) -> Path:
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.chdir(log)
        assert main(["check", "--output-format", "sarif", "--isolated"]) == 1
    path = log / "report.sarif"
    path.write_text(printed.getvalue())
    return path


def test_the_report_has_every_kind_of_finding_and_of_fix(report: Path) -> None:
    run = json.loads(report.read_text())["runs"][0]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {info.code for info in Registry([BUILTIN]).all_rules() if examples(info.page())} <= rules
    assert all("markdown" in rule["help"] for rule in run["tool"]["driver"]["rules"])
    marks = [result["partialFingerprints"]["trlLint/v1"] for result in run["results"]]
    assert len(set(marks)) == len(marks) > len(rules)
    assert any("fixes" in result for result in run["results"])


def test_it_conforms_to_the_schema(report: Path, multitool: Path) -> None:
    schema: dict[str, Any] = json.loads((multitool / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    errors = Draft7Validator(schema).iter_errors(json.loads(report.read_text()))
    assert [error.message for error in errors] == []


def test_the_multitool_has_no_complaint(report: Path, multitool: Path) -> None:
    program = multitool / "Sarif.Multitool"
    out = report.with_name("validation.sarif")
    command = [str(program), "validate", str(report), "--output", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert "1 files scanned" in done.stdout, done.stdout + done.stderr  # its exit code says nothing
    results = json.loads(out.read_text(encoding="utf-8-sig"))["runs"][0].get("results", [])
    complaints = {(each["ruleId"], each.get("level", "warning")) for each in results}
    # The tool has no home page until its site is published, and a machine without a network reaches none.
    assert complaints <= {("SARIF2005", "warning"), ("SARIF2006", "warning")}, results[:20]
