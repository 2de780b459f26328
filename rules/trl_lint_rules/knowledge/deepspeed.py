"""What DeepSpeed's configuration says, and which of it transformers compares with the config.

Source: `HfTrainerDeepSpeedConfig.trainer_config_process` of transformers 4.46 to 5.24 (`integrations/deepspeed.py`),
and `DeepSpeedPlugin.__post_init__` of accelerate 1.2 to 1.15 for what its own configuration file gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from trl_lint.api import ABSENT, UNKNOWN, RunView, dataclass
from trl_lint_rules.knowledge import defaults

AUTO: Final = "auto"
# Of accelerate's configuration file; whatever else it says of DeepSpeed has no argument to be compared with.
_OF_ACCELERATE: Final = ("gradient_accumulation_steps", "gradient_clipping")
# Keys of DeepSpeed and the arguments that they must agree with.
_PAIRS: Final = (
    ("gradient_accumulation_steps", "gradient_accumulation_steps"),
    ("train_micro_batch_size_per_gpu", "per_device_train_batch_size"),
    ("gradient_clipping", "max_grad_norm"),
    ("optimizer.params.lr", "learning_rate"),
    ("optimizer.params.eps", "adam_epsilon"),
    ("optimizer.params.weight_decay", "weight_decay"),
    ("scheduler.params.warmup_max_lr", "learning_rate"),
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """DeepSpeed's configuration, and the file that holds it (None: the code does)."""

    data: Mapping[Any, Any]
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A key of DeepSpeed whose value is not that of the argument."""

    key: str
    value: Any
    argument: str
    other: Any


def configuration(run: RunView) -> Configuration | None:
    """The one that this run is trained with, None where there is none or it is not known."""
    given = defaults.made_with(run, "deepspeed")
    if isinstance(given, dict):
        return Configuration(given)
    if isinstance(given, str):
        found = run.data_file(given)
        return Configuration(found, given) if isinstance(found, dict) else None
    return _of_launcher(run) if given in (None, ABSENT) else None


def _of_launcher(run: RunView) -> Configuration | None:
    """That of the only command line which starts the run, if `accelerate` is told to use DeepSpeed."""
    if len(run.run.started) != 1:
        return None
    for word in run.run.started[0].files:
        found = run.data_file(word.text) if word.text else UNKNOWN
        if not isinstance(found, dict):
            continue
        if word.text and word.text.endswith(".json") and "distributed_type" not in found:
            return Configuration(found, word.text)  # --deepspeed_config_file
        inner = found.get("deepspeed_config")
        if found.get("distributed_type") != "DEEPSPEED" or not isinstance(inner, dict):
            continue
        named = inner.get("deepspeed_config_file")
        if named is None:
            return Configuration({key: inner[key] for key in _OF_ACCELERATE if key in inner}, word.text)
        data = run.data_file(named) if isinstance(named, str) else UNKNOWN
        return Configuration(data, named) if isinstance(data, dict) else None
    return None


def mismatches(run: RunView, found: Configuration) -> Iterator[Mismatch]:
    """What transformers refuses when training begins."""
    for key, argument in _PAIRS:
        value, other = _at(found.data, key), defaults.made_with(run, argument)
        if _is_number(value) and _is_number(other) and value != other:
            yield Mismatch(key, value, argument, other)
    whole = _at(found.data, "train_batch_size")
    parts = [defaults.whole(run, name) for name in ("per_device_train_batch_size", "gradient_accumulation_steps")]
    processes = run.processes() if _is_number(whole) else ()
    if len(processes) == 1 and parts[0] is not None and parts[1] is not None:
        size = parts[0] * parts[1] * processes[0][0]
        if whole != size:
            yield Mismatch("train_batch_size", whole, "per_device_train_batch_size", size)
    for kind in ("fp16", "bf16"):
        value, other = _at(found.data, f"{kind}.enabled"), _precision(run, kind)
        if isinstance(value, bool) and other is not None and value != other:
            yield Mismatch(f"{kind}.enabled", value, kind, other)


def _precision(run: RunView, kind: str) -> bool | None:
    """Whether the config asks for this precision; TRL's own configs take bf16 where nobody asks for anything."""
    given = [defaults.made_with(run, name) for name in (kind, f"{kind}_full_eval")]
    if given[1] is True or given[0] is True:
        return True
    if given[0] is None and kind == "bf16":
        half = defaults.made_with(run, "fp16")
        return None if half is UNKNOWN else half is not True
    if given[1] is UNKNOWN:
        return None
    return False if given[0] in (False, None) and given[0] is not UNKNOWN else None


def _at(data: Any, key: str) -> Any:
    """The value at a dotted key; None where there is none."""
    for part in key.split("."):
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
