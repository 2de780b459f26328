"""What arguments do, in words: of arguments that there are."""

from __future__ import annotations

import pytest

from trl_lint.api import Release
from trl_lint_rules import facts
from trl_lint_rules.knowledge.meanings import described, meaning

CONFIGS = [f"{name}Config" for name in ("SFT", "DPO", "GRPO", "KTO", "RLOO", "Reward", "ORPO", "CPO", "PPO")]
TRAINERS = [f"{name}Trainer" for name in ("SFT", "DPO", "GRPO", "KTO", "RLOO", "Reward")]


@pytest.mark.parametrize(("owner", "name"), described(), ids=str)
def test_every_described_argument_is_one(owner: str | None, name: str) -> None:
    timelines = [facts.presence(each, name) for each in ([owner] if owner else CONFIGS)]
    if owner is None:
        timelines.append(facts.presence("TrainingArguments", name, "transformers"))
        timelines += [facts.parameter_timeline(each).get(name, ()) for each in TRAINERS]
    assert any(timelines)


def test_the_meaning_is_that_of_the_class_and_the_release() -> None:
    assert "is replaced where TRL knows it" in meaning("SFTConfig", "assistant_only_loss", Release(1, 9, 2))
    assert "replaced" not in meaning("SFTConfig", "assistant_only_loss", Release(0, 20))
    assert "packing" in meaning("SFTConfig", "max_length", Release(1, 9))
    assert "prompt and answer together" in meaning("DPOConfig", "max_length", Release(1, 9))
    assert meaning("SFTConfig", "no_such_argument", Release(1, 9)) == ""
