"""Rendering in the child: real spans, the end of a turn, and templates that want to do harm."""

from __future__ import annotations

import pytest

from trl_lint.templates import end_of_turn, judge_turns, probe, probing, special_tokens
from trl_lint.templates.tokens import added_tokens

from .samples import INSIDE, OUTSIDE, PARTS, PLAIN, artifact

CHAT = [{"role": "user", "content": "hello"}, {"role": "assistant", "content": "good day"}]
MARKED = "{% generation %}x{% endgeneration %}"


def test_text_and_spans() -> None:
    (rendered,) = probe(INSIDE, [CHAT])
    assert rendered.text == "<turn:user>hello<stop>\n<turn:assistant>good day<stop>\n"
    assert [rendered.text[start:end] for start, end in rendered.spans] == ["good day<stop>"]
    assert rendered.error is None


def test_several_conversations_and_variables() -> None:
    template = "{{ eos_token }}{{ messages | length }}{{ add_generation_prompt }}{{ tools is none }}"
    assert [one.text for one in probe(template, [CHAT, []], eos_token="</s>")] == ["</s>2FalseTrue", "</s>0FalseTrue"]
    assert probe(template, []) == ()


def test_the_functions_that_transformers_offers() -> None:
    template = "{{ messages[0] | tojson }} {{ strftime_now('%Y') }}{% for x in 'ab' %}{% break %}{% endfor %}"
    (rendered,) = probe(template, [[{"role": "user", "content": "<é>"}]])
    assert rendered.text == '{"role": "user", "content": "<é>"} 2024'


def test_one_failure_leaves_the_others() -> None:
    bad, good = probe("{% if not messages %}{{ raise_exception('empty') }}{% endif %}ok", [[], CHAT])
    assert (bad.text, bad.error) == (None, "TemplateError: empty")
    assert (good.text, good.error) == ("ok", None)


def test_values_that_are_no_json_are_an_error() -> None:
    (rendered,) = probe("x", [[{"role": object()}]])
    assert rendered.text is None
    assert rendered.error


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'a' * 10**10 }}",
        "{{ 'a' | center(10**10) }}",
        "{% for a in range(99999) %}{{ 'abcdefghij' * 100 }}{% endfor %}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.system('echo harm') }}",
        "{{ ('{0.__class__}' | attr('format'))(messages) ~ raise_exception('no') }}",
        "{% include '/etc/hostname' %}",
        "{% import 'os' as os %}",
        "{{ messages.append(1) }}",
        "{{ " + "(" * 20_000,
        "{{ 1 | no_such_filter }}",
        "{{ range(10**9) }}",
    ],
    ids=range(13),
)
def test_harm_is_an_error(template: str) -> None:
    (rendered,) = probe(template, [CHAT])
    assert rendered.text is None
    assert rendered.error


def test_compiling_that_never_ends_is_ended() -> None:
    assert [one.error for one in probe("{{ 9**(9**9) }}", [CHAT])] == ["it ran out of time or memory"]


def test_a_machine_too_busy_to_tell_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "WALL_SECONDS", 0.0)
    (rendered,) = probe("{{ messages }}", [CHAT])
    assert (rendered.untried, rendered.endless) == (True, False)


def test_what_is_endless_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = "{# once #}{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    assert [one.endless for one in probe(endless, [CHAT, CHAT])] == [True, True]
    monkeypatch.setattr(probing, "_ask", lambda _: pytest.fail("tried again"))
    assert [one.endless for one in probe(endless, [CHAT])] == [True]


def test_text_may_be_as_long_as_what_is_rendered() -> None:
    row = [{"role": "user", "content": "x" * 900_000}]
    (rendered,) = probe("{{ messages[0].content }}", [row])
    assert rendered.text == row[0]["content"]


def test_a_hang_keeps_what_came_before_it() -> None:
    loops = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    template = "{% if messages %}" + loops + "{% endif %}ok"
    first, second = probe(template, [[], CHAT])
    assert first.text == "ok"
    assert (second.text, second.error) == (None, "it ran out of time or memory")


def test_the_end_of_a_turn() -> None:
    assert end_of_turn(INSIDE) == "inside"
    assert end_of_turn(OUTSIDE) == "outside"
    assert end_of_turn(PLAIN) == "unknown"
    assert end_of_turn(PARTS) == "inside"


def test_tokens_tell_an_end_from_other_text() -> None:
    assert end_of_turn(INSIDE, ["<stop>"]) == "inside"
    assert end_of_turn(OUTSIDE, ["<stop>"]) == "outside"
    chatty = INSIDE.replace("turn.content + '<stop>'", "turn.content + '!'")
    assert end_of_turn(chatty) == "inside"
    assert end_of_turn(chatty, ["<stop>"]) == "unknown"


def test_an_end_with_a_block_of_its_own_is_inside() -> None:
    split = OUTSIDE.replace("<stop>\n", "{% generation %}<stop>{% endgeneration %}\n", 1)
    assert end_of_turn(split) == "inside"


def test_an_end_that_is_a_variable() -> None:
    template = INSIDE.replace("'<stop>' }}{% endg", "eos_token }}{% endg")
    assert end_of_turn(template) == "inside"
    assert end_of_turn(template, ["</s>"], {"eos_token": "</s>"}) == "inside"
    outside = OUTSIDE.replace("<stop>\n", "{{ eos_token }}\n", 1)
    assert end_of_turn(outside, ["</s>"], {"eos_token": "</s>"}) == "outside"


def test_an_end_that_only_the_next_turn_brings() -> None:
    template = (
        "{% for turn in messages %}{% if turn.role == 'assistant' %}{% generation %}{{ turn.content }}"
        "{% if not loop.last %}<stop>{% endif %}{% endgeneration %}"
        "{% else %}<turn>{{ turn.content }}{% endif %}{% endfor %}"
    )
    assert end_of_turn(template) == "inside"


def test_no_end_at_all_is_unknown() -> None:
    template = "{% for turn in messages %}{% generation %}{{ turn.content }}{% endgeneration %}\n{% endfor %}"
    assert judge_turns(template).answers == "covered"
    assert end_of_turn(template) == "unknown"


def test_markers_that_miss_the_answer() -> None:
    template = MARKED + PLAIN
    found = judge_turns(template)
    assert (found.answers, found.end_of_turn) == ("uncovered", "unknown")
    assert judge_turns("{# " + MARKED + " #}" + PLAIN).answers == "uncovered"


@pytest.mark.parametrize(
    "template",
    [
        "{% generation %}",
        MARKED + "{{ raise_exception('only tools') }}",
        MARKED + "{{ messages | length }}",
        MARKED + "{% for turn in messages %}{{ turn.content }}{{ turn.content }}{% endfor %}",
        MARKED + "{{ messages[3].content }}{{ messages[2].content }}{{ messages[1].content }}{{ messages[0].content }}",
    ],
)
def test_what_cannot_be_judged_is_unknown_with_a_reason(template: str) -> None:
    found = judge_turns(template)
    assert (found.answers, found.end_of_turn) == ("unknown", "unknown")
    assert found.reason


def test_tokens_of_an_artifact() -> None:
    found = artifact(
        {
            "tokenizer_config.json": {
                "eos_token": {"content": "<stop>"},
                "pad_token": None,
                "add_bos_token": False,
                "added_tokens_decoder": {"7": {"content": "<turn>"}, "8": 3},
                "additional_special_tokens": ["<more>", 5],
            },
            "special_tokens_map.json": {"eos_token": "old", "bos_token": "<begin>"},
        }
    )
    assert special_tokens(found) == {"eos_token": "<stop>", "bos_token": "<begin>"}
    assert added_tokens(found) == {"<stop>", "<begin>", "<turn>", "<more>"}
    assert special_tokens(artifact({"tokenizer_config.json": [1]})) == {}
