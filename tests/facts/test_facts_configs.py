"""Config fields and trainer parameters, against what is known of real releases."""

from __future__ import annotations

import pytest

from trl_lint.model.release import Release
from trl_lint_rules import facts
from trl_lint_rules.facts import REQUIRED, Source

T4 = Release(4, 57, 1)
T5 = Release(5, 14, 1)
NEWEST = facts.releases("trl")[-1]


def fields(cls: str, trl: str, transformers: Release = T4, module: str | None = None) -> dict[str, facts.Field]:
    return dict(facts.config_fields(cls, Release.parse(trl), transformers, module) or {})


@pytest.mark.parametrize(
    ("cls", "field", "before", "first"),
    [
        ("SFTConfig", "assistant_only_loss", "0.18.2", "0.19.0"),
        ("SFTConfig", "completion_only_loss", "0.16.1", "0.17.0"),
        ("SFTConfig", "max_length", "0.15.2", "0.16.0"),
        ("DPOConfig", "pad_token", "0.23.1", "0.24.0"),
        ("SFTConfig", "router_aux_loss_coef", "1.6.0", "1.7.0"),
    ],
)
def test_a_field_appears(cls: str, field: str, before: str, first: str) -> None:
    assert field not in fields(cls, before)
    assert fields(cls, first)[field].since == Release.parse(first)


@pytest.mark.parametrize(
    ("cls", "field", "last", "after"),
    [
        ("SFTConfig", "max_seq_length", "0.19.1", "0.20.0"),
        ("DPOConfig", "rpo_alpha", "0.28.0", "0.29.0"),
        ("GRPOConfig", "max_prompt_length", "0.27.2", "0.28.0"),
        ("GRPOConfig", "use_liger_loss", "0.27.2", "0.28.0"),
    ],
)
def test_a_field_goes(cls: str, field: str, last: str, after: str) -> None:
    assert fields(cls, last)[field].until == Release.parse(last)
    assert field not in fields(cls, after)


def test_defaults_by_release() -> None:
    assert [fields("GRPOConfig", trl)["loss_type"].default for trl in ("0.17.0", "0.22.0")] == ["bnpo", "dapo"]
    assert [fields("GRPOConfig", trl)["beta"].default for trl in ("0.18.2", "0.19.0")] == [0.04, 0.0]
    assert fields("DPOConfig", "0.20.0")["loss_type"].default == ["sigmoid"]
    assert fields("DPOConfig", "0.20.0")["loss_type"].factory
    assert fields("SFTConfig", "1.16.0")["pad_to_multiple_of"].default == "auto"


def test_a_mixin_of_trl_gives_its_fields_and_replaces_those_of_training_arguments() -> None:
    found = fields("SFTConfig", "1.9.2", T5)
    assert found["gradient_checkpointing"].default is True
    assert found["gradient_checkpointing"].package == "trl"
    assert found["weight_decay"].package == "transformers"


def test_fields_stand_in_the_order_of_init() -> None:
    names = list(fields("SFTConfig", "1.9.2", T5))
    assert names[0] == "output_dir"
    assert names.index("learning_rate") < names.index("max_length")
    assert names == list(dict.fromkeys(names))


@pytest.mark.parametrize(
    ("transformers", "there"), [("4.57.1", True), ("5.0.0", True), ("5.14.1", True), ("5.15.0", False)]
)
def test_inherited_fields_follow_the_targeted_transformers(transformers: str, there: bool) -> None:
    found = fields("SFTConfig", "1.9.2", Release.parse(transformers))
    assert ("warmup_ratio" in found) is there


def test_required_and_source_defaults() -> None:
    assert fields("SFTConfig", "0.12.2", Release(4, 46, 3))["output_dir"].default is REQUIRED
    assert fields("SFTConfig", "0.20.0", Release(4, 55))["output_dir"].default is None
    odd = facts.training_arguments(Release(4, 46, 3))["dataloader_prefetch_factor"].default
    assert isinstance(odd, Source)
    assert "is_torch_available" in odd.text


def test_deprecations() -> None:
    old = fields("SFTConfig", "0.17.0")["max_seq_length"]
    assert old.deprecated_since == Release(0, 16)
    assert "max_length" in old.note
    strategy = fields("SFTConfig", "1.16.0")["packing_strategy"]
    assert strategy.choices == ("bfd", "bfd_split", "wrapped")
    assert set(strategy.deprecated_values) == {"bfd-requeue"}
    alias = facts.training_arguments(Release(5, 23))["gradient_checkpointing"]
    assert alias.deprecated_since == Release(5, 23)


def test_a_class_is_seen_from_the_module_that_the_code_imports_it_from() -> None:
    assert facts.config_fields("ORPOConfig", Release(0, 29), T5) is None
    assert "beta" in fields("ORPOConfig", "0.29.0", T5, "trl.experimental.orpo")
    assert "beta" in fields("ORPOConfig", "0.27.0")
    assert facts.config_fields("NoSuchConfig", NEWEST, T5) is None
    served = fields("ScriptArguments", "1.16.0", T5, "trl.scripts.vllm_serve")
    assert "tensor_parallel_size" in served
    assert "tensor_parallel_size" not in fields("ScriptArguments", "1.16.0", T5)


def test_an_undecorated_wrapper_takes_the_fields_of_what_it_wraps() -> None:
    # `trl.PRMConfig` of 0.26 to 0.28 only warns, and is no dataclass of its own.
    assert "max_prompt_length" in fields("PRMConfig", "0.27.0")
    assert "learning_rate" in fields("PRMConfig", "0.27.0")


def test_a_class_without_training_arguments() -> None:
    assert "learning_rate" not in fields("ModelConfig", "1.9.2")
    assert not facts.inherits_training_arguments("ModelConfig", Release(1, 9, 2))
    assert facts.inherits_training_arguments("SFTConfig", Release(1, 9, 2))


def test_unknown_releases_are_judged_by_the_known_one_before() -> None:
    assert fields("SFTConfig", "99.0.0", T5) == fields("SFTConfig", str(NEWEST), T5)
    assert facts.training_arguments(Release(4, 57, 0)) == facts.training_arguments(Release(4, 56, 2))


def test_timelines() -> None:
    spans = facts.class_timeline("SFTConfig")["packing_strategy"]
    assert [span.default for span in spans][:2] == ["ffd", "bfd"]
    assert spans[0].since == Release(0, 19)
    assert facts.presence("KTOConfig", "loss_type") == (
        (Release(0, 9, 2), Release(0, 9, 6)),
        (Release(0, 11), None),
    )
    assert facts.class_timeline("TrainingArguments", "transformers")["evaluation_strategy"][-1].until == Release(
        4, 50, 3
    )
    assert facts.class_timeline("../../releases") == {}


def test_lora_config() -> None:
    found = facts.lora_config(Release(0, 21, 2))
    assert found["r"].default == 8
    assert found["target_modules"].default is None
    assert "target_parameters" not in facts.lora_config(Release(0, 10))
    assert facts.peft_config("NoSuchConfig", Release(0, 21, 2)) is None
