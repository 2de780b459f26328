"""The formats that programs read, and the summary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import trl_lint.report
from trl_lint.configuration.keys import OUTPUT_FORMATS
from trl_lint.model.finding import Applicability, Edit, Finding, Fix, Severity
from trl_lint.model.source import Kind, Source, Unit
from trl_lint.model.span import Place
from trl_lint.report.render import FORMATS, render
from trl_lint.report.runs import Instead, RunLine, RunReport, RunRow, as_data, render_text
from trl_lint.report.summary import Tally, summary
from trl_lint.report.text import Style

from .conftest import Case

SCHEMA = json.loads((Path(trl_lint.report.__file__).parent / "findings.schema.json").read_text())


def rendered(name: str, case: Case, *findings: Finding) -> str:
    return "\n".join(render(name, findings, case.context()))


def conforms(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether `value` meets the parts of JSON Schema that ours uses; an unlisted key is an error here."""
    if "$ref" in schema:
        return conforms(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return any(conforms(value, one) for one in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
    named = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if not any(isinstance(value, kinds[kind]) for kind in named):
        return False
    if isinstance(value, dict):
        keys = schema["properties"]
        return value.keys() == keys.keys() == set(schema["required"]) and all(conforms(value[k], keys[k]) for k in keys)
    if isinstance(value, list):
        return all(conforms(item, schema["items"]) for item in value)
    return not isinstance(value, int) or value >= schema.get("minimum", value)


def test_every_format_that_may_be_configured_exists() -> None:
    assert set(FORMATS) == set(OUTPUT_FORMATS)


def test_json_has_the_published_shape(case: Case, founding: Finding) -> None:
    bare = case.finding("args=args", span=None, place=Place("gone.py", 1))
    data = json.loads(rendered("json", case, founding, bare))
    assert conforms(data, SCHEMA)
    assert data[0] | {"why": [], "evidence": [], "related": [], "fixes": []} == {
        "cell": None,
        "code": "TRL201",
        "name": "assistant-only-loss-on-vlm",
        "message": "TRL 1.9.2 refuses `assistant_only_loss=True` for this run",
        "severity": "error",
        "confidence": "certain",
        "stage": "trainer-init",
        "releases": ">=0.22,<1.10",
        "filename": "train.py",
        "location": {"row": 9, "column": 5},
        "end_location": {"row": 9, "column": 29},
        "fix": {
            "applicability": "safe",
            "message": "pass the tokenizer to the trainer",
            "edits": [
                {
                    "content": "\n    processing_class=tokenizer,",
                    "filename": "train.py",
                    "cell": None,
                    "location": {"row": 13, "column": 17},
                    "end_location": {"row": 13, "column": 17},
                }
            ],
        },
        "fixes": [],
        "why": [],
        "evidence": [],
        "doubts": [],
        "related": [],
        "url": "https://example.org/rules/TRL201",
    }
    assert [fix["applicability"] for fix in data[0]["fixes"]] == ["unsafe", "safe", "display"]
    assert data[0]["related"][0]["location"] == {"row": 4, "column": 1}
    assert data[1]["fix"] is None
    assert data[1]["end_location"] == {"row": 1, "column": 1}


def test_json_counts_the_rows_of_a_notebook_from_its_cell() -> None:
    text = "import trl\n\nx = wrong\n"
    case = Case(Source("n.ipynb", Kind.NOTEBOOK, text, (Unit(0, 11, 1), Unit(12, len(text), 3))))
    fix = Fix("right it", Applicability.SAFE, (Edit(case.span("wrong"), "right"),))
    (data,) = json.loads(rendered("json", case, case.finding("wrong", fixes=(fix,))))
    assert (data["cell"], data["location"]) == (3, {"row": 1, "column": 5})
    assert (data["fix"]["edits"][0]["cell"], data["fix"]["edits"][0]["location"]) == (3, {"row": 1, "column": 5})


def test_json_is_ascii_and_an_array_even_where_nothing_is_found(case: Case) -> None:
    assert rendered("json", case) == "[]"
    text = rendered("json", case, case.finding("args=args", message="caf\u00e9 \x1b[2J \u202e \udc80"))
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert json.loads(text)[0]["message"] == "caf\u00e9 \x1b[2J \u202e \udc80"


def test_concise_is_one_line_each(case: Case, founding: Finding) -> None:
    cell = replace(founding, place=Place("n.ipynb", 2, 5, 2, 9, 3), message="two\nlines")
    assert rendered("concise", case, founding, cell).splitlines() == [
        "train.py:9:5: TRL201[assistant-only-loss-on-vlm] error: "
        "TRL 1.9.2 refuses `assistant_only_loss=True` for this run",
        "n.ipynb:cell 3:2:5: TRL201[assistant-only-loss-on-vlm] error: two\\nlines",
    ]


def test_github_commands_are_escaped(case: Case, founding: Finding) -> None:
    place = Place("a,b:c%.py", 9, 5, 9, 29)
    odd = replace(founding, place=place, message="100% sure:\r\n::error::forged", severity=Severity.INFO)
    cell = replace(founding, place=Place("n.ipynb", 2, 5, 2, 9, 3), severity=Severity.WARNING, message="m")
    lines = rendered("github", case, odd, cell).splitlines()
    assert lines == [
        "::notice title=trl-lint (TRL201),file=a%2Cb%3Ac%25.py,line=9,col=5,endLine=9,endColumn=29"
        "::a,b:c%25.py:9:5: TRL201[assistant-only-loss-on-vlm] 100%25 sure:%0D%0A::error::forged",
        "::warning title=trl-lint (TRL201),file=n.ipynb,line=1"
        "::n.ipynb:cell 3:2:5: TRL201[assistant-only-loss-on-vlm] m",
    ]


@pytest.mark.parametrize(
    ("severities", "tally", "unsafe", "expected"),
    [
        ([], Tally(12, 3), False, ["All checks passed: 12 files, 3 runs"]),
        ([], Tally(1, 1, 2), False, ["All checks passed: 1 file, 1 run (2 findings fixed)"]),
        (
            [Severity.ERROR, Severity.ERROR, Severity.WARNING, Severity.INFO],
            Tally(2, 1),
            False,
            ["Found 2 errors, 1 warning, 1 info in 2 files, 1 run."],
        ),
    ],
)
def test_summary_counts(
    case: Case, severities: list[Severity], tally: Tally, unsafe: bool, expected: list[str]
) -> None:
    findings = [case.finding("args=args", severity=severity) for severity in severities]
    assert summary(findings, tally, Style(), unsafe) == expected


def test_summary_says_what_can_be_fixed(case: Case, founding: Finding) -> None:
    unsafe = replace(founding, fixes=founding.fixes[:1])
    advice = replace(founding, fixes=founding.fixes[2:])
    tally = Tally(1, 1)
    assert summary([founding, unsafe, advice], tally, Style())[1] == (
        "1 fixable with `--fix` (1 more with `--unsafe-fixes`)."
    )
    assert summary([unsafe], tally, Style())[1] == "1 fixable with `--fix --unsafe-fixes`."
    assert summary([founding, unsafe], tally, Style(), unsafe=True)[1] == "2 fixable with `--fix --unsafe-fixes`."
    assert len(summary([advice], tally, Style())) == 1


def test_runs_show_values_with_the_lines_they_came_through() -> None:
    long_path = "recipes/a-long-name/config.yaml"
    report = RunReport(
        "SFTTrainer run",
        Place("train.py", 12, 11),
        (
            RunRow(
                "model",
                '"Qwen/Qwen3.5-4B-Base"',
                trail=(RunLine("", Place("train.py", 8)), RunLine("MODEL", Place("train.py", 5))),
            ),
            RunRow("metadata", "\x1b[2J", "unknown"),
            RunRow("assistant_only_loss", "True or False", "one of", group="SFTConfig"),
            RunRow(
                "max_length",
                "128",
                "",
                (RunLine("", Place("run.sh", 3)),),
                (Instead("64", Place(long_path, 4)),),
                "SFTConfig",
            ),
            RunRow("chat_template", "x" * 1234, "", (RunLine("", Place(long_path, 9)),), group="SFTConfig"),
        ),
    )
    assert list(render_text([report], Style(), 80)) == [
        "SFTTrainer run --> train.py:12:11",
        '  model     "Qwen/Qwen3.5-4B-Base"  <- :8 <- :5 (MODEL)',
        "  metadata  \\x1b[2J (unknown)",
        "  SFTConfig",
        "    assistant_only_loss  True or False (one of)",
        "    max_length           128  <- run.sh:3 instead of 64, config.yaml:4",
        f"    chat_template        {'x' * 55}",
        f"                         {'x' * 55}",
        f"                         {'x' * 20}...",
        "                         (1,234 characters)",
        "                         <- config.yaml:9",
        f"  config.yaml: {long_path}",
        "",
    ]
    (data,) = as_data([report])
    assert data["location"] == {"row": 12, "column": 11}
    assert data["values"][3] == {
        "name": "max_length",
        "argument_of": "SFTConfig",
        "value": "128",
        "certainty": None,
        "trail": [{"what": None, "filename": "run.sh", "cell": None, "location": {"row": 3, "column": 1}}],
        "instead_of": [{"value": "64", "filename": long_path, "cell": None, "location": {"row": 4, "column": 1}}],
    }
    assert data["values"][4]["value"] == "x" * 1234
