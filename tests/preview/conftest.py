"""A project with a tokenizer whose tokens are the bytes and a few marks, and the command on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from trl_lint.cli.main import main

TEMPLATE = (
    "{% for m in messages %}<|start|>{{ m.role }}\n"
    "{% if m.role == 'assistant' %}{% generation %}{{ m.content }}<|end|>{% endgeneration %}"
    "{% else %}{{ m.content }}<|end|>{% endif %}{{ '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
)
UNMARKED = TEMPLATE.replace("{% generation %}", "").replace("{% endgeneration %}", "")
CHAT = [{"role": "user", "content": "ask"}, {"role": "assistant", "content": "tell"}]
IGNORED = -100

_TRAIN = """\
from datasets import load_dataset
from transformers import AutoTokenizer, DataCollatorForLanguageModeling
from trl import SFTConfig, SFTTrainer

tokenizer = AutoTokenizer.from_pretrained("model")
trainer = SFTTrainer(
    model="model",
    processing_class=tokenizer,
    args=SFTConfig({arguments}),
    train_dataset=load_dataset("json", data_files="data.jsonl", split="train"),{more}
)
"""
_TRANSFORMERS = {"0.12": "4.46.3", "0.16": "4.50.3", "0.18": "4.52.4", "0.19": "4.53.1", "0.21": "4.55.0"}


@dataclass(frozen=True)
class Result:
    """What a call printed and answered."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)

    @property
    def side(self) -> Any:
        """The only side of the only run."""
        (run,) = self.data["runs"]
        (side,) = run["sides"]
        return side


Preview = Callable[..., Result]
Labels = Callable[..., str]


def write_tokenizer(folder: Path, template: str | None) -> None:
    """A byte-level tokenizer without merges: a token for each byte, and the marks."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={letter: i for i, letter in enumerate(letters)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|start|>", "<|end|>", "<|pad|>"])
    folder.mkdir(exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|end|>", "pad_token": "<|pad|>"}
    (folder / "tokenizer_config.json").write_text(
        json.dumps({**config, **({"chat_template": template} if template is not None else {})})
    )
    (folder / "config.json").write_text(json.dumps({"model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"]}))


def project(
    rows: Sequence[Mapping[str, Any]],
    arguments: str = "",
    *,
    trl: str = "1.16.0",
    transformers: str = "",
    template: str | None = TEMPLATE,
    more: str = "",
) -> None:
    """Writes the project into the working directory."""
    write_tokenizer(Path("model"), template)
    Path("data.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    Path("train.py").write_text(_TRAIN.format(arguments=arguments, more=f"\n    {more}," if more else ""))
    pin = transformers or _TRANSFORMERS.get(trl.rpartition(".")[0], "4.57.1" if trl < "0.29" else "5.20.0")
    Path("requirements.txt").write_text(f"trl=={trl}\ntransformers=={pin}\n")


@pytest.fixture
def preview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Preview:
    """Calls `trl-lint preview train.py` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "no-cache"))
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)

    def call(*flags: str, path: str = "train.py") -> Result:
        code = main(["preview", path, *flags])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture
def labels(preview: Preview) -> Labels:
    """What is trained of the first row of a project, as text; `~` stands for a stretch that is not."""

    def call(row: Mapping[str, Any], arguments: str = "", **pins: Any) -> str:
        project([row], arguments, **pins)
        (shown,) = preview("--output-format", "json").side["rows"]
        assert shown["stops"] is None, shown["stops"]
        kept = [span for span in shown["spans"] if span["kept"]]
        return "".join(span["text"] if span["trained"] else "~" for span in kept)

    return call
