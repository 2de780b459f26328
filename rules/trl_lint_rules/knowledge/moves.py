"""What to do instead of arguments that are gone without a successor, and of names that left TRL.

Sources: the deprecation texts of the last releases that had them (the facts hold them as notes), TRL's
MIGRATION.md (1.0), and for transformers 5 the text of its migration guide together with the two releases'
`training_args.py`. When each was removed is in the facts, never here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Gone(NamedTuple):
    """`advice` completes a sentence; `drop`: taking the argument out changes nothing, whatever its value
    (`harmless`: only where it has one of these values)."""

    advice: str
    classes: frozenset[str] = frozenset()
    drop: bool = False
    harmless: tuple[object, ...] = ()


def _of(*classes: str) -> frozenset[str]:
    return frozenset(classes)


_DPO = _of("DPOConfig", "DPOTrainer")
_PREFERENCE = _of("DPOConfig", "KTOConfig", "CPOConfig", "ORPOConfig", "BCOConfig", "DPOTrainer")
_GRPO = _of("GRPOConfig")
_RLOO = _of("RLOOConfig")
_SERVER = "start the server with `trl vllm-serve` and give it this option"

GONE: Final[Mapping[str, tuple[Gone, ...]]] = {
    # -- TRL: lengths and packing
    "max_prompt_length": (
        Gone(
            "leave out the rows with longer prompts before training (`dataset.filter(...)`)",
            _of("GRPOConfig", "RLOOConfig"),
        ),
        Gone("`max_length` bounds prompt and answer together; leave out longer prompts with `dataset.filter(...)`"),
    ),
    "max_completion_length": (Gone("`max_length` bounds prompt and answer together", _PREFERENCE),),
    "max_target_length": (Gone("`max_length` bounds prompt and answer together", _PREFERENCE),),
    "dataset_batch_size": (Gone("it had no use any more", drop=True),),
    "num_of_sequences": (Gone("the length of packed sequences is `max_length`", drop=True),),
    "chars_per_token": (Gone("the length of packed sequences is `max_length`, counted in tokens", drop=True),),
    "completion_only_loss": (
        Gone(
            "it takes `labels` of the rows, with -100 where nothing is to be learnt; SFTTrainer writes them itself",
            _of("DataCollatorForLanguageModeling"),
        ),
    ),
    "infinite": (Gone("repeat the data with `max_steps` or `num_train_epochs`", harmless=(None, False)),),
    # -- TRL: models
    "model_init": (Gone("make the model and pass it as `model`", harmless=(None,)),),
    "ref_model_init_kwargs": (
        Gone("make the reference model with these arguments and pass it as `ref_model`", harmless=(None,)),
    ),
    "is_encoder_decoder": (Gone("the trainer sees by itself what the model is", drop=True),),
    "force_use_ref_model": (Gone("a `ref_model` that is passed is used", drop=True),),
    "base_model_attribute_name": (Gone("the trainer finds the base model by itself", drop=True),),
    "model_adapter_name": (Gone("only the default adapter is trained", harmless=(None, "default")),),
    "ref_adapter_name": (
        Gone("the reference is the base model without its adapter, or a `ref_model` of your own", harmless=(None,)),
    ),
    "trust_remote_code": (
        Gone(
            "it is an argument of the trainer's config (`SFTConfig(trust_remote_code=True)`)",
            _of("ModelConfig"),
            harmless=(False,),
        ),
    ),
    # -- TRL: DPO
    "rpo_alpha": (
        Gone('combine the losses: `loss_type=["sigmoid", "sft"]`, `loss_weights=[1.0, alpha]`', harmless=(None,)),
    ),
    "reference_free": (Gone("CPO is the trainer without a reference", harmless=(None, False)),),
    "generate_during_eval": (Gone("generate in a callback (`LogCompletionsCallback`)", harmless=(None, False)),),
    "label_pad_token_id": (Gone("it is always -100", harmless=(-100, None)),),
    "padding_value": (Gone("name the token: `pad_token=...`", harmless=(None,)),),
    "use_logits_to_keep": (Gone("it has no effect any more", drop=True),),
    "use_num_logits_to_keep": (Gone("it has no effect any more", drop=True),),
    "tools": (Gone("give the tools in a column `tools` of the data set", _of("DPOConfig"), harmless=(None,)),),
    "judge": (Gone("judges left TRL: give reward functions as `reward_funcs`", harmless=(None,)),),
    # -- TRL: GRPO and RLOO
    "vllm_device": (
        Gone(
            'vLLM runs in the training processes (`vllm_mode="colocate"`) or as a server (`vllm_mode="server"`, '
            "`trl vllm-serve`)",
            _GRPO,
            harmless=(None, "auto"),
        ),
    ),
    "vllm_dtype": (Gone(_SERVER + " (`--dtype`)", _GRPO, harmless=(None, "auto")),),
    "vllm_max_model_len": (
        Gone(
            _SERVER + " (`--max_model_len`); in the training process it is `vllm_max_model_length`",
            _GRPO,
            harmless=(None,),
        ),
    ),
    "vllm_enable_prefix_caching": (Gone(_SERVER + " (`--enable_prefix_caching`)", _GRPO, harmless=(None, True)),),
    "total_episodes": (Gone("set `max_steps` (episodes / (gradient_accumulation_steps * num_generations))", _RLOO),),
    "token_level_kl": (Gone("RLOO was rewritten on GRPO's loop; the KL term is `beta`", _RLOO),),
    # -- TRL: command line
    "gradient_checkpointing_use_reentrant": (
        Gone('`gradient_checkpointing_kwargs={"use_reentrant": False}` of the config', harmless=(False,)),
    ),
    "ignore_extra_args": (
        Gone("`parse_args_and_config(return_remaining_strings=True)` gives the unknown ones back", _of("TrlParser")),
    ),
    # -- transformers.TrainingArguments
    "overwrite_output_dir": (
        Gone("the trainer never read it; checkpoints are resumed only where `resume_from_checkpoint` asks", drop=True),
    ),
    "logging_dir": (Gone("set the environment variable `TENSORBOARD_LOGGING_DIR`", harmless=(None,)),),
    "save_safetensors": (Gone("checkpoints are always safetensors", harmless=(True,)),),
    "use_mps_device": (Gone("a `mps` device is used where there is one", drop=True),),
    "fp16_opt_level": (Gone("apex is not supported any more", drop=True),),
    "half_precision_backend": (Gone("apex is not supported any more", harmless=("auto", "cpu_amp")),),
    "fp16_backend": (Gone("apex is not supported any more", harmless=("auto", "cpu_amp")),),
    "include_tokens_per_second": (Gone("count tokens with `include_num_input_tokens_seen`", harmless=(False,)),),
    "dispatch_batches": (Gone('`accelerator_config={"dispatch_batches": ...}`', harmless=(None,)),),
    "split_batches": (Gone('`accelerator_config={"split_batches": ...}`', harmless=(None,)),),
    "push_to_hub_organization": (Gone("`hub_model_id` takes `organization/name`", harmless=(None,)),),
    "fsdp_min_num_params": (Gone('`fsdp_config={"min_num_params": ...}`', harmless=(0,)),),
    "fsdp_transformer_layer_cls_to_wrap": (
        Gone('`fsdp_config={"transformer_layer_cls_to_wrap": ...}`', harmless=(None,)),
    ),
    "past_index": (Gone("it was for models that no longer exist", harmless=(-1,)),),
    "ray_scope": (Gone("it belongs to the search: `hyperparameter_search(scope=...)`", harmless=("last",)),),
    "jit_mode_eval": (Gone("use `torch_compile`", harmless=(False,)),),
    "use_ipex": (Gone("PyTorch itself has the optimisations", drop=True),),
    "use_legacy_prediction_loop": (Gone("there is one prediction loop", harmless=(False,)),),
    "mp_parameters": (Gone("SageMaker's launcher sets it", harmless=("",)),),
    "tpu_num_cores": (Gone("the launcher decides", harmless=(None,)),),
    "tp_size": (Gone("load the model with `tp_plan`", harmless=(0, 1)),),
}


def gone(name: str, cls: str) -> Gone | None:
    """What is known of the argument `name` of `cls`, which some release had and a newer one has not."""
    rows = GONE.get(name, ())
    return next((row for row in rows if not row.classes or cls in row.classes), None)


_PPO = "PPO left TRL in 1.13: stay below it (`trl<1.13`), or use GRPO or RLOO"
_NEXT_TO = "left TRL in 1.14: stay below it (`trl<1.14`)"
_JUDGES = "judges left TRL in 1.1: write a reward function (`reward_funcs`)"
_DIFFUSION = "training of diffusion models left TRL in 0.24: stay below it, or use diffusers' own examples"
_AVAILABLE = "ask the package itself (`importlib.util.find_spec(...)`)"

# What to do instead of a name of TRL that is nowhere any more.
NAMES_GONE: Final[Mapping[str, str]] = {
    "DataCollatorForCompletionOnlyLM": (
        "give the data as `prompt` and `completion` columns (the loss is then on the completion), or as "
        "`messages` with `SFTConfig(assistant_only_loss=True)`"
    ),
    "setup_chat_format": "`clone_chat_template(model, tokenizer, source)` takes the template of another model",
    "ConstantLengthDataset": "`SFTConfig(packing=True)` packs",
    "pack_examples": "`pack_dataset(dataset, seq_length)` packs a whole data set",
    "get_kbit_device_map": '`{"": PartialState().local_process_index}` with `accelerate.PartialState` is what it gave',
    "set_seed": "import it from transformers",
    "SUPPORTED_ARCHITECTURES": "nothing takes its place",
    "BestOfNSampler": "generate several completions and keep the best by your reward function",
    "TextEnvironment": "GRPOTrainer takes `tools` and `environment_factory`",
    "TextHistory": "GRPOTrainer takes `tools` and `environment_factory`",
    "IterativeSFTTrainer": "use SFTTrainer on each round's data",
    "IterativeSFTConfig": "use SFTConfig",
    "FDivergenceConstants": "`DPOConfig.f_divergence_type` takes plain text",
    "FDivergenceType": "`DPOConfig.f_divergence_type` takes plain text",
    "LengthSampler": "draw the lengths yourself (`random.randint`)",
    "DPODataCollatorWithPadding": "the trainers make their own collator; leave `data_collator` out",
    "RewardDataCollatorWithPadding": "the trainers make their own collator; leave `data_collator` out",
    "LLavaDataCollator": "the trainers make their own collator; leave `data_collator` out",
    "prepare_multimodal_messages_vllm": "`prepare_multimodal_messages` prepares them",
    "get_quantization_config": "make the `BitsAndBytesConfig` yourself",
    "AutoModelForCausalLMWithValueHead": _PPO,
    "AutoModelForSeq2SeqLMWithValueHead": _PPO,
    "PreTrainedModelWrapper": _PPO,
    "PPOConfig": _PPO,
    "PPOTrainer": _PPO,
    "PPOv2Config": _PPO,
    "PPOv2Trainer": _PPO,
    **dict.fromkeys(("BCOConfig", "BCOTrainer"), "BCO " + _NEXT_TO + ", or use `KTOTrainer`"),
    **dict.fromkeys(("PRMConfig", "PRMTrainer"), "PRM training " + _NEXT_TO),
    **dict.fromkeys(("NashMDConfig", "NashMDTrainer"), "Nash-MD " + _NEXT_TO + ", or use online DPO"),
    **dict.fromkeys(("XPOConfig", "XPOTrainer"), "XPO " + _NEXT_TO + ", or use online DPO"),
    **dict.fromkeys(
        ("BaseJudge", "BasePairwiseJudge", "BaseRankJudge", "BaseBinaryJudge", "AllTrueJudge", "HfPairwiseJudge"),
        _JUDGES,
    ),
    **dict.fromkeys(("OpenAIPairwiseJudge", "PairRMJudge", "RandomPairwiseJudge", "RandomRankJudge"), _JUDGES),
    "WinRateCallback": "it needed a judge, and " + _JUDGES,
    **dict.fromkeys(("AlignPropConfig", "AlignPropTrainer", "DDPOConfig", "DDPOTrainer"), _DIFFUSION),
    **dict.fromkeys(("DDPOStableDiffusionPipeline", "DefaultDDPOStableDiffusionPipeline"), _DIFFUSION),
    **dict.fromkeys(("DDPOPipelineOutput", "DDPOSchedulerOutput"), _DIFFUSION),
    **dict.fromkeys(
        ("MultitaskPromptEmbedding", "MultitaskPromptTuningConfig", "MultitaskPromptTuningInit"), "import it from peft"
    ),
    **dict.fromkeys(("is_peft_available", "is_wandb_available", "is_pil_available"), _AVAILABLE),
    **dict.fromkeys(("is_diffusers_available", "is_llm_blender_available", "is_rich_available"), _AVAILABLE),
}

# Names of TRL that go on under another one.
NAMES_RENAMED: Final[Mapping[str, str]] = {
    "PPOv2Config": "PPOConfig",
    "PPOv2Trainer": "PPOTrainer",
    "DPOScriptArguments": "ScriptArguments",
    "SFTScriptArguments": "ScriptArguments",
    "RewardScriptArguments": "ScriptArguments",
}
# Names that other packages of the same environment have.
NAMES_ELSEWHERE: Final[Mapping[str, str]] = {
    "set_seed": "transformers",
    "MultitaskPromptEmbedding": "peft.tuners.multitask_prompt_tuning",
    "MultitaskPromptTuningConfig": "peft",
    "MultitaskPromptTuningInit": "peft",
}
