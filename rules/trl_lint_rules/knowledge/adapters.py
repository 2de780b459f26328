"""The adapter that a run trains, and whether the model under it is quantised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trl_lint.api import ABSENT, UNKNOWN, Call, How, Instance, RunView, Value
from trl_lint_rules.knowledge import arguments, defaults

_BITS = ("load_in_4bit", "load_in_8bit")


def chain(run: RunView) -> Iterator[Instance]:
    """The model object that the trainer gets, and the objects it was made from, outermost first."""
    found = arguments.instance(run, "model")
    for _ in range(8):
        if found is None:
            return
        yield found
        found = _inner(run, found)


def _inner(run: RunView, made: Instance) -> Instance | None:
    value: Value | None = made.receiver
    if made.callee.startswith("peft.") and made.call is not None:
        first = made.call.keyword("model") or next(made.call.positional(), None)
        value = first.value if first is not None else None
    found = run.plain(value) if value is not None else None
    return found if isinstance(found, Instance) else None


def config_call(run: RunView) -> Call | None:
    """The call that makes the adapter's configuration: what the trainer is given, or `get_peft_model`."""
    made = arguments.instance(run, "peft_config")
    if made is None:
        made = next((each for each in (_given_to_wrapper(run, one) for one in chain(run)) if each), None)
    if made is None or made.call is None or made.mutations or not made.callee.startswith("peft."):
        return None
    return made.call if made.callee.endswith("Config") and made.call.open is None else None


def _given_to_wrapper(run: RunView, made: Instance) -> Instance | None:
    if made.callee != "peft.get_peft_model" or made.call is None:
        return None
    given = made.call.keyword("peft_config") or next(iter(list(made.call.positional())[1:]), None)
    found = run.plain(given.value) if given is not None else None
    return found if isinstance(found, Instance) else None


def lora(run: RunView) -> Call | None:
    """The call of `LoraConfig`, where that is the adapter."""
    call = config_call(run)
    return call if call is not None and call.last == "LoraConfig" else None


def keyword(run: RunView, call: Call, name: str) -> Any:
    """The value of an argument of the configuration; ABSENT, UNKNOWN."""
    given = call.keyword(name)
    return ABSENT if given is None else run.plain(given.value)


def targets(run: RunView, call: Call) -> list[str] | str | None:
    """`target_modules`: names, or one pattern (`all-linear`); None where not given or not known."""
    found = keyword(run, call, "target_modules")
    if isinstance(found, str):
        return found
    if isinstance(found, list | tuple) and all(isinstance(name, str) for name in found):
        return list(found)
    return None


def quantised(run: RunView) -> bool | None:
    """Whether bitsandbytes quantises the model while it is loaded; None where that is not known."""
    if run.run.model.how is How.NAME:
        return _named(run)
    objects = list(chain(run))
    loader = next((made for made in objects if made.callee.endswith(".from_pretrained")), None)
    if loader is None or loader.call is None or loader.callee.startswith("peft."):
        return None
    return _of_call(run, loader.call)


def _of_call(run: RunView, call: Call) -> bool | None:
    for name in _BITS:
        given = call.keyword(name)
        if given is not None:
            found = run.plain(given.value)
            return found if isinstance(found, bool) else None
    given = call.keyword("quantization_config")
    if given is not None and given.optional:
        return None  # what turns it on may turn the adapter on as well
    if given is None:
        return None if call.open is not None else False
    return _of_config(run, run.plain(given.value))


def _of_config(run: RunView, config: Any) -> bool | None:
    if config is None:
        return False
    if not isinstance(config, Instance) or config.callee.rpartition(".")[2] != "BitsAndBytesConfig":
        return None
    if config.call is None or config.call.open is not None:
        return None
    found = [run.plain(given.value) for name in _BITS if (given := config.call.keyword(name)) is not None]
    return True if True in found else None if UNKNOWN in found else False


def _named(run: RunView) -> bool | None:
    own = arguments.value(run, "quantization_config")
    if own not in (ABSENT, None):
        return _of_config(run, own)
    keywords = defaults.value(run, "model_init_kwargs")
    if keywords in (ABSENT, None):
        return False
    if not isinstance(keywords, dict):
        return None
    return _of_config(run, keywords.get("quantization_config"))


def attention(run: RunView) -> str | None:
    """`attn_implementation` as the code gives it; "" where it does not, None where that is not known."""
    if run.run.model.how is How.NAME:
        keywords = defaults.value(run, "model_init_kwargs")
        if keywords in (ABSENT, None):
            found = run.setting("attn_implementation") if run.run.recipe else ABSENT
        elif isinstance(keywords, dict):
            found = keywords.get("attn_implementation", ABSENT)
        else:
            return None
    else:
        loader = next((made for made in chain(run) if made.callee.endswith(".from_pretrained")), None)
        if loader is None or loader.call is None or loader.call.open is not None:
            return None
        old = loader.call.keyword("use_flash_attention_2")
        if old is not None:
            return "flash_attention_2" if run.plain(old.value) is True else None
        if loader.call.keyword("config") is not None:
            return None
        given = loader.call.keyword("attn_implementation")
        found = ABSENT if given is None else run.plain(given.value)
    if found in (ABSENT, None):
        return ""
    return found if isinstance(found, str) else None
