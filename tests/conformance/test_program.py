"""The parts of the conformance program that need no release."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from conformance import cases, judge, known, records, render, runner, trouble
from conformance.cases import data
from conformance.cases.case import AWAY, Case, Code
from conformance.judge import Disagreement
from conformance.known import Known
from conformance.records import Record

ASKED = ["First question?", 4, 0]
REPLIED = ["My answer.<|done|>", 5, 1]


def ran(*rows: list[list[Any]]) -> dict[str, Any]:
    """All rows of the data came to the collator; those that are not named are as the first."""
    return {"outcome": "ok", "rows": [*rows, *[rows[0]] * (data.ROWS - len(rows))]}


def test_every_case_is_a_program() -> None:
    for case in cases.every():
        ast.parse(render.script(case))


def test_names_are_unique() -> None:
    assert len(cases.by_name()) == len(list(cases.every()))


def test_a_case_is_written_as_people_write_it() -> None:
    case = Case(
        "name",
        processing="tokenizer",
        config={"max_steps": AWAY, "assistant_only_loss": True},
        arguments={"data_collator": Code("None"), "processing_class": None},
    )
    assert render.script(case).splitlines()[-7:] == [
        "trainer = SFTTrainer(",
        "    model='./model',",
        "    args=args,",
        "    train_dataset=dataset,",
        "    data_collator=None,",
        ")",
        "trainer.train()",
    ]
    assert "max_steps" not in render.script(case)
    assert "    assistant_only_loss=True," in render.script(case)


@pytest.mark.parametrize(
    ("config", "rows", "said"),
    [
        ({"assistant_only_loss": True}, [[ASKED, REPLIED]], ""),
        ({"assistant_only_loss": True}, [[["First question? My answer.<|done|>", 9, 1]]], "the prompt is trained"),
        ({}, [[["First question? My answer.<|done|>", 9, 1]]], ""),
        ({}, [[["<|turn|><|done|>", 2, 1]]], "the words of the data are not there"),
        ({"assistant_only_loss": True}, [[["First question? My answer.", 9, 0]]], "no token is trained"),
        (
            {"assistant_only_loss": True},
            [[ASKED, ["My answer.", 4, 1], ["<|done|>", 1, 0]]],
            "the end of the turn is not trained",
        ),
        (
            {"assistant_only_loss": True},
            [[ASKED, REPLIED], [ASKED, ["My answer.", 4, 1], ["<|done|>", 1, 0]]],
            "the end of the turn is not trained in some rows",
        ),
    ],
)
def test_what_the_rows_show(config: dict[str, object], rows: list[Any], said: str) -> None:
    assert trouble.trouble(Case("name", config=config), ran(*rows)) == said


def test_rows_that_are_dropped() -> None:
    answer = ran([ASKED, REPLIED])
    assert trouble.trouble(Case("name", config={"assistant_only_loss": True}), answer) == ""
    fewer = {**answer, "rows": answer["rows"][1:]}
    assert trouble.trouble(Case("name", config={"assistant_only_loss": True}), fewer) == "rows are dropped"


def test_a_mask_that_is_not_used() -> None:
    case = Case("name", data="ids-labels")
    assert trouble.trouble(case, ran([["abc", 3, 0], ["def", 3, 1]])) == ""
    assert trouble.trouble(case, ran([["abcdef", 6, 1]])) == "the mask that is asked for is not used"


def test_rows_that_see_each_other() -> None:
    packed = Case("name", config={"packing": True, "max_length": 64, "per_device_train_batch_size": 1})
    two = ["First question? My answer.<|done|>First question? My answer.<|done|>", 18, 1]
    assert trouble.trouble(packed, {**ran([two]), "sees": True}) == "the rows of a sequence see each other"
    assert trouble.trouble(packed, {**ran([two]), "sees": False}) == ""
    one = ["First question? My answer.<|done|>", 9, 1]
    assert trouble.trouble(packed, {**ran([one]), "sees": True}) == "", "a row alone sees itself"
    batched = Case("name", config={"packing": True, "max_length": 64})
    assert trouble.trouble(batched, {**ran([one]), "sees": True}) == "the rows of a sequence see each other"
    wrapped = Case("name", config={**packed.config, "packing_strategy": "wrapped"})
    assert trouble.trouble(wrapped, {**ran([two]), "sees": True}) == "", "which is what `wrapped` says"


def test_pictures_that_are_left_out() -> None:
    case = Case("name", data="pictures")
    assert trouble.trouble(case, ran([["<image><image><image><image>First question? My answer.", 13, 1]])) == ""
    assert trouble.trouble(case, ran([["First question? My answer.", 9, 1]])) == "the pictures are not in the rows"


def test_a_text_without_its_end() -> None:
    case = Case("name", data="text")
    assert trouble.trouble(case, ran([["First question? My answer.<|done|>", 9, 1]])) == ""
    assert trouble.trouble(case, ran([["First question? My answer.", 8, 1]])) == "the end of the text is not trained"


def test_what_the_machine_lacks_is_not_judged() -> None:
    assert judge.environmental({"outcome": "error", "type": "ImportError", "message": "No module named 'vllm'"})
    assert not judge.environmental({"outcome": "error", "type": "ValueError", "message": "no assistant tokens"})


def test_spans_join_neighbours() -> None:
    class Letters:
        def decode(self, ids: list[int], **_: object) -> str:
            return "".join("abcdef"[token] for token in ids)

    assert runner.spans(Letters(), [0, 1, 2, 3], [-100, -100, 2, 3]) == [["ab", 2, 0], ["cd", 2, 1]]


def test_messages_are_the_same_on_every_machine() -> None:
    said = runner.plain(f"  in {Path.cwd()}/data.jsonl at 0x7f12ab34cd, \n saw /tmp/abc/x.json ")
    assert said == "in <project>/data.jsonl at 0x, saw <temporary>"


def test_a_record_is_read_as_it_was_written_and_always_the_same(tmp_path: Path) -> None:
    template = "{% for m in messages %}\n{{ m }}{% endfor %}"
    folder = tmp_path / "models" / "tiny"
    folder.mkdir(parents=True)
    (folder / "chat_template.jinja").write_text(template)
    (folder / "model.safetensors").write_bytes(b"\0")
    models = records.files_of(tmp_path / "models", {"theirs": template})
    assert models == {"tiny": {"chat_template.jinja": "@trl:theirs@"}}
    assert records.restored("chat_template.jinja", "@trl:theirs@", lambda name: template) == template
    record = Record("1.0.0", "5.4.0", {"python": "3.11"}, models, {"other": "why"}, {"a": {"case": "a", "made": "x"}})
    path = records.write(record, tmp_path)
    first = path.read_bytes()
    assert records.read(path) == record
    assert records.write(record, tmp_path).read_bytes() == first


def test_only_what_is_unchanged_is_kept() -> None:
    case = Case("a")
    answer = {"case": "a", "outcome": "ok", "made": records.digest(case)}
    record = Record("1.0.0", "5.4.0", {}, {"marked": {"config.json": "{}"}}, {}, {"a": answer})
    assert records.unchanged(record, record, {"a": case}) == {"a": answer}
    assert records.unchanged(record, record, {"a": Case("a", data="text")}) == {}
    other = Record("1.0.0", "5.4.0", {}, {"marked": {"config.json": "{1}"}}, {}, {})
    assert records.unchanged(record, other, {"a": case}) == {}


def test_the_list_of_known_disagreements_is_strict() -> None:
    listed = [Known("a", "missed", "1.7.1 1.9.2", "why"), Known("b", "silent", "0.24.0", "why")]
    found = [Disagreement("1.9.2-5.14.1", "a", "missed", ""), Disagreement("1.9.2-5.14.1", "c", "missed", "")]
    told = known.compare("1.9.2-5.14.1", found, listed)
    assert [item.case for item in told.unknown] == ["c"]
    assert told.gone == []
    assert known.compare("0.24.0-4.57.1", [], listed).gone == ["b  silent"]


def test_the_list_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text("# What it is.\n")
    listed = [Known("a", "missed", "1.7.1 1.9.2", 'as "said"'), Known("b", "silent", "0.24.0 1.9.2", "why")]
    found = [Disagreement("1.9.2-5.14.1", "a", "missed", ""), Disagreement("1.9.2-5.14.1", "c", "missed", "")]
    known.write(known.updated(found, listed, ["1.9.2-5.14.1"]), path)
    assert path.read_text().startswith("# What it is.\n\n[[disagreement]]\n")
    assert known.read(path) == [
        Known("a", "missed", "1.7.1 1.9.2", 'as "said"'),
        Known("b", "silent", "0.24.0", "why"),
        Known("c", "missed", "1.9.2", ""),
    ]
