"""Tiny models with random weights. Run by the interpreter of an environment that holds transformers:

    python models.py FOLDER

makes one folder for each model below FOLDER and says in `FOLDER/models.json` which could not be made and why. The
tokenizers are trained on the few lines below, the chat templates are the project's own; those that TRL knows are
read from the installed TRL, where it brings them.

Needs nothing but what the environment holds: it is a script, no part of the program that starts it.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).with_name("templates")
PAD, END, TURN, IMAGE = "<|pad|>", "<|done|>", "<|turn|>", "<image>"
SPECIAL = (PAD, END, TURN, IMAGE, "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<unk>")
PATCHES = 4  # image tokens for each picture
CORPUS = (
    "First question: which tide is higher? The answer is the spring tide.",
    "Second question: and why is that so? The answer is that sun and moon pull together.",
    "system user assistant tool The keeper knows the sea. question answer",
)

# Text models: the template (None: the model has none; `trl:NAME` comes with TRL), and what ends a turn.
TEXT: dict[str, tuple[str | None, str]] = {
    "marked": ("marked", END),
    "plain": ("plain", END),
    "bare": (None, END),
    "endless": ("endless", END),
    "tight": ("tight", END),
    "trimmed": ("trimmed", END),
    "commented": ("commented", END),
    "guarded": ("guarded", END),
    "thinking": ("thinking", END),
    "strict": ("strict", END),
    "choosy": ("choosy", END),
    "tooled": ("tooled", END),
    "unpadded": ("marked", END),
    "known": ("trl:qwen3", "<|im_end|>"),
    "known25": ("trl:qwen2_5", "<|im_end|>"),
}
PICTURES = {"picture": "pictures", "picture-marked": "pictures_marked"}


def load(package: str) -> Any:
    """A package of the environment."""
    return importlib.import_module(package)


def tokenizer(template: str | None, end: str, padded: bool = True) -> Any:
    """A byte-level tokenizer that knows the corpus a little."""
    import tokenizers
    from tokenizers import decoders, models, pre_tokenizers, trainers

    core = tokenizers.Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=420, special_tokens=list(SPECIAL), initial_alphabet=alphabet, show_progress=False
    )
    core.train_from_iterator(CORPUS, trainer)
    made = load("transformers").PreTrainedTokenizerFast(
        tokenizer_object=core, eos_token=end, model_max_length=2048, model_input_names=["input_ids", "attention_mask"]
    )
    if padded:
        made.pad_token = PAD
    if template is not None:
        made.chat_template = text_of(template)
    return made


def text_of(template: str) -> str:
    """The text of a template of the project, or of one that the installed TRL brings."""
    if not template.startswith("trl:"):
        return (TEMPLATES / f"{template}.jinja").read_text(encoding="utf-8")
    found = importlib.util.find_spec("trl")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "chat_templates" / f"{template[4:]}.jinja").read_text(encoding="utf-8")


def llama(vocabulary: int, **more: Any) -> Any:
    """The config of a text model."""
    return load("transformers").LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        bos_token_id=None,
        eos_token_id=1,
        pad_token_id=0,
        **more,
    )


def text(folder: Path, template: str | None, end: str, padded: bool) -> None:
    """A model that writes text."""
    made = tokenizer(template, end, padded)
    load("transformers").LlamaForCausalLM(llama(len(made))).save_pretrained(folder)
    made.save_pretrained(folder)


def classifier(folder: Path, labels: int) -> None:
    """A model that rates text."""
    made = tokenizer("plain", END)
    load("transformers").LlamaForSequenceClassification(llama(len(made), num_labels=labels)).save_pretrained(folder)
    made.save_pretrained(folder)


def picture(folder: Path, template: str) -> None:
    """A model that takes pictures: a Llava, whose slow image processor needs no torchvision."""
    made = tokenizer(template, END)
    vision = load("transformers").CLIPVisionConfig(
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=16,
        patch_size=8,
        projection_dim=16,
    )
    config = load("transformers").LlavaConfig(
        vision_config=vision,
        text_config=llama(len(made)),
        image_token_index=made.convert_tokens_to_ids(IMAGE),
        image_seq_length=PATCHES,
        vision_feature_layer=-1,
        vision_feature_select_strategy="default",
        pad_token_id=0,
    )
    load("transformers").LlavaForConditionalGeneration(config).save_pretrained(folder)
    images = image_processor()(size={"shortest_edge": 16}, crop_size={"height": 16, "width": 16})
    load("transformers").LlavaProcessor(
        image_processor=images,
        tokenizer=made,
        patch_size=8,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        image_token=IMAGE,
        chat_template=text_of(template),
    ).save_pretrained(folder)


def image_processor() -> Any:
    """The image processor that works with pictures alone."""
    for name in ("CLIPImageProcessorPil", "CLIPImageProcessor"):
        if hasattr(load("transformers"), name):
            return getattr(load("transformers"), name)
    raise RuntimeError("transformers has no image processor for CLIP")


def made(make: Callable[..., None], *arguments: Any) -> str:
    """Why the model could not be made; empty where it was."""
    load("torch").manual_seed(0)
    try:
        make(*arguments)
    except Exception as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    return ""


def main(root: Path) -> None:
    """Make every model."""
    load("torch").set_num_threads(1)
    said = {name: made(text, root / name, *entry, name != "unpadded") for name, entry in TEXT.items()}
    said |= {f"reward{labels}": made(classifier, root / f"reward{labels}", labels) for labels in (1, 2)}
    said |= {name: made(picture, root / name, template) for name, template in PICTURES.items()}
    templates = {name: template for name, (template, _) in TEXT.items() if template and template.startswith("trl:")}
    (root / "models.json").write_text(json.dumps({"failed": {n: w for n, w in said.items() if w}, "trl": templates}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
