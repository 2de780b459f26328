"""Families known by name: always a guess, and silent where a name says something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from trl_lint.artifacts import ArtifactFinder
from trl_lint.model.artifact import Artifact, Evidence


def find(name: str) -> Artifact:
    return ArtifactFinder(environ={"HOME": "/nonexistent"}).find(name, Path("/nonexistent"))


@pytest.mark.parametrize(
    ("name", "model_type"),
    [
        ("Qwen/Qwen3.5-4B-Base", "qwen3_5"),
        ("Qwen/Qwen3.5-35B-A3B", "qwen3_5_moe"),
        ("Qwen/Qwen3-VL-4B-Instruct", "qwen3_vl"),
        ("Qwen/Qwen3-VL-30B-A3B-Instruct", "qwen3_vl_moe"),
        ("Qwen/Qwen2.5-VL-3B-Instruct", "qwen2_5_vl"),
        ("unsloth/Qwen2-VL-7B-Instruct-bnb-4bit", "qwen2_vl"),
        ("google/gemma-3-4b-it", "gemma3"),
        ("google/gemma-3n-E2B-it", "gemma3n"),
        ("meta-llama/Llama-3.2-11B-Vision-Instruct", "mllama"),
        ("meta-llama/Llama-4-Scout-17B-16E-Instruct", "llama4"),
        ("HuggingFaceTB/SmolVLM2-2.2B-Instruct", "smolvlm"),
        ("HuggingFaceTB/SmolVLM-Instruct", "idefics3"),
        ("HuggingFaceM4/Idefics3-8B-Llama3", "idefics3"),
        ("llava-hf/llava-1.5-7b-hf", "llava"),
        ("llava-hf/llava-v1.6-mistral-7b-hf", "llava_next"),
        ("mistralai/Mistral-Small-3.1-24B-Instruct-2503", "mistral3"),
        ("microsoft/Phi-3.5-vision-instruct", "phi3_v"),
        ("OpenGVLab/InternVL3-1B-hf", "internvl"),
    ],
)
def test_vision_families_have_a_processor(name: str, model_type: str) -> None:
    found = find(name)
    assert found.evidence is Evidence.NAME
    assert found.model_type == model_type
    assert found.config is not None
    assert found.config["vision_config"] == {}
    assert "preprocessor_config.json" in found.files


@pytest.mark.parametrize(
    ("name", "model_type"),
    [
        ("Qwen/Qwen3-0.6B", "qwen3"),
        ("Qwen/Qwen3-30B-A3B", "qwen3_moe"),
        ("Qwen/Qwen3-Coder-30B-A3B-Instruct", "qwen3_moe"),
        ("Qwen/Qwen2.5-Coder-7B-Instruct", "qwen2"),
        ("Qwen/Qwen2.5-0.5B", "qwen2"),
        ("google/gemma-3-1b-it", "gemma3_text"),
        ("google/gemma-3-270m", "gemma3_text"),
        ("google/gemma-2-2b-it", "gemma2"),
        ("meta-llama/Meta-Llama-3-8B", "llama"),
        ("meta-llama/Llama-3.2-1B-Instruct", "llama"),
        ("meta-llama/Llama-2-7b-hf", "llama"),
        ("HuggingFaceTB/SmolLM2-135M", "llama"),
        ("HuggingFaceTB/SmolLM3-3B", "smollm3"),
        ("mistralai/Mistral-7B-v0.1", "mistral"),
        ("mistralai/Mistral-Small-24B-Instruct-2501", "mistral"),
        ("microsoft/phi-4", "phi3"),
        ("microsoft/phi-2", "phi"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "qwen2"),
        ("openai-community/gpt2", "gpt2"),
        ("facebook/opt-350m", "opt"),
    ],
)
def test_text_families_have_only_a_tokenizer(name: str, model_type: str) -> None:
    found = find(name)
    assert found.evidence is Evidence.NAME
    assert found.model_type == model_type
    assert found.config is not None
    assert "vision_config" not in found.config
    assert "preprocessor_config.json" not in found.files
    assert not found.complete
    assert not found.templates


@pytest.mark.parametrize(
    "name",
    [
        "someone/my-best-model",
        "Qwen/Qwen3-Embedding-0.6B",
        "Qwen/Qwen2.5-Omni-7B",
        "trl-lib/Qwen2-0.5B-Reward",
        "unsloth/Qwen3-4B-GGUF",
        "someone/Qwen3-4B-lora",
        "google/gemma-4",
        "gpt2-output-detector",
    ],
)
def test_other_names_say_nothing(name: str) -> None:
    found = find(name)
    assert found.evidence is Evidence.NONE
    assert "--online was not given" in found.problems[0]
