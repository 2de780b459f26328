"""Supervised fine-tuning on text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .case import Case, Code

ASSISTANT: Mapping[str, object] = {"assistant_only_loss": True}
COMPLETION: Mapping[str, object] = {"completion_only_loss": True}
WHOLE: Mapping[str, object] = {"completion_only_loss": False}

_TEMPLATED = (
    "marked",
    "plain",
    "bare",
    "endless",
    "tight",
    "trimmed",
    "commented",
    "guarded",
    "thinking",
    "strict",
    "choosy",
    "unpadded",
    "known",
    "known25",
)
_CONVERSATIONS = (
    "chat",
    "chat-short",
    "chat-system",
    "chat-asked",
    "chat-one_unanswered",
    "chat-tool_turn",
    "chat-tools",
    "chat-parts",
    "chat-text",
    "chat-no_pictures",
    "conversations",
    "sharegpt",
    "dialogue",
)
_PAIRS = ("chatpairs", "chatpairs-many", "pairs", "pairs-unspaced", "pairs-text")
_OTHERS = (
    "prompts",
    "chatprompts",
    "completions",
    "text",
    "text-accents",
    "body",
    "instructions",
    "preferences",
    "ids",
    "ids-labels",
    "ids-completion_mask",
    "ids-assistant_masks",
    "empty",
)


def templates() -> Iterator[Case]:
    """What each kind of chat template does to each loss."""
    for model in _TEMPLATED:
        yield Case(f"template/{model}/all", model=model)
        yield Case(f"template/{model}/assistant", model=model, config=ASSISTANT)
        yield Case(f"template/{model}/pairs", model=model, data="chatpairs")
        yield Case(f"template/{model}/assistant-passed", model=model, processing="tokenizer", config=ASSISTANT)
    for model in ("marked", "plain", "thinking", "endless"):
        yield Case(f"template/{model}/pairs-assistant", model=model, data="chatpairs-many", config=ASSISTANT)
        both = {**ASSISTANT, **WHOLE}
        yield Case(f"template/{model}/pairs-assistant-whole", model=model, data="chatpairs-many", config=both)
        yield Case(f"template/{model}/system", model=model, data="chat-system", config=ASSISTANT)
    yield Case("template/strict/system-all", model="strict", data="chat-system")
    yield Case("template/strict/tool-turn", model="strict", data="chat-tool_turn", config=ASSISTANT)
    yield Case("template/choosy/sharegpt", model="choosy", data="sharegpt")
    yield Case("template/choosy/sharegpt-assistant", model="choosy", data="sharegpt", config=ASSISTANT)
    yield Case("template/choosy/tool-turn", model="choosy", data="chat-tool_turn")
    yield Case("template/choosy/parts", model="choosy", data="chat-parts")


def formats() -> Iterator[Case]:
    """What each shape of data is to each loss."""
    for kind in (*_CONVERSATIONS, *_PAIRS, *_OTHERS):
        yield Case(
            f"data/{kind}/usual",
            data=kind,
            hidden="`completion_mask` has no effect" if kind == "ids-completion_mask" else "",
        )
        yield Case(f"data/{kind}/assistant", data=kind, config=ASSISTANT)
        yield Case(f"data/{kind}/completion", data=kind, config=COMPLETION)
    for kind in _PAIRS:
        yield Case(f"data/{kind}/whole", data=kind, config=WHOLE)
    for kind in ("chat", "pairs", "chatpairs", "text", "ids-labels"):
        yield Case(f"data/{kind}/streamed", data=kind, streamed=True)
        yield Case(f"data/{kind}/streamed-assistant", data=kind, streamed=True, config=ASSISTANT)
    yield Case("data/chat/streamed-endlessly", streamed=True, config={"max_steps": -1, "num_train_epochs": 1})
    yield Case("data/none", data="none")
    yield Case("data/body/named", data="body", config={"dataset_text_field": "body"})
    yield Case("data/text/misnamed", data="text", config={"dataset_text_field": "body"})
    yield Case("data/chat/text-field", data="chat", config={"dataset_text_field": "messages"})
    yield Case("data/text/no-template", data="text", model="bare")
    yield Case("data/pairs/no-template", data="pairs", model="bare")
    yield Case("data/chatpairs/no-template", data="chatpairs", model="bare")
    yield Case("data/text/split-dict", data="text", setup=["dataset = dataset.train_test_split(test_size=1)"])
    yield Case(
        "data/text/split",
        data="text",
        setup=["dataset = dataset.train_test_split(test_size=1)"],
        config={"eval_strategy": "steps", "eval_steps": 1},
        arguments={"train_dataset": Code('dataset["train"]'), "eval_dataset": Code('dataset["test"]')},
    )
    yield Case(
        "data/dialogue/renamed", data="dialogue", setup=['dataset = dataset.rename_column("dialogue", "messages")']
    )
    yield Case(
        "data/dialogue/renamed-assistant",
        data="dialogue",
        setup=['dataset = dataset.rename_column("dialogue", "messages")'],
        config=ASSISTANT,
    )
    yield Case(
        "data/chatpairs/without-completion",
        data="chatpairs",
        setup=['dataset = dataset.remove_columns("completion")'],
    )
    yield Case("data/chat/dict-of-splits", setup=['dataset = {"train": dataset}'])
    yield Case("data/text/list", data="text", setup=["dataset = list(dataset)"])
    yield Case("data/text/one-row", data="text", setup=["dataset = dataset.select(range(1))"])


def skipped() -> Iterator[Case]:
    """Preparation that the code turns off."""
    skip = {"dataset_kwargs": {"skip_prepare_dataset": True}}
    for kind in ("text", "chat", "pairs", "ids", "ids-labels", "ids-completion_mask", "ids-assistant_masks"):
        hidden = "`completion_mask` has no effect" if kind == "ids-completion_mask" else ""
        yield Case(f"skipped/{kind}", data=kind, config=skip, hidden=hidden)
        kept = {**skip, "remove_unused_columns": False}
        yield Case(f"skipped/{kind}/unused-kept", data=kind, config=kept, hidden=hidden)
    yield Case("skipped/ids-completion_mask/asked", data="ids-completion_mask", config={**skip, **COMPLETION})
    yield Case("skipped/ids-labels/packed", data="ids-labels", config={**skip, "packing": True, "max_length": 64})
    yield Case("skipped/text/special", data="text", config={"dataset_kwargs": {"add_special_tokens": False}})


def lengths() -> Iterator[Case]:
    """What `max_length` cuts."""
    for length in (12, 30, 60):
        yield Case(f"length/{length}/assistant", config={**ASSISTANT, "max_length": length})
        yield Case(f"length/{length}/all", config={"max_length": length})
        yield Case(f"length/{length}/chatpairs", data="chatpairs", config={"max_length": length})
        yield Case(f"length/{length}/pairs", data="pairs", config={"max_length": length})
        yield Case(f"length/{length}/text", data="text", config={"max_length": length})
    for length in (12, 60):
        end = {"max_length": length, "truncation_mode": "keep_end"}
        yield Case(f"length/{length}/keep-end", config={**ASSISTANT, **end}, releases=">=1.0")
        yield Case(f"length/{length}/keep-end-pairs", data="chatpairs", config=end, releases=">=1.0")
    yield Case("length/long-prompt", data="chatpairs-long_prompt", config={"max_length": 60})
    yield Case("length/long-prompt/asked", data="chatpairs-long_prompt", config={**COMPLETION, "max_length": 60})
    yield Case("length/long-prompt/streamed", data="chatpairs-long_prompt", streamed=True, config={"max_length": 60})
    yield Case("length/long-turn", data="chat-long", config={**ASSISTANT, "max_length": 100})
    yield Case("length/none", config={"max_length": None})
    yield Case("length/none/assistant", config={**ASSISTANT, "max_length": None})
    yield Case("length/older-name", config={"max_seq_length": 64})
    yield Case("length/unknown-mode", config={"max_length": 64, "truncation_mode": "keep_middle"})
    yield Case("length/zero", data="text", config={"max_length": 0})
    yield Case("length/ids-labels", data="ids-labels", config={"max_length": 10})


def packing() -> Iterator[Case]:
    """Rows that share a sequence."""
    shapes: tuple[tuple[str, Mapping[str, object]], ...] = (
        ("chat", ASSISTANT),
        ("chat", {}),
        ("pairs", {}),
        ("chatpairs", {}),
        ("text", {}),
        ("ids-labels", {}),
        ("ids-assistant_masks", {}),
    )
    for kind, flags in shapes:
        name = kind + ("-assistant" if flags else "")
        for strategy in (None, "wrapped", "ffd", "bfd", "bfd_split"):
            chosen = {} if strategy is None else {"packing_strategy": strategy}
            if strategy in (None, "wrapped") or kind == "chat":
                config = {**flags, "packing": True, "max_length": 128, **chosen}
                yield Case(f"packing/{name}/{strategy or 'usual'}", data=kind, config=config)
        yield Case(
            f"packing/{name}/padding-free", data=kind, config={**flags, "padding_free": True, "max_length": None}
        )
    yield Case("packing/unknown", data="text", config={"packing": True, "packing_strategy": "tight", "max_length": 64})
    yield Case("packing/no-length", data="text", config={"packing": True, "max_length": None})
    yield Case(
        "packing/no-length/wrapped",
        data="text",
        config={"packing": True, "max_length": None, "packing_strategy": "wrapped"},
    )
    yield Case("packing/streamed", data="text", streamed=True, config={"packing": True, "max_length": 64})
    yield Case(
        "packing/streamed-chat", data="chat", streamed=True, config={**ASSISTANT, "packing": True, "max_length": 128}
    )
    yield Case(
        "packing/eval",
        data="text",
        config={"packing": True, "max_length": 64, "eval_packing": False, "eval_strategy": "steps", "eval_steps": 1},
        arguments={"eval_dataset": Code("dataset")},
    )
    yield Case("packing/padding-free/cut", data="text", config={"padding_free": True, "max_length": 64})
    yield Case("packing/padding-free/usual-length", data="text", config={"padding_free": True})
    yield Case(
        "packing/padding-free/packed", data="text", config={"padding_free": True, "packing": True, "max_length": 64}
    )
    yield Case(
        "packing/padding-free/wrapped",
        data="text",
        config={"padding_free": True, "packing": True, "packing_strategy": "wrapped", "max_length": 64},
    )
    yield Case(
        "packing/one-row-batch",
        data="text",
        config={"padding_free": True, "max_length": None, "per_device_train_batch_size": 1},
    )
    yield Case("packing/short", data="text", config={"packing": True, "max_length": 8})
    yield Case("packing/short-chat", data="chat", config={**ASSISTANT, "packing": True, "max_length": 16})


_COLLATORS = {
    "language-modelling": (
        "from transformers import DataCollatorForLanguageModeling",
        "DataCollatorForLanguageModeling(tokenizer, mlm=False)",
    ),
    "seq2seq": ("from transformers import DataCollatorForSeq2Seq", "DataCollatorForSeq2Seq(tokenizer)"),
    "padding": ("from transformers import DataCollatorWithPadding", "DataCollatorWithPadding(tokenizer)"),
    "default": ("from transformers import default_data_collator", "default_data_collator"),
    "own": (
        "from trl.trainer.sft_trainer import DataCollatorForLanguageModeling",
        "DataCollatorForLanguageModeling(pad_token_id=tokenizer.pad_token_id)",
    ),
    "response-template": (
        "from trl import DataCollatorForCompletionOnlyLM",
        'DataCollatorForCompletionOnlyLM("<|turn|>assistant\\n", tokenizer=tokenizer)',
    ),
}


def collators() -> Iterator[Case]:
    """A collator in place of the trainer's own."""
    for name, (line, made) in _COLLATORS.items():
        shapes: tuple[tuple[str, Mapping[str, object]], ...] = (
            ("chat", ASSISTANT),
            ("chat", {}),
            ("chatpairs", {}),
            ("text", {}),
        )
        for kind, flags in shapes:
            yield Case(
                f"collator/{name}/{kind}{'-assistant' if flags else ''}",
                data=kind,
                processing="tokenizer",
                imports=[line],
                config=flags,
                arguments={"data_collator": Code(made)},
            )
    line, made = _COLLATORS["language-modelling"]
    for name, config in (
        ("packed", {"packing": True, "max_length": 64}),
        (
            "packed-wrapped",
            {"packing": True, "packing_strategy": "wrapped", "max_length": 60, "per_device_train_batch_size": 4},
        ),
        ("padding-free", {"padding_free": True, "max_length": None}),
        ("pairs-asked", COMPLETION),
    ):
        yield Case(
            f"collator/language-modelling/{name}",
            data="pairs" if name == "pairs-asked" else "text",
            processing="tokenizer",
            imports=[line],
            config=config,
            arguments={"data_collator": Code(made)},
        )


_FORMATTERS = {
    "text": ("instructions", 'def to_text(row):\n    return row["instruction"] + "\\n" + row["output"]'),
    "messages": ("chat", 'def to_text(row):\n    return "\\n".join(turn["content"] for turn in row["messages"])'),
    "pairs": ("pairs", 'def to_text(row):\n    return row["prompt"] + row["completion"]'),
    "list": ("instructions", 'def to_text(row):\n    return [row["instruction"], row["output"]]'),
    "batched": (
        "instructions",
        'def to_text(rows):\n    return [one + "\\n" + two for one, two in zip(rows["instruction"], rows["output"])]',
    ),
    "ids": ("ids", 'def to_text(row):\n    return "My answer to every question."'),
}


def formatting() -> Iterator[Case]:
    """A function that makes the text."""
    for name, (kind, helper) in _FORMATTERS.items():
        arguments = {"formatting_func": Code("to_text")}
        hidden = "`formatting_func` has no effect" if kind in ("chat", "ids") else ""
        yield Case(f"formatting/{name}", data=kind, helpers=helper, arguments=arguments, hidden=hidden)
        yield Case(
            f"formatting/{name}/completion",
            data=kind,
            helpers=helper,
            arguments=arguments,
            config=COMPLETION,
            hidden=hidden,
        )
        yield Case(
            f"formatting/{name}/assistant",
            data=kind,
            helpers=helper,
            arguments=arguments,
            config=ASSISTANT,
            hidden=hidden,
        )
    kind, helper = _FORMATTERS["text"]
    arguments = {"formatting_func": Code("to_text")}
    yield Case(
        "formatting/packed", data=kind, helpers=helper, arguments=arguments, config={"packing": True, "max_length": 64}
    )
    yield Case("formatting/streamed", data=kind, streamed=True, helpers=helper, arguments=arguments)
    yield Case(
        "formatting/mapped",
        data=kind,
        helpers=(
            'def to_text(row):\n    return {"text": row["instruction"] + row["output"]}\n\n\n'
            "dataset = dataset.map(to_text)"
        ),
    )
    yield Case(
        "formatting/mapped-pairs",
        data=kind,
        helpers=(
            'def to_pair(row):\n    return {"prompt": row["instruction"] + " ", "completion": row["output"]}\n\n\n'
            'dataset = dataset.map(to_pair, remove_columns=["instruction", "output"])'
        ),
    )


def tokens() -> Iterator[Case]:
    """Special tokens, and tokenizers that the code changes."""
    yield Case("tokens/eos", config={"eos_token": "<|im_end|>"})
    yield Case("tokens/eos-unknown", config={"eos_token": "<|nowhere|>"})
    yield Case("tokens/eos-unknown-text", data="text", config={"eos_token": "<|nowhere|>"})
    yield Case("tokens/pad", config={"pad_token": "<|endoftext|>"})
    yield Case("tokens/pad-unknown", config={"pad_token": "<|nowhere|>"})
    yield Case("tokens/unpadded-text", model="unpadded", data="text")
    yield Case("tokens/unpadded-passed", model="unpadded", data="text", processing="tokenizer")
    edited = 'tokenizer.chat_template = open("own.jinja").read()'
    files = {"own.jinja": OWN}
    yield Case(
        "tokens/template-edited",
        model="plain",
        processing="tokenizer",
        setup=[edited],
        files=files,
        config=ASSISTANT,
    )
    yield Case(
        "tokens/template-edited-not-passed",
        model="plain",
        processing="tokenizer",
        setup=[edited],
        files=files,
        config=ASSISTANT,
        arguments={"processing_class": None},
    )
    yield Case(
        "tokens/template-given-to-bare",
        model="bare",
        processing="tokenizer",
        setup=[edited],
        files=files,
        config=ASSISTANT,
    )
    yield Case(
        "tokens/pad-is-eos",
        processing="tokenizer",
        setup=["tokenizer.pad_token = tokenizer.eos_token"],
    )
    yield Case(
        "tokens/pad-is-eos/assistant",
        processing="tokenizer",
        config=ASSISTANT,
        setup=["tokenizer.pad_token = tokenizer.eos_token"],
    )
    yield Case(
        "tokens/left-padded",
        processing="tokenizer",
        setup=['tokenizer.padding_side = "left"'],
        config=ASSISTANT,
    )
    yield Case(
        "tokens/template-path", model="plain", files=files, config={**ASSISTANT, "chat_template_path": "own.jinja"}
    )
    yield Case(
        "tokens/template-path/bare", model="bare", files=files, config={**ASSISTANT, "chat_template_path": "own.jinja"}
    )
    yield Case("tokens/template-path/model", model="plain", config={"chat_template_path": "./model"})
    yield Case("tokens/processing-is-a-name", arguments={"processing_class": "./model"})


OWN = """\
{%- for message in messages %}
{{- '<|turn|>' + message['role'] + '\\n' }}
{%- if message['role'] == 'assistant' %}
{%- generation %}{{ message['content'] + '<|done|>' }}{%- endgeneration %}
{%- else %}
{{- message['content'] + '<|done|>' }}
{%- endif %}
{{- '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|turn|>assistant\\n' }}
{%- endif %}
""".replace("{%- generation", "{% generation").replace("{%- endgeneration", "{% endgeneration")


def trainers() -> Iterator[Case]:
    """Arguments of the trainer and of the config."""
    for name, value in (
        ("tokenizer", Code("tokenizer")),
        ("max_seq_length", 64),
        ("dataset_text_field", "text"),
        ("packing", True),
        ("dataset_batch_size", 10),
        ("max_length", 64),
    ):
        yield Case(
            f"trainer/keyword/{name}",
            data="text",
            processing="tokenizer",
            arguments={"processing_class": None, name: value},
        )
    for loss in ("nll", "dft", "chunked_nll", "cross"):
        yield Case(f"trainer/loss/{loss}", data="text", config={"loss_type": loss})
    yield Case("trainer/loss/chunked-assistant", config={**ASSISTANT, "loss_type": "chunked_nll"})
    for name in ("LlamaForCausalLM", "AutoModelForCausalLM"):
        yield Case(f"trainer/loaded/{name}", loaded=name)
        yield Case(f"trainer/loaded/{name}/assistant", loaded=name, config=ASSISTANT)
    yield Case("trainer/init-kwargs", config={"model_init_kwargs": {"attn_implementation": "eager"}})
    yield Case(
        "trainer/init-kwargs/loaded",
        hidden="`model_init_kwargs` has no effect",
        loaded="AutoModelForCausalLM",
        config={"model_init_kwargs": {"attn_implementation": "eager"}},
    )
    yield Case("trainer/init-kwargs/unknown", config={"model_init_kwargs": {"no_such_argument": 1}})
    yield Case(
        "trainer/training-arguments",
        data="text",
        home="trl",
        config_class="TrainingArguments",
        imports=["from transformers import TrainingArguments"],
    )
    yield Case("trainer/no-arguments", data="text", arguments={"args": None})
    lora = Code('LoraConfig(r=2, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM")')
    peft = ["from peft import LoraConfig, get_peft_model"]
    yield Case("trainer/adapter", imports=peft, arguments={"peft_config": lora})
    yield Case("trainer/adapter/assistant", imports=peft, arguments={"peft_config": lora}, config=ASSISTANT)
    yield Case(
        "trainer/adapter/twice",
        loaded="AutoModelForCausalLM",
        imports=peft,
        setup=[f"peft_config = {lora}", "model = get_peft_model(model, peft_config)"],
        arguments={"peft_config": Code("peft_config")},
    )
    yield Case(
        "trainer/adapter/ready",
        loaded="AutoModelForCausalLM",
        imports=peft,
        setup=[f"model = get_peft_model(model, {lora})"],
    )
    yield Case(
        "trainer/adapter/lora-targets-missing",
        imports=peft,
        arguments={"peft_config": Code('LoraConfig(r=2, target_modules=["c_attn"], task_type="CAUSAL_LM")')},
    )
    yield Case("trainer/unknown-config", config={"assistant_loss": True})
    yield Case("trainer/unknown-argument", arguments={"tokeniser": None, "dataset": Code("dataset")})
    yield Case(
        "trainer/metrics",
        config={"eval_strategy": "steps", "eval_steps": 1},
        arguments={"eval_dataset": Code("dataset")},
    )
    yield Case("trainer/no-eval-data", config={"eval_strategy": "steps", "eval_steps": 1})


def schedule() -> Iterator[Case]:
    """What transformers itself refuses."""
    for name, config in (
        ("logging-zero", {"logging_steps": 0}),
        ("logging-part", {"logging_steps": 1.5}),
        ("best-not-evaluated", {"load_best_model_at_end": True, "save_strategy": "steps"}),
        ("plateau", {"lr_scheduler_type": "reduce_lr_on_plateau"}),
        ("warmup-negative", {"warmup_steps": -1}),
        ("warmup-share", {"warmup_steps": 0.1}),
        ("warmup-ratio", {"warmup_ratio": 0.1}),
        ("warmup-ratio-high", {"warmup_ratio": 1.5}),
        ("prefetch", {"dataloader_prefetch_factor": 2}),
        ("best-no-metric", {"save_strategy": "best"}),
        ("older-evaluation", {"evaluation_strategy": "no"}),
        ("no-cuda", {"no_cuda": True}),
        ("group-by-length", {"group_by_length": True}),
        ("overwrite", {"overwrite_output_dir": True}),
        ("both-halves", {"fp16": True, "bf16": True}),
        ("unknown-optimizer", {"optim": "adam_of_mine"}),
        ("unknown-scheduler", {"lr_scheduler_type": "steep"}),
        ("sequential", {"train_sampling_strategy": "sequential"}),
        ("unknown-sampling", {"train_sampling_strategy": "shuffled"}),
        ("logging-dir", {"logging_dir": "logs"}),
        ("tpu", {"tpu_num_cores": 8}),
        ("save-safetensors", {"save_safetensors": True}),
        ("checkpointing", {"gradient_checkpointing": True}),
        (
            "checkpointing-kwargs",
            {"gradient_checkpointing": True, "gradient_checkpointing_kwargs": {"use_reentrant": False}},
        ),
        ("neftune", {"neftune_noise_alpha": 5}),
        ("compile-off", {"torch_compile": False}),
        ("epochs", {"max_steps": -1, "num_train_epochs": 1}),
    ):
        yield Case(f"schedule/{name}", data="text", config=config)
