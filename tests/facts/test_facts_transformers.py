"""Model types and enumerations of transformers releases."""

from __future__ import annotations

import pytest

from trl_lint.model.release import Release
from trl_lint_rules import facts


def test_the_model_type_of_the_founding_case() -> None:
    assert facts.model_type("qwen3_5", Release(4, 57, 1)) is None
    found = facts.model_type("qwen3_5", Release(5, 14, 1))
    assert found is not None
    assert found.config == "Qwen3_5Config"
    assert found.causal_lm == "Qwen3_5ForCausalLM"
    assert found.image_text_to_text == "Qwen3_5ForConditionalGeneration"
    assert found.processor == "Qwen3VLProcessor"
    assert facts.model_type_releases("qwen3_5") == ((Release(5, 2), None),)


def test_a_text_model_has_no_processor() -> None:
    for transformers in facts.releases("transformers"):
        found = facts.model_type("qwen2", transformers)
        assert found is not None
        assert found.causal_lm == "Qwen2ForCausalLM"
        assert found.processor is None
        assert found.image_processor is None


def test_tables_that_are_put_together_from_several_modules() -> None:
    found = facts.model_type("mistral3", facts.releases("transformers")[-1])
    assert found is not None
    assert found.processor == "PixtralProcessor"  # from the table that is written by hand
    assert found.config == "Mistral3Config"  # from the generated one
    slow_and_fast = facts.model_type("qwen2", Release(4, 57, 1))
    assert slow_and_fast is not None
    assert slow_and_fast.tokenizers == ("Qwen2Tokenizer", "Qwen2TokenizerFast")
    assert slow_and_fast.tokenizer == "Qwen2Tokenizer"


def test_all_model_types() -> None:
    found = facts.model_types(Release(5, 14, 1))
    assert found["qwen3_5"] == facts.model_type("qwen3_5", Release(5, 14, 1))
    assert len(found) > 500


@pytest.mark.parametrize("name", ["", ".", "/", "\0", "..", "ä", "no such model", "q" * 10_000])
def test_odd_model_types_are_merely_unknown(name: str) -> None:
    assert facts.model_type(name, Release(5, 14, 1)) is None


def test_enumerations() -> None:
    assert "adamw_hf" in facts.enum_values("OptimizerNames", Release(4, 46, 3))
    assert "adamw_hf" not in facts.enum_values("OptimizerNames", Release(5, 0))
    assert facts.enum_values("IntervalStrategy", Release(5, 0)) == ("no", "steps", "epoch")
    assert facts.enum_values("SaveStrategy", Release(4, 46, 3)) == ()
    assert "best" in facts.enum_values("SaveStrategy", Release(4, 57, 1))
    assert facts.enum_values("NoSuch", Release(5, 0)) == ()
