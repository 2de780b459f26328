"""The formats that code forges read: paths of the repository, rows of the file, the same words every time."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from trl_lint.cli.main import main
from trl_lint.model.finding import Applicability, Edit, Finding, Fix, Severity
from trl_lint.model.span import Place, Span
from trl_lint.report.identity import fingerprints
from trl_lint.report.render import Context, render
from trl_lint.report.text import escape
from trl_lint.report.texts import Texts
from trl_lint.sources.document import Document
from trl_lint.sources.read import read

from .conftest import CODE, Case

NOTEBOOK = """{
 "cells": [
  {"cell_type": "markdown", "source": ["# one"]},
  {
   "cell_type": "code",
   "source": [
    "import trl\\n",
    "x = 'a'"
   ]
  }
 ]
}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose folder `sub` is the working directory."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    return tmp_path


def document(name: str, text: str | bytes) -> Document:
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    found = read(Path(name), name)
    assert isinstance(found, Document)
    return found


def report(name: str, root: Path | None, findings: list[Finding], *documents: Document) -> str:
    texts = Texts(documents={each.source.path: each for each in documents})
    return "\n".join(render(name, findings, Context(texts, root=root)))


def sarif(root: Path | None, findings: list[Finding], *documents: Document) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(report("sarif", root, findings, *documents))["runs"][0]
    return run


def test_paths_are_those_of_the_repository(repository: Path, founding: Finding) -> None:
    found = document("train.py", CODE)
    (issue,) = json.loads(report("gitlab", repository, [founding], found))
    assert issue["location"] == {"path": "sub/train.py", "lines": {"begin": 9, "end": 9}}
    (result,) = sarif(repository, [founding], found)["results"]
    artifact = {"uri": "sub/train.py", "uriBaseId": "%SRCROOT%"}
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == artifact
    assert ",file=sub/train.py,line=9," in report("github", repository, [founding], found)
    assert '<testsuite name="sub/train.py" ' in report("junit", repository, [founding], found)


def test_a_file_outside_of_the_repository_keeps_its_whole_path(repository: Path, founding: Finding) -> None:
    outside = replace(founding, place=Place("/elsewhere/a b.py", 1))
    (result,) = sarif(repository, [outside])["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///elsewhere/a%20b.py"}


def test_sarif_holds_the_finding_its_places_and_its_fixes(repository: Path, founding: Finding) -> None:
    run = sarif(repository, [founding], document("train.py", CODE))
    (result,) = run["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("TRL201", 0, "error")
    assert result["message"]["text"].startswith("TRL 1.9.2 refuses `assistant_only_loss=True` for this run. What to do")
    region = {"startLine": 9, "startColumn": 5, "endLine": 9, "endColumn": 29}
    assert result["locations"][0]["physicalLocation"]["region"] == region
    assert [each["physicalLocation"]["region"]["startLine"] for each in result["relatedLocations"]] == [4, 12]
    unsafe, safe = result["fixes"]
    assert unsafe["description"]["text"].endswith("(unsafe)")
    assert safe["artifactChanges"] == [
        {
            "artifactLocation": {"uri": "sub/train.py", "uriBaseId": "%SRCROOT%"},
            "replacements": [
                {
                    "deletedRegion": {"startLine": 13, "startColumn": 17, "endLine": 13, "endColumn": 17},
                    "insertedContent": {"text": "\n    processing_class=tokenizer,"},
                }
            ],
        }
    ]
    assert result["properties"] == {"confidence": "certain", "stage": "trainer-init", "releases": ">=0.22,<1.10"}
    (rule,) = run["tool"]["driver"]["rules"]
    assert (rule["id"], rule["name"], rule["helpUri"]) == ("TRL201", "AssistantOnlyLossOnVlm", founding.url)


def test_a_place_in_a_notebook_is_the_row_of_its_file(repository: Path, case: Case) -> None:
    found = document("n.ipynb", NOTEBOOK)
    start = found.source.text.index("'a'")
    span = Span("n.ipynb", start, start + 3)
    fix = Fix("take b", Applicability.SAFE, (Edit(span, '"b"'),))
    finding = case.finding("args=args", span=span, place=found.source.place(span), fixes=(fix,))
    assert finding.place == Place("n.ipynb", 2, 5, 2, 8, 2)
    (issue,) = json.loads(report("gitlab", repository, [finding], found))
    assert issue["location"] == {"path": "sub/n.ipynb", "lines": {"begin": 8}}
    assert ",file=sub/n.ipynb,line=8::n.ipynb:cell 2:2:5: " in report("github", repository, [finding], found)
    (result,) = sarif(repository, [finding], found)["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["deletedRegion"] == {"startLine": 8, "startColumn": 10, "endLine": 8, "endColumn": 13}
    assert replacement["insertedContent"] == {"text": '\\"b\\"'}


@pytest.mark.parametrize("text", [CODE, CODE.replace("\n", "\r\n"), "\ufeff" + CODE], ids=["lf", "crlf", "bom"])
def test_the_fixes_of_sarif_make_what_fix_makes(repository: Path, case: Case, text: str) -> None:
    from trl_lint.edits.apply import apply

    found = document("train.py", text)
    start = found.source.text.index("    model=model,") + len("    model=model,")
    fix = Fix("pass it", Applicability.SAFE, (Edit(Span("train.py", start, start), "\n    more=1,"),))
    (result,) = sarif(repository, [case.finding("args=args", fixes=(fix,))], found)["results"]
    (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert _replaced(found.source.text, replacement) == apply(found, fix.edits).decode("utf-8").removeprefix("\ufeff")


def _replaced(text: str, replacement: dict[str, Any]) -> str:
    """What a viewer makes of a replacement."""
    region = replacement["deletedRegion"]
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    begin = starts[region["startLine"] - 1] + region["startColumn"] - 1
    end = starts[region["endLine"] - 1] + region["endColumn"] - 1
    return text[:begin] + str(replacement["insertedContent"]["text"]) + text[end:]


def test_fingerprints_outlive_moved_lines_and_differ_from_one_another(repository: Path, case: Case) -> None:
    def marks(text: str, rows: list[int]) -> list[str]:
        Path("a.py").write_text(text)
        findings = [case.finding("args=args", place=Place("a.py", row, 1)) for row in rows]
        return fingerprints(findings, Texts(), lambda path: path)

    before = marks("x = 1\nx = 1\ny = 2\n", [1, 2, 3])
    assert len(set(before)) == 3
    assert marks("\n\n    x  = 1\nif True:\n  x = 1\n\ty = 2\n", [3, 5, 6]) == [*before[:2], before[2]]
    assert marks("x = 2\nx = 1\ny = 2\n", [1, 2, 3])[1:] == [before[0], before[2]]


ODD = 'caf\u00e9 \x1b[2J \u202e \x00 \udc80 ]]> <b> & " %0A\r\n::error::forged'


def test_nothing_in_a_report_can_move_a_cursor_or_forge_markup(case: Case) -> None:
    findings = [
        case.finding("args=args", message=ODD, severity=severity, place=Place(f"{ODD}.py", 1)) for severity in Severity
    ]
    for name in ("sarif", "gitlab", "junit"):
        text = report(name, None, findings)
        assert text.isascii()
        assert text.replace("\n", "").isprintable()
    cases = ElementTree.fromstring(report("junit", None, findings)).findall(".//testcase")
    assert len(cases) == 3
    assert [len(each.findall("failure")) for each in cases] == [1, 1, 0]
    message = json.loads(report("sarif", None, findings))["runs"][0]["results"][0]["message"]["text"]
    assert message == escape(ODD) + "."


def test_an_empty_report_is_valid_all_the_same(case: Case) -> None:
    assert report("gitlab", None, []) == "[]"
    assert sarif(None, [])["results"] == []
    (suite,) = ElementTree.fromstring(report("junit", None, []))
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")


@pytest.mark.parametrize("name", ["sarif", "gitlab", "junit", "github"])
def test_the_command_writes_the_same_twice_with_rules_from_their_pages(
    name: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("recipe.yaml").write_text("model_name_or_path: m\ndataset_name: d\npacking: true\nmax_length: null\n")
    Path("requirements.txt").write_text("trl==1.9.2\n")
    assert main(["check", "--output-format", name]) == 1
    first = capsys.readouterr().out
    assert main(["check", "--output-format", name]) == 1
    assert capsys.readouterr().out == first
    assert "sub/recipe.yaml" in first
    if name == "sarif":
        (rule,) = json.loads(first)["runs"][0]["tool"]["driver"]["rules"]
        assert rule["id"] == "TRL402"
        assert rule["help"]["markdown"].startswith("Finds ")
        assert "## What to do" in rule["help"]["markdown"]
