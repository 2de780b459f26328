"""Advisories on chat templates that a release knows byte for byte: shown with a made-up template in its place."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from trl_lint_rules import facts

TEMPLATE = "{% for message in messages %}{{ message.role }}: {{ message.content }}</turn>{% endfor %}"
SCRIPT = """\
from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

trainer = SFTTrainer(
    model="model",
    args=SFTConfig(output_dir="out", assistant_only_loss=True),
    train_dataset=load_dataset("json", data_files="data.jsonl", split="train"),
)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run whose template the facts are made to know as `known_as`."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model/config.json").write_text('{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}')
    (tmp_path / "model/tokenizer_config.json").write_text(json.dumps({"chat_template": TEMPLATE}))
    (tmp_path / "train.py").write_text(SCRIPT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def answers(project: Path, *texts: str) -> None:
    rows = [[{"role": "user", "content": "?"}, {"role": "assistant", "content": text}] for text in texts]
    (project / "data.jsonl").write_text("".join(json.dumps({"messages": row}) + "\n" for row in rows))


def codes(project: Path, monkeypatch: pytest.MonkeyPatch, known_as: str, trl: str) -> list[str]:
    from trl_lint.packs.registry import BUILTIN, Registry
    from trl_lint.testing import Example, run

    fingerprint = hashlib.sha256(TEMPLATE.encode()).hexdigest()
    monkeypatch.setattr(facts, "patched_templates", lambda _: {fingerprint: known_as})
    names = ["train.py", "data.jsonl", "model/config.json", "model/tokenizer_config.json"]
    files = {name: (project / name).read_text() for name in names}
    files["requirements.txt"] = f"trl=={trl}\n"
    outcome = run(Example("made up", 1, files), project, Registry([BUILTIN]))
    return [finding.code for finding in outcome.findings]


def test_half_a_block_of_reasoning_is_found(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(project, "first this, then that</think>Four.", "Five.")
    assert codes(project, monkeypatch, "qwen3_chat_template", "1.8.0") == ["TRL914"]


@pytest.mark.parametrize(
    ("known_as", "trl", "answer"),
    [
        ("qwen3_chat_template", "1.9.0", "this</think>Four."),
        ("qwen3_chat_template", "1.8.0", "<think>this</think>Four."),
        ("qwen3_instruct_2507_chat_template", "1.8.0", "this</think>Four."),
        ("llama3_chat_template", "1.8.0", "this</think>Four."),
    ],
    ids=["fixed", "both tags", "another copy", "another family"],
)
def test_reasoning_that_is_kept(
    project: Path, monkeypatch: pytest.MonkeyPatch, known_as: str, trl: str, answer: str
) -> None:
    answers(project, answer)
    assert codes(project, monkeypatch, known_as, trl) == []


def test_a_stop_token_outside_of_the_mask_is_found(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(project, "Four.")
    assert codes(project, monkeypatch, "glm4moe_chat_template", "1.6.0") == ["TRL915"]
    assert codes(project, monkeypatch, "glm4moe_chat_template", "1.7.0") == []
