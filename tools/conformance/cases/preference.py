"""DPO, KTO and reward models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .case import Case, Code

_LORA = Code('LoraConfig(r=2, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM")')
_PEFT = ["from peft import LoraConfig"]
_DATA = {"DPO": "preferences", "KTO": "ratings", "Reward": "preferences-implicit"}
_EVAL: Mapping[str, object] = {"eval_strategy": "steps", "eval_steps": 1}
_TWO = "a reward of more than one number is trained"
REFERENCE = 'reference = AutoModelForCausalLM.from_pretrained("./model")'


def _case(
    kind: str,
    name: str,
    config: Mapping[str, object] | None = None,
    arguments: Mapping[str, object] | None = None,
    imports: Sequence[str] = (),
    setup: Sequence[str] = (),
    **more: Any,
) -> Case:
    more.setdefault("model", "plain")
    more.setdefault("data", _DATA[kind])
    more.setdefault("loaded", "AutoModelForSequenceClassification" if kind == "Reward" else "AutoModelForCausalLM")
    more.setdefault("processing", "tokenizer")
    return Case(
        f"{kind.lower()}/{name}",
        trainer=f"{kind}Trainer",
        config_class=f"{kind}Config",
        config=config or {},
        arguments=arguments or {},
        imports=imports,
        setup=setup,
        **more,
    )


def dpo() -> Iterator[Case]:
    """Losses of DPO and what they go with."""
    losses = (
        "sigmoid hinge ipo exo_pair nca_pair robust bco_pair sppo_hard aot aot_pair aot_unpaired apo_zero apo_down "
        "discopop sft sigmoid_norm kto_pair simpo"
    )
    for loss in losses.split():
        yield _case("DPO", f"loss-{loss}", {"loss_type": loss})
    yield _case("DPO", "loss-exo_pair-smoothed", {"loss_type": "exo_pair", "label_smoothing": 0.001})
    yield _case("DPO", "loss-exo_pair-unsmoothed", {"loss_type": "exo_pair", "label_smoothing": 0.0})
    yield _case("DPO", "loss-robust-half", {"loss_type": "robust", "label_smoothing": 0.5})
    yield _case("DPO", "loss-robust-smoothed", {"loss_type": "robust", "label_smoothing": 0.1})
    yield _case("DPO", "smoothing-high", {"label_smoothing": 0.6})
    yield _case("DPO", "losses", {"loss_type": ["sigmoid", "sft"]})
    yield _case("DPO", "losses-weighted", {"loss_type": ["sigmoid", "sft"], "loss_weights": [1.0, 0.5]})
    yield _case("DPO", "losses-one-weight", {"loss_type": ["sigmoid", "sft"], "loss_weights": [1.0]})
    yield _case("DPO", "loss-two-weights", {"loss_type": "sigmoid", "loss_weights": [1.0, 0.5]})
    yield _case("DPO", "loss-one-weight", {"loss_type": ["sigmoid"], "loss_weights": [1.0]})
    yield _case("DPO", "losses-one-unknown", {"loss_type": ["sigmoid", "other"]})
    for loss in ("sigmoid", "aot", "aot_unpaired"):
        yield _case("DPO", f"weighting-{loss}", {"loss_type": loss, "use_weighting": True})
    for kind in ("reverse_kl", "js_divergence", "alpha_divergence", "forward_kl", "hellinger"):
        for loss in ("sigmoid", "apo_zero"):
            yield _case("DPO", f"divergence-{kind}-{loss}", {"f_divergence_type": kind, "loss_type": loss})
    for loss in ("bco_pair", "robust", "aot", "discopop"):
        yield _case(
            "DPO", f"divergence-js_divergence-{loss}", {"f_divergence_type": "js_divergence", "loss_type": loss}
        )
    yield _case("DPO", "divergence-losses", {"f_divergence_type": "js_divergence", "loss_type": ["sigmoid", "sft"]})
    yield _case("DPO", "older-averaging", {"rpo_alpha": 1.0})
    yield _case("DPO", "ld-alpha", {"ld_alpha": 0.5})
    yield _case("DPO", "pad-unknown", {"pad_token": "<|nowhere|>"})
    yield _case("DPO", "reference-free", {"reference_free": True})
    for mode in ("keep_start", "keep_end", "keep_middle"):
        yield _case("DPO", f"truncation-{mode}", {"max_length": 32, "truncation_mode": mode})
    yield _case("DPO", "length-4", {"max_length": 4})
    yield _case("DPO", "prompt-length", {"max_prompt_length": 16})
    yield _case("DPO", "completion-length", {"max_completion_length": 16})
    yield _case("DPO", "padding-free", {"padding_free": True})
    yield _case("DPO", "padding-value", {"padding_value": 0})
    yield _case("DPO", "label-pad", {"label_pad_token_id": -100})
    yield _case("DPO", "logits", {"use_logits_to_keep": True})
    yield _case("DPO", "generated", {"generate_during_eval": True})
    yield _case("DPO", "eval", {**_EVAL}, {"eval_dataset": Code("dataset")})
    yield _case("DPO", "eval-no-data", {**_EVAL})


def dpo_models() -> Iterator[Case]:
    """The model, its reference and its data."""
    yield _case("DPO", "usual")
    yield _case("DPO", "path", loaded="")
    yield _case("DPO", "path-alone", loaded="", processing="")
    yield _case("DPO", "no-tokenizer", processing="")
    for data in ("preferences-chat", "preferences-implicit", "pairs", "chat", "text", "ratings"):
        yield _case("DPO", f"data-{data}", data=data)
    yield _case("DPO", "streamed", streamed=True)
    yield _case("DPO", "no-data", data="none")
    yield _case("DPO", "dict-of-splits", setup=["dataset = dataset.train_test_split(test_size=1)"])
    given = {"ref_model": Code("reference")}
    yield _case("DPO", "reference", arguments=given, setup=[REFERENCE])
    yield _case("DPO", "reference-path", arguments={"ref_model": "./model"}, loaded="")
    yield _case("DPO", "reference-same", arguments={"ref_model": Code("model")})
    yield _case("DPO", "reference-none", arguments={"ref_model": Code("None")})
    yield _case("DPO", "reference-kwargs", {"ref_model_init_kwargs": {"attn_implementation": "eager"}})
    yield _case(
        "DPO",
        "init-kwargs-loaded",
        {"model_init_kwargs": {"attn_implementation": "eager"}},
        hidden="`model_init_kwargs` has no effect",
    )
    yield _case("DPO", "init-kwargs", {"model_init_kwargs": {"attn_implementation": "eager"}}, loaded="")
    yield _case("DPO", "adapter", arguments={"peft_config": _LORA}, imports=_PEFT)
    adapted = {**given, "peft_config": _LORA}
    yield _case("DPO", "adapter-reference", arguments=adapted, imports=_PEFT, setup=[REFERENCE])
    for forced in (True, False):
        yield _case(
            "DPO", f"adapter-reference-forced-{forced}", {"force_use_ref_model": forced}, adapted, _PEFT, [REFERENCE]
        )
    sync = {"sync_ref_model": True, "ref_model_sync_steps": 1}
    yield _case("DPO", "synchronised", sync)
    yield _case("DPO", "synchronised-reference", sync, given, setup=[REFERENCE])
    yield _case("DPO", "synchronised-precomputed", {**sync, "precompute_ref_log_probs": True})
    yield _case("DPO", "synchronised-adapter", sync, {"peft_config": _LORA}, _PEFT)
    yield _case("DPO", "synchronised-adapter-reference", sync, adapted, _PEFT, [REFERENCE])
    yield _case(
        "DPO",
        "synchronised-adapter-reference-forced",
        {**sync, "force_use_ref_model": True},
        adapted,
        _PEFT,
        [REFERENCE],
    )
    yield _case("DPO", "precomputed", {"precompute_ref_log_probs": True})
    yield _case("DPO", "precomputed-streamed", {"precompute_ref_log_probs": True}, streamed=True)
    yield _case("DPO", "tokenizer-keyword", arguments={"processing_class": None, "tokenizer": Code("tokenizer")})
    yield _case("DPO", "beta-argument", arguments={"beta": 0.1})
    yield _case("DPO", "max-length-argument", arguments={"max_length": 64})
    yield _case("DPO", "unpadded", model="unpadded")
    yield _case("DPO", "bare-chat", model="bare", data="preferences-chat")
    yield from _of_other_rows("DPO")
    yield _case("DPO", "length-zero", {"max_length": 0})


def _of_other_rows(kind: str) -> Iterator[Case]:
    """Collators that are made for rows of another shape."""
    for name, made in (
        ("collator", "DataCollatorForLanguageModeling(tokenizer, mlm=False)"),
        ("collator-padding", "DataCollatorWithPadding(tokenizer)"),
    ):
        imports = [f"from transformers import {made.partition('(')[0]}"]
        model = {"model": "reward1"} if kind == "Reward" else {}
        yield _case(kind, name, {}, {"data_collator": Code(made)}, imports, **model)


def kto() -> Iterator[Case]:
    """KTO."""
    yield _case("KTO", "usual")
    yield _case("KTO", "path", loaded="")
    yield _case("KTO", "no-tokenizer", processing="")
    yield _case("KTO", "chat", data="ratings-chat")
    for data in ("preferences", "pairs", "chat"):
        yield _case("KTO", f"data-{data}", data=data)
    for size in (1, 2, 3, 4):
        yield _case("KTO", f"batch-{size}", {"per_device_train_batch_size": size})
    yield _case("KTO", "batch-1-accumulated", {"per_device_train_batch_size": 1, "gradient_accumulation_steps": 4})
    yield _case("KTO", "batch-1-unpaired", {"per_device_train_batch_size": 1, "loss_type": "apo_zero_unpaired"})
    for loss in ("kto", "apo_zero_unpaired", "bco", "sigmoid"):
        yield _case("KTO", f"loss-{loss}", {"loss_type": loss})
    for order in ("sequential", "random", "group_by_length"):
        yield _case("KTO", f"order-{order}", {"train_sampling_strategy": order})
    yield _case("KTO", "order-random-unpaired", {"train_sampling_strategy": "random", "loss_type": "apo_zero_unpaired"})
    yield _case("KTO", "eval", {**_EVAL}, {"eval_dataset": Code("dataset")})
    yield _case("KTO", "eval-batch-1", {**_EVAL, "per_device_eval_batch_size": 1}, {"eval_dataset": Code("dataset")})
    yield _case("KTO", "reference-same", arguments={"ref_model": Code("model")})
    yield _case("KTO", "reference", arguments={"ref_model": Code("reference")}, setup=[REFERENCE])
    yield _case("KTO", "adapter", arguments={"peft_config": _LORA}, imports=_PEFT)
    yield _case(
        "KTO",
        "adapter-reference",
        arguments={"peft_config": _LORA, "ref_model": Code("reference")},
        imports=_PEFT,
        setup=[REFERENCE],
    )
    sync = {"sync_ref_model": True, "ref_model_sync_steps": 1}
    yield _case("KTO", "synchronised", sync)
    yield _case("KTO", "synchronised-precomputed", {**sync, "precompute_ref_log_probs": True})
    yield _case("KTO", "synchronised-adapter", sync, {"peft_config": _LORA}, _PEFT)
    yield _case("KTO", "precomputed", {"precompute_ref_log_probs": True})
    yield _case("KTO", "prompt-length", {"max_prompt_length": 16})
    yield _case("KTO", "completion-length", {"max_completion_length": 16})
    yield _case("KTO", "weights", {"desirable_weight": 1.0, "undesirable_weight": 1.33})
    yield _case("KTO", "streamed", streamed=True)
    yield _case("KTO", "tokenizer-keyword", arguments={"processing_class": None, "tokenizer": Code("tokenizer")})
    yield _case("KTO", "bare-chat", model="bare", data="ratings-chat")
    yield _case("KTO", "no-data", data="none")
    yield _case("KTO", "dict-of-splits", setup=["dataset = dataset.train_test_split(test_size=1)"])
    yield from _of_other_rows("KTO")
    yield _case("KTO", "length-zero", {"max_length": 0})
    yield _case("KTO", "home", home="trl.experimental.kto", releases=">=0.26")


def reward() -> Iterator[Case]:
    """Reward models."""
    one = 'model = AutoModelForSequenceClassification.from_pretrained("./model", num_labels=1)'
    loader = ["from transformers import AutoModelForSequenceClassification"]
    made: dict[str, Any] = {"loaded": "", "imports": loader, "arguments": {"model": Code("model")}}
    for model in ("reward1", "reward2", "plain"):
        yield _case("Reward", f"path-{model}", model=model, loaded="")
        yield _case("Reward", f"loaded-{model}", model=model, hidden="" if model == "reward1" else _TWO)
        yield _case("Reward", f"one-label-{model}", model=model, setup=[one], **made)
        yield _case("Reward", f"path-kwargs-{model}", {"model_init_kwargs": {"num_labels": 1}}, model=model, loaded="")
    two = 'model = AutoModelForSequenceClassification.from_pretrained("./model", num_labels=2)'
    yield _case("Reward", "two-labels", model="plain", setup=[two], hidden=_TWO, **made)
    yield _case("Reward", "path-kwargs-two", {"model_init_kwargs": {"num_labels": 2}}, model="plain", loaded="")
    yield _case("Reward", "causal", hidden=_TWO, model="plain", loaded="AutoModelForCausalLM")
    for data in ("preferences", "preferences-chat", "chat", "pairs"):
        yield _case("Reward", f"data-{data}", model="reward1", data=data)
    yield _case("Reward", "no-tokenizer", model="reward1", processing="")
    yield _case("Reward", "path-alone", model="reward1", loaded="", processing="")
    yield _case("Reward", "bare-chat", model="bare", loaded="")
    yield _case("Reward", "no-data", data="none", model="reward1")
    splits = ["dataset = dataset.train_test_split(test_size=1)"]
    yield _case("Reward", "dict-of-splits", setup=splits, model="reward1")
    yield _case("Reward", "max-length", {"max_length": 8}, model="reward1")
    yield _case("Reward", "max-length-none", {"max_length": None}, model="reward1")
    yield _case("Reward", "max-length-some", {"max_length": 56}, model="reward1")
    yield _case("Reward", "length-zero", {"max_length": 0}, model="reward1")
    yield from _of_other_rows("Reward")
    yield _case("Reward", "centred", {"center_rewards_coefficient": 0.01}, model="reward1")
    yield _case("Reward", "eos-unknown", {"eos_token": "<|nowhere|>"}, model="reward1")
    yield _case("Reward", "pad-unknown", {"pad_token": "<|nowhere|>"}, model="reward1")
    yield _case("Reward", "eval", {**_EVAL}, {"eval_dataset": Code("dataset")}, model="reward1")
    yield _case(
        "Reward",
        "adapter",
        arguments={"peft_config": Code(_LORA.replace("CAUSAL_LM", "SEQ_CLS"))},
        imports=_PEFT,
        model="reward1",
    )
    yield _case(
        "Reward",
        "tokenizer-keyword",
        arguments={"processing_class": None, "tokenizer": Code("tokenizer")},
        model="reward1",
    )
    yield _case("Reward", "skip", {"dataset_kwargs": {"skip_prepare_dataset": True}}, model="reward1")
    yield _case("Reward", "unused-kept", {"remove_unused_columns": False}, model="reward1")


def distilled() -> Iterator[Case]:
    """Shares of distillation, which the configs check."""
    for home, releases in (("trl", "<0.29"), ("trl.experimental.gkd", ">=0.29")):
        for name, config in (
            ("usual", {}),
            ("lmbda-high", {"lmbda": 1.5}),
            ("lmbda-low", {"lmbda": -0.1}),
            ("beta-high", {"beta": 2}),
            ("edges", {"lmbda": 0.0, "beta": 1.0}),
        ):
            yield Case(
                f"gkd/{name}/{home}",
                trainer="GKDTrainer",
                config_class="GKDConfig",
                home=home,
                model="plain",
                loaded="AutoModelForCausalLM",
                processing="tokenizer",
                setup=['teacher = AutoModelForCausalLM.from_pretrained("./model")'],
                config={"max_new_tokens": 4, **config},
                arguments={"teacher_model": Code("teacher")},
                releases=releases,
            )
