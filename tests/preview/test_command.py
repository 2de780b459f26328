"""The command: releases, formats, exit codes, and what it says where something is not known."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from .conftest import CHAT, TEMPLATE, Preview, project

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "preview.schema.json").read_text())
ROWS = [{"messages": CHAT}, {"messages": [*CHAT, *CHAT]}]


def conforms(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether `value` meets the parts of JSON Schema that ours uses; a key that is not listed is an error here."""
    if "$ref" in schema:
        return conforms(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return any(conforms(value, one) for one in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    numbers: dict[str, type | tuple[type, ...]] = {"integer": int, "number": (int, float)}
    named = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        fitting = any(isinstance(value, numbers[kind]) for kind in named if kind in numbers)
        return fitting and value >= schema.get("minimum", value)
    if not any(isinstance(value, kinds[kind]) for kind in named if kind in kinds):
        return False
    if isinstance(value, dict):
        keys = schema["properties"]
        return value.keys() == keys.keys() == set(schema["required"]) and all(conforms(value[k], keys[k]) for k in keys)
    return not isinstance(value, list) or all(conforms(item, schema["items"]) for item in value)


def test_a_run_on_the_terminal(preview: Preview) -> None:
    project(ROWS, "assistant_only_loss=True, max_length=40")
    result = preview("--rows", "1")
    assert result.code == 0
    assert result.out.splitlines() == [
        "SFTTrainer with SFTConfig --> train.py:6:11",
        "trl 1.16.0 (requirements.txt:1) with transformers 5.20.0 (requirements.txt:2)",
        "",
        "  trained   the assistant's turns (`assistant_only_loss=True`)",
        "  template  model/tokenizer_config.json",
        "  length    `max_length=40` keeps the beginning",
        "  rows      2 rows of data.jsonl: 68 tokens, 10 trained (15%); 16 tokens cut off 1 row; 2 of 3 ends",
        "            of turn trained",
        "",
        "row 1: 28 tokens, 5 trained (18%); end of turn trained",
        "\u2502 <|start|>user\u21b5",
        "\u2502 ask<|end|>\u21b5",
        "\u2502 <|start|>assistant\u21b5",
        "\u2502 tell<|end|>\u21b5",
        "\u2502 \u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501",
        "",
        "\u2501\u2501\u2501 trained   \u00b7\u00b7\u00b7 cut off   \u00d7\u00d7\u00d7 cut off and lost to training",
    ]


def test_colours_take_the_place_of_marks(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    project(ROWS[:1], "assistant_only_loss=True")
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = preview().out
    assert "\x1b[38;5;231;48;5;22mtell<|end|>\x1b[0m" in shown
    assert "\u2501" not in shown


@pytest.mark.parametrize(("columns", "lines"), [("130", 1), ("80", 0)])
def test_two_releases_side_by_side(preview: Preview, monkeypatch: pytest.MonkeyPatch, columns: str, lines: int) -> None:
    project([{"prompt": CHAT[:1], "completion": CHAT[1:]}])
    monkeypatch.setenv("COLUMNS", columns)
    shown = preview("--compare", "0.23", "1.16").out.splitlines()
    beside = [line for line in shown if line.startswith("trl 0.23") and "trl 1.16" in line]
    assert len(beside) == lines
    assert sum("tell<|end|>" in line for line in shown) == 2
    assert all(len(line) <= int(columns) for line in shown)


def test_lines_break_between_words_and_long_words_stay_in_their_column(
    preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = " ".join(["turnstone"] * 30)
    project([{"messages": [{"role": "user", "content": words}, {"role": "assistant", "content": "x" * 300}]}])
    monkeypatch.setenv("COLUMNS", "100")
    shown = preview("--compare", "1.15", "1.16").out.splitlines()
    left = [line[:48] for line in shown if "turnstone" in line]
    assert left
    assert all(set(half.split()) <= {"turnstone", "turnstone<|end|>\u21b5"} for half in left)
    assert all(len(line) <= 100 for line in shown)


def test_json_has_the_published_shape(preview: Preview) -> None:
    project(ROWS, "assistant_only_loss=True, max_length=30")
    data = preview("--compare", "0.20", "1.16", "--output-format", "json").data
    assert conforms(data, SCHEMA)
    old, new = data["runs"][0]["sides"]
    assert (old["trl"], new["trl"]) == ("0.20.0", "1.16.0")
    row = new["rows"][1]
    assert (row["total"], row["cut"], len(row["labels"])) == (30, 26, 30)
    assert [label for label in row["labels"] if label != -100] == [
        token for token, label in zip(row["input_ids"], row["labels"], strict=True) if label != -100
    ]
    assert "".join(span["text"] for span in row["spans"]).count("tell") == 2


@pytest.mark.parametrize("arguments", ["", "packing=True, max_length=64", 'packing=True, packing_strategy="wrapped"'])
def test_the_shape_of_the_rest(preview: Preview, arguments: str) -> None:
    project(ROWS, arguments, template=None)
    assert conforms(preview("--output-format", "json").data, SCHEMA)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [f"{tag} {name}" for name, _ in attrs if name in ("src", "href", "srcset", "action", "onclick")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_needs_nothing_else(preview: Preview) -> None:
    project([{"messages": [{"role": "user", "content": "<script>alert(1)</script> & \u202e"}, CHAT[1]]}])
    assert preview("--output-format", "html", "-o", "page.html").code == 0
    raw = Path("page.html").read_text()
    page = _Page()
    page.feed(raw)
    assert not page.links
    assert page.tags.isdisjoint({"script", "link", "img", "iframe", "object"})
    assert not re.search(r"url\(|@import|https?:", raw)
    assert "<script>alert(1)</script> & \\u202e" in page.text
    assert "prefers-color-scheme: dark" in raw


def test_the_rows_that_are_shown(preview: Preview) -> None:
    """The first one, and the one that truncation cuts most."""
    long = {"messages": [CHAT[0], {"role": "assistant", "content": "tell " * 40}]}
    project([*[ROWS[0]] * 5, long, ROWS[0]], "assistant_only_loss=True, max_length=60")
    side = preview("--rows", "2", "--output-format", "json").side
    assert [row["row"] for row in side["rows"]] == [1, 6]
    assert side["totals"]["rows"] == 7


def test_without_a_tokenizer_by_characters(preview: Preview) -> None:
    project(ROWS, "assistant_only_loss=True, max_length=10")
    Path("model", "tokenizer.json").unlink()
    side = preview("--output-format", "json").side
    assert (side["unit"], side["approximate"]) == ("character", True)
    assert side["rows"][0]["input_ids"] is None
    assert side["totals"]["cut"] == 0
    assert [span["text"] for span in side["rows"][0]["spans"] if span["trained"]] == ["tell<|end|>"]


def test_what_would_stop_the_run_is_said(preview: Preview) -> None:
    project(ROWS, "assistant_only_loss=True", template=TEMPLATE.replace("generation", "filter upper"), trl="1.9.2")
    project(ROWS, "assistant_only_loss=True", template="{{ messages }}", trl="1.9.2")
    side = preview("--output-format", "json").side
    assert [finding["code"] for finding in side["errors"]] == ["TRL203"]
    assert side["remarks"][0] == {
        "kind": "stops",
        "text": "ValueError: the chat template is not training-compatible",
    }


@pytest.mark.parametrize(
    ("trouble", "arguments", "trl", "more"),
    [
        ("packing of TRL 0.19.1 drops the masks", "assistant_only_loss=True, packing=True", "0.19.1", ""),
        (
            "the collator overwrites the labels",
            "assistant_only_loss=True",
            "1.16.0",
            "data_collator=DataCollatorForLanguageModeling(tokenizer, mlm=False)",
        ),
        ("the rows have no completion", "completion_only_loss=True", "1.16.0", ""),
        ("2 of 2 rows are left out", "assistant_only_loss=True, max_length=4", "1.16.0", ""),
        ("2 of 2 rows train nothing", "assistant_only_loss=True, max_length=4", "1.8.0", ""),
    ],
)
def test_trouble(preview: Preview, trouble: str, arguments: str, trl: str, more: str) -> None:
    project(ROWS, arguments, trl=trl, more=more)
    remarks = preview("--output-format", "json").side["remarks"]
    assert any(remark["kind"] == "trouble" and trouble in remark["text"] for remark in remarks)


def test_nothing_to_show(preview: Preview) -> None:
    project([])
    assert preview("--output-format", "json").side["reason"].startswith("no rows to show")
    Path("train.py").write_text("import trl\n")
    assert preview().out == "No training run in 1 file.\n"


def test_values_that_are_not_known_are_said(preview: Preview) -> None:
    project(ROWS, "packing=some_function()")
    remarks = preview("--output-format", "json").side["remarks"]
    assert {"kind": "approximate", "text": "`packing` is not known; taken for its default"} in remarks


@pytest.mark.parametrize(
    "flags",
    [
        ["--release", "nonsense!"],
        ["--release", "0.0.1,>2"],
        ["--compare", "0.24", "new"],
        ["--rows", "0"],
        ["--facts-from", "nowhere"],
        ["--release", "1.9", "--compare", "0.24", "1.16"],
    ],
)
def test_wrong_flags(preview: Preview, flags: list[str]) -> None:
    project(ROWS)
    result = preview(*flags)
    assert (result.code, result.out) == (2, "")
    assert flags[0] in result.err


def test_a_file_that_cannot_be_parsed(preview: Preview) -> None:
    project(ROWS)
    Path("train.py").write_text("from trl import SFTTrainer\nSFTTrainer(\n")
    result = preview()
    assert result.code == 2
    assert "cannot be parsed" in result.out
