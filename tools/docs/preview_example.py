"""`python -m tools.docs.preview_example`: write the metadata of the model of examples/preview.

Its tokenizer is trained on the rows of the example, so that words are mostly one token, as in a real one.
"""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "preview"
_VOCABULARY = 900
_MARKS = ("<|turn|>", "<|end|>", "<|pad|>")
_TEMPLATE = """\
{% for message in messages %}
{{ '<|turn|>' + message.role + '\\n' + message.content + '<|end|>\\n' }}
{%- endfor %}
{% if add_generation_prompt %}
{{ '<|turn|>assistant\\n' }}
{%- endif %}
"""
_CONFIG = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|end|>", "pad_token": "<|pad|>"}
_MODEL = {"model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"], "vocab_size": _VOCABULARY}


def main() -> None:
    """Write the files."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCABULARY,
        special_tokens=list(_MARKS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    rows = [json.loads(line) for line in (FOLDER / "tides.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = [turn["content"] for row in rows for name in ("prompt", "completion") for turn in row[name]]
    tokenizer.train_from_iterator([*texts, "system user assistant"] * 3, trainer)
    model = FOLDER / "tide-chat"
    model.mkdir(exist_ok=True)
    tokenizer.save(str(model / "tokenizer.json"), pretty=False)
    (model / "chat_template.jinja").write_text(_TEMPLATE, encoding="utf-8")
    (model / "tokenizer_config.json").write_text(json.dumps(_CONFIG, indent=1) + "\n", encoding="utf-8")
    (model / "config.json").write_text(json.dumps(_MODEL, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
