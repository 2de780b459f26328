"""Trainers, names, the command line, templates and requirements of TRL releases."""

from __future__ import annotations

import hashlib

import pytest

from trl_lint.model.release import Release
from trl_lint_rules import facts
from trl_lint_rules.facts import REQUIRED

NEWEST = facts.releases("trl")[-1]


def test_releases() -> None:
    known = facts.releases("trl")
    assert known == tuple(sorted(known))
    assert known[0] == Release(0, 9, 2)
    assert {Release(0, 22, 0), Release(1, 9, 2), Release(1, 16)} <= set(known)
    assert facts.releases("nothing") == ()
    assert facts.known_on() == max(max(facts.days(p).values()) for p in ("trl", "transformers", "peft"))


@pytest.mark.parametrize(
    ("trl", "needs"),
    [("0.9.6", ">=4.31.0"), ("0.12.2", "<4.47.0"), ("0.22.0", ">=4.55.0"), ("1.9.2", ">=4.56.2")],
)
def test_requirements(trl: str, needs: str) -> None:
    found = facts.requires(Release.parse(trl))["transformers"]
    assert found == needs


@pytest.mark.parametrize(
    ("trl", "place"), [("0.14.0", 11), ("0.15.0", 12), ("1.7.1", 12), ("1.8.0", 13), ("1.16.0", 13)]
)
def test_positions_shift(trl: str, place: int) -> None:
    parameters = facts.parameters("SFTTrainer", Release.parse(trl))
    assert parameters is not None
    assert parameters["peft_config"].position == place


def test_parameters() -> None:
    parameters = facts.parameters("SFTTrainer", Release(1, 9, 2))
    assert parameters is not None
    assert parameters["processing_class"].since == Release(0, 12)
    assert parameters["model"].default is REQUIRED
    assert "tokenizer" not in parameters
    old = facts.parameters("SFTTrainer", Release(0, 11, 4))
    assert old is not None
    assert old["max_seq_length"].deprecated
    assert old["max_seq_length"].until == Release(0, 12, 2)
    assert facts.parameters("NoSuchTrainer", NEWEST) is None
    assert facts.parameter_timeline("SFTTrainer")["tokenizer"] == ((Release(0, 9, 2), Release(0, 11, 4)),)


@pytest.mark.parametrize(
    ("cls", "until"),
    [("SFTTrainer", "0.15.2"), ("DPOTrainer", "0.15.2"), ("KTOTrainer", "0.13.0"), ("ORPOTrainer", "0.14.0")],
)
def test_the_older_name_that_a_decorator_takes(cls: str, until: str) -> None:
    found = facts.signature(cls, Release(0, 12, 2))
    assert found is not None
    assert found.renamed["tokenizer"].new == "processing_class"
    assert found.renamed["tokenizer"].until == Release.parse(until)
    after = facts.signature(cls, Release(0, 16))
    assert after is not None
    assert after.renamed == {}


def test_a_wrapper_takes_what_the_wrapped_trainer_takes() -> None:
    found = facts.parameters("KTOTrainer", Release(1, 16), "trl.experimental.kto")
    assert found is not None
    assert list(found) == list(facts.parameters("KTOTrainer", Release(1, 16)) or ())


def test_names_and_moves() -> None:
    assert "ORPOTrainer" in (facts.names("trl", Release(0, 28)) or ())
    assert "ORPOTrainer" not in (facts.names("trl", Release(0, 29)) or ())
    assert facts.where("ORPOTrainer", Release(0, 28)) == "trl"
    assert facts.where("ORPOTrainer", Release(0, 29)) == "trl.experimental.orpo"
    assert facts.where("DataCollatorForCompletionOnlyLM", Release(0, 20)) is None
    assert [(home.module, str(home.until)) for home in facts.name_timeline("PPOTrainer")] == [
        ("trl", "0.28.0"),
        ("trl.experimental.ppo", "1.12.0"),
    ]
    assert facts.names("trl.commands.cli_utils", Release(0, 12, 2)) is not None
    assert facts.names("trl.commands.cli_utils", Release(0, 13)) is None
    assert facts.provided("trl", "setup_chat_format") == ((Release(0, 9, 2), Release(0, 25, 1)),)


def test_lazy_modules_provide_what_their_structure_lists() -> None:
    assert "DDPOTrainer" in (facts.names("trl.trainer", Release(0, 22, 2)) or ())
    assert "DDPOTrainer" in (facts.names("trl", Release(0, 22, 2)) or ())
    assert "is_conversational" in (facts.names("trl", NEWEST) or ())


def test_names_whose_use_warns() -> None:
    found = facts.deprecated_name("trl", "setup_chat_format", Release(0, 24))
    assert found is not None
    assert found.since == Release(0, 22)
    assert "clone_chat_template" in found.note
    assert facts.deprecated_name("trl", "SFTConfig", NEWEST) is None


@pytest.mark.parametrize(("trl", "passes"), [("0.22.2", "tokenizer"), ("0.23.1", "tokenizer"), ("0.24.0", None)])
def test_what_the_sft_script_hands_over(trl: str, passes: str | None) -> None:
    command = facts.cli(Release.parse(trl))["sft"]
    assert command.passes_processing_class == passes
    assert command.trainer == "SFTTrainer"


@pytest.mark.parametrize(
    ("trl", "command", "script"),
    [
        ("0.9.6", True, True),
        ("0.17.0", False, False),
        ("0.18.2", True, False),
        ("0.24.0", True, False),
        ("0.29.1", True, False),
        ("1.16.0", True, False),
    ],
)
def test_unknown_keys_of_a_recipe(trl: str, command: bool, script: bool) -> None:
    sft = facts.cli(Release.parse(trl))["sft"]
    assert (sft.refuses_unknown, sft.script_refuses_unknown) == (command, script)


def test_the_dataclasses_that_a_command_parses() -> None:
    assert facts.cli(Release(1, 16))["grpo"].dataclasses == (
        ("GRPOScriptArguments", "trl.scripts.grpo"),
        ("GRPOConfig", "trl"),
        ("ModelConfig", "trl"),
        ("DatasetMixtureConfig", "trl"),
    )
    assert "rloo" not in facts.cli(Release(0, 21))
    newest = facts.cli(NEWEST)
    for command in newest.values():
        for cls, module in command.dataclasses:
            assert facts.config_fields(cls, NEWEST, Release(5, 20), module) is not None, (command.name, cls)


@pytest.mark.parametrize(
    ("trl", "kind"), [("1.0.0", "none"), ("1.1.0", "literal"), ("1.5.1", "literal"), ("1.6.0", "pattern")]
)
def test_how_markers_are_looked_for(trl: str, kind: str) -> None:
    assert facts.marker_test(Release.parse(trl)) == kind
    text = facts.marker_text(Release.parse(trl))
    assert text == {"none": "", "literal": "{% generation %}", "pattern": r"\{%-?\s*generation\s*-?%\}"}[kind]


def test_templates_that_are_patched() -> None:
    names = {str(trl): set(facts.patched_templates(trl).values()) for trl in facts.releases("trl")}
    assert names["0.25.1"] == set()
    assert names["0.26.2"] == {"qwen3_chat_template"}
    assert "qwen3_5_think_chat_template" not in names["1.4.0"]
    assert "qwen3_5_think_chat_template" in names["1.5.0"]
    assert len(names["1.16.0"]) == 31
    assert all(len(key) == len(hashlib.sha256().hexdigest()) for key in facts.patched_templates(NEWEST))
