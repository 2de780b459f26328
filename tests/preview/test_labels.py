"""Which tokens get a label, release by release: the boundaries that the sources and the recorded runs show."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import CHAT, UNMARKED, Labels, Preview, project

MESSAGES = {"messages": CHAT}
PAIR = {"prompt": CHAT[:1], "completion": CHAT[1:]}
STRINGS = {"prompt": "ask ", "completion": "tell"}
WHOLE = "<|start|>user\nask<|end|>\n<|start|>assistant\ntell<|end|>\n"


@pytest.mark.parametrize("trl", ["0.19.0", "0.24.0", "1.0.0", "1.9.2", "1.16.0"])
def test_the_marked_turns(labels: Labels, trl: str) -> None:
    assert labels(MESSAGES, "assistant_only_loss=True", trl=trl) == "~tell<|end|>~"


@pytest.mark.parametrize("trl", ["0.16.1", "0.19.1", "1.16.0"])
def test_every_token_of_messages(labels: Labels, trl: str) -> None:
    expected = WHOLE + ("<|end|>" if trl == "0.16.1" else "")  # 0.16 adds the token that the text does not end with
    assert labels(MESSAGES, trl=trl) == expected


@pytest.mark.parametrize(
    ("trl", "expected"),
    [
        ("0.16.1", WHOLE + "<|end|>"),
        ("0.18.2", "~tell<|end|>\n"),
        ("0.19.1", "~<|start|>assistant\ntell<|end|>\n"),
        ("0.23.1", "~<|start|>assistant\ntell<|end|>\n"),
        ("0.24.0", "~tell<|end|>\n"),
        ("1.16.0", "~tell<|end|>\n"),
    ],
)
def test_completions_of_conversations(labels: Labels, trl: str, expected: str) -> None:
    assert labels(PAIR, trl=trl) == expected


@pytest.mark.parametrize(
    ("trl", "transformers", "expected"),
    [
        ("0.26.2", "5.3.0", "~" + WHOLE.removeprefix("<|start|>u")),  # the length of a dict with two keys
        ("0.26.2", "4.57.1", "~tell<|end|>\n"),
        ("0.27.2", "5.3.0", "~tell<|end|>\n"),
    ],
)
def test_the_prompt_as_a_dict(labels: Labels, trl: str, transformers: str, expected: str) -> None:
    assert labels(PAIR, trl=trl, transformers=transformers) == expected


def test_a_prompt_that_is_rendered_in_another_way(labels: Labels) -> None:
    """The completion starts after as many tokens as the prompt has, and from 1.14.2 where the tokens diverge."""
    template = UNMARKED.replace("<|start|>assistant\n{% endif %}", "<|start|>assistant\n<t>{% endif %}")
    assert labels(PAIR, trl="1.14.1", template=template) == "~l<|end|>\n"
    assert labels(PAIR, trl="1.14.2", template=template) == "~tell<|end|>\n"


@pytest.mark.parametrize(("trl", "expected"), [("0.16.1", "ask tell<|end|>"), ("1.16.0", "~tell<|end|>")])
def test_strings_get_the_end_token(labels: Labels, trl: str, expected: str) -> None:
    assert labels(STRINGS, trl=trl) == expected


@pytest.mark.parametrize(("trl", "ends"), [("0.18.2", False), ("1.14.2", False), ("1.15.0", True)])
def test_a_text_column_of_another_name(labels: Labels, trl: str, ends: bool) -> None:
    shown = labels({"body": "ask tell"}, 'dataset_text_field="body"', trl=trl)
    assert shown == "ask tell" + ("<|end|>" if ends else "")


def test_completion_only_loss_can_be_turned_off(labels: Labels) -> None:
    assert labels(PAIR, "completion_only_loss=False") == WHOLE


@pytest.mark.parametrize(
    ("trl", "expected"), [("0.19.1", "~<|start|>assistant\ntell<|end|>\n"), ("0.20.0", "~tell<|end|>~")]
)
def test_assistant_masks_of_completions(labels: Labels, trl: str, expected: str) -> None:
    assert labels(PAIR, "assistant_only_loss=True", trl=trl) == expected


IDS: dict[str, Any] = {"input_ids": [97, 98, 99, 100]}


@pytest.mark.parametrize(
    ("columns", "arguments", "trl", "trained"),
    [
        ({"labels": [-100, -100, 99, 100]}, "", "0.18.2", 4),
        ({"labels": [-100, -100, 99, 100]}, "", "0.19.0", 2),
        ({"labels": [-100, -100, 99, 100]}, "packing=True", "1.6.0", 3),  # packing drops them; the first has none
        ({"labels": [-100, -100, 99, 100]}, "packing=True", "1.7.1", 2),
        ({"completion_mask": [0, 0, 1, 1]}, "", "1.16.0", 4),
        ({"completion_mask": [0, 0, 1, 1]}, "completion_only_loss=True", "1.16.0", 2),
        ({"assistant_masks": [0, 0, 1, 1]}, "", "0.18.2", 4),
        ({"assistant_masks": [0, 0, 1, 1]}, "", "0.19.0", 2),
        ({"assistant_masks": [0, 0, 1, 1]}, "packing=True", "0.19.1", 4),
        ({"assistant_masks": [0, 0, 1, 1]}, "packing=True", "0.20.0", 2),
        ({"assistant_masks": [0, 0, 1, 1]}, "use_liger_kernel=True", "0.21.0", 4),
        ({"assistant_masks": [0, 0, 1, 1]}, "use_liger_kernel=True", "0.22.2", 2),
    ],
)
def test_rows_that_are_tokens(
    preview: Preview, columns: dict[str, Any], arguments: str, trl: str, trained: int
) -> None:
    project([{**IDS, **columns}], arguments, trl=trl)
    assert preview("--output-format", "json").side["rows"][0]["trained"] == trained


def test_a_collator_that_overwrites_the_labels(labels: Labels) -> None:
    collator = "data_collator=DataCollatorForLanguageModeling(tokenizer, mlm=False)"
    assert labels(MESSAGES, "assistant_only_loss=True", more=collator) == WHOLE


@pytest.mark.parametrize(
    ("trl", "row", "kept"),
    [
        ("1.8.0", {"trained": 0, "dropped": False}, 5),
        ("1.9.2", {"trained": 0, "dropped": True}, 0),
    ],
)
def test_truncation_that_leaves_nothing(preview: Preview, trl: str, row: dict[str, Any], kept: int) -> None:
    project([MESSAGES], "assistant_only_loss=True, max_length=5", trl=trl)
    (shown,) = preview("--output-format", "json").side["rows"]
    assert (shown["trained"], bool(shown["dropped"]), shown["total"]) == (row["trained"], row["dropped"], kept)


def test_truncation_keeps_the_end(labels: Labels) -> None:
    assert labels(MESSAGES, 'max_length=6, truncation_mode="keep_end"', trl="1.16.0") == "tell<|end|>\n"


@pytest.mark.parametrize(("trl", "first"), [("0.18.2", False), ("0.22.2", True), ("0.23.1", False), ("0.29.1", False)])
def test_the_first_token_of_a_padding_free_row(labels: Labels, trl: str, first: bool) -> None:
    shown = labels(MESSAGES, "padding_free=True, max_length=None", trl=trl)
    assert shown == (WHOLE if first else "~" + WHOLE.removeprefix("<|start|>"))


def test_one_row_without_an_answer_stops_the_run(preview: Preview) -> None:
    project([MESSAGES, {"messages": CHAT[:1]}], "assistant_only_loss=True")
    side = preview("--output-format", "json").side
    assert side["rows"][0]["stops"] is None
    assert side["rows"][1]["stops"].startswith("RuntimeError")
    assert side["remarks"][0]["kind"] == "stops"


def test_content_as_parts_vanishes_from_a_text_template(labels: Labels) -> None:
    parts = [{"role": m["role"], "content": [{"type": "text", "text": m["content"]}]} for m in CHAT]
    template = UNMARKED.replace("{{ m.content }}", "{{ m.content if m.content is string else '' }}")
    assert labels({"messages": parts}, template=template) == "<|start|>user\n<|end|>\n<|start|>assistant\n<|end|>\n"


def test_sharegpt_keeps_its_roles(labels: Labels) -> None:
    row = {"conversations": [{"from": "human", "value": "ask"}, {"from": "gpt", "value": "tell"}]}
    assert labels(row) == "<|start|>human\nask<|end|>\n<|start|>gpt\ntell<|end|>\n"
