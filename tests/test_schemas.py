"""The published JSON schemas agree with what trl-lint reads and writes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from trl_lint.cli.main import main
from trl_lint.configuration.errors import ConfigurationError
from trl_lint.configuration.keys import KEYS
from trl_lint.configuration.loading import read
from trl_lint.configuration.toml_file import parse

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "docs" / "schemas"


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


def test_the_schemas_are_valid_themselves() -> None:
    Draft202012Validator.check_schema(schema("findings"))
    Draft202012Validator.check_schema(schema("runs"))
    Draft7Validator.check_schema(schema("configuration"))


def test_a_report_on_the_examples_conforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "examples", "--output-format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert len(report) >= 3
    assert [error.message for error in Draft202012Validator(schema("findings")).iter_errors(report)] == []


def test_the_runs_of_the_examples_conform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    assert main(["runs", "examples", "--output-format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert len(report) >= 3
    assert any(value["instead_of"] for run in report for value in run["values"])
    assert [error.message for error in Draft202012Validator(schema("runs")).iter_errors(report)] == []


SAMPLES = {"list": '["TRL2"]', "string": '">=0.20"', "switch": "true", "table": '{ "tests/**" = ["ALL"] }'}


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("shape", SAMPLES)
def test_reader_and_schema_take_the_same_values(name: str, shape: str, tmp_path: Path) -> None:
    key = KEYS[name]
    value = f'"{key.choices[0]}"' if key.choices and shape == "string" else SAMPLES[shape]
    path = tmp_path / "trl-lint.toml"
    path.write_text(f"{name} = {value}\n")
    valid = not list(Draft7Validator(schema("configuration")).iter_errors(parse(path.read_text(), "")))
    assert valid == (shape == key.shape)
    if valid:
        assert read(path) is not None
    else:
        with pytest.raises(ConfigurationError, match=name):
            read(path)


@pytest.mark.parametrize("text", ["selct = []", "output-format = 'xml'", "min-confidence = 'sure'", "select = [1]"])
def test_reader_and_schema_refuse_the_same(text: str, tmp_path: Path) -> None:
    path = tmp_path / "trl-lint.toml"
    path.write_text(text)
    assert list(Draft7Validator(schema("configuration")).iter_errors(parse(text, "")))
    with pytest.raises(ConfigurationError):
        read(path)


def test_the_defaults_that_are_written_down_conform() -> None:
    text = "\n".join(f"{name} = {key.default}" for name, key in KEYS.items() if key.default)
    assert list(Draft7Validator(schema("configuration")).iter_errors(parse(text, ""))) == []
