"""The options of `accelerate launch`, which the `trl` command takes too (accelerate 1.15, `commands/launch.py`)."""

from __future__ import annotations

SWITCHES = frozenset(
    {"cpu", "multi_gpu", "tpu", "ipex", "use_xpu", "enable_cpu_affinity", "dynamo_use_fullgraph", "dynamo_use_dynamic"}
    | {"dynamo_use_regional_compilation", "use_deepspeed", "use_fsdp", "use_parallelism_config", "use_megatron_lm"}
    | {"same_network", "module", "no_python", "tpu_cluster", "no_tpu_cluster", "tpu_use_sudo", "downcast_bf16", "debug"}
    | {"fp8_use_autocast_during_eval", "quiet"}
)

VALUED = frozenset(
    {"config_file", "mixed_precision", "num_processes", "num_machines", "num_cpu_threads_per_process", "gpu_ids"}
    | {
        "dynamo_backend",
        "dynamo_mode",
        "machine_rank",
        "main_process_ip",
        "main_process_port",
        "tee",
        "log_dir",
        "role",
    }
    | {"rdzv_backend", "rdzv_conf", "max_restarts", "monitor_interval", "vm", "env", "main_training_function"}
    | {"deepspeed_config_file", "zero_stage", "offload_optimizer_device", "offload_param_device", "gradient_clipping"}
    | {"offload_optimizer_nvme_path", "offload_param_nvme_path", "gradient_accumulation_steps", "zero3_init_flag"}
    | {"zero3_save_16bit_model", "deepspeed_hostfile", "deepspeed_exclusion_filter", "deepspeed_inclusion_filter"}
    | {"deepspeed_multinode_launcher", "deepspeed_moe_layer_cls_names", "fsdp_version", "fsdp_offload_params"}
    | {"fsdp_min_num_params", "fsdp_sharding_strategy", "fsdp_reshard_after_forward", "fsdp_auto_wrap_policy"}
    | {"fsdp_transformer_layer_cls_to_wrap", "fsdp_backward_prefetch", "fsdp_backward_prefetch_policy"}
    | {"fsdp_state_dict_type", "fsdp_forward_prefetch", "fsdp_use_orig_params", "fsdp_cpu_ram_efficient_loading"}
    | {"fsdp_sync_module_states", "fsdp_activation_checkpointing", "fsdp_activation_checkpointing_offload"}
    | {"fp8_backend", "fp8_margin", "fp8_interval", "fp8_format", "fp8_amax_history_len", "fp8_amax_compute_algo"}
    | {"fp8_override_linear_precision", "fp8_opt_level", "fp8_enable_fsdp_float8_all_gather", "fp8_pad_inner_dim"}
    | {"aws_access_key_id", "aws_secret_access_key", "mpirun_hostfile", "mpirun_ccl"}
)
_FAMILIES = ("megatron_lm_", "parallelism_config_")


def is_option(name: str) -> bool:
    """Whether `--name` is an option of `accelerate launch`, or the `--accelerate_config` that `trl` turns into one."""
    return name in SWITCHES or name in VALUED or name == "accelerate_config" or name.startswith(_FAMILIES)


def takes_value(option: str) -> bool:
    """Whether an option as written (`--num_processes`, `-q`) is followed by its value."""
    return option.lstrip("-") not in SWITCHES and option not in ("-q", "-m")
