"""The runs of a script or notebook: each trainer with its config, and each config or trainer alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from trl_lint.assembly.parts import is_processing_loader, model_use, processing_of, processing_use
from trl_lint.assembly.settings import of_call, of_config
from trl_lint.model.module import Module
from trl_lint.model.run import How, ProcessingUse, Run, Settings
from trl_lint.model.span import Span
from trl_lint.model.value import Arm, Call, Instance, Known, OneOf, Unknown, Value, options

# The order that SFTTrainer has had since 0.9 (the facts of every release agree). Of other trainers only the first
# parameter has stayed where it is; their config is known by its class (see `_named`).
_POSITIONS = {
    "SFTTrainer": ("model", "args", "data_collator", "train_dataset", "eval_dataset", "processing_class"),
}
_PATCHERS = ("unsloth",)
_UNSLOTH = {"UnslothTrainer": "SFTTrainer", "UnslothTrainingArguments": "SFTConfig"}  # its subclasses of these
_EXPANSIONS = 16


def class_of(call: Call) -> str | None:
    """The TRL (or transformers) class that `call` makes, `SFTTrainer`, `SFTConfig` ...: the call's own, or the
    nearest known ancestor of a class of the project."""
    for name in (call.callee, *call.bases):
        root, _, _ = name.partition(".")
        last = name.rpartition(".")[2]
        if root == "trl" and last.endswith(("Trainer", "Config", "Arguments")) and last[:1].isupper():
            return last
        if root == "transformers" and last.endswith("TrainingArguments"):
            return last
        if root == "unsloth" and last in _UNSLOTH:
            return _UNSLOTH[last]
    return None


def runs(module: Module) -> tuple[Run, ...]:
    """All runs of `module`, in the order of the source."""
    found: list[Run] = []
    used: set[Span] = set()
    for call in module.calls:
        made = class_of(call)
        if made is not None and made.endswith("Trainer"):
            for run in _trainer_runs(module, call, made):
                found.append(run)
                if run.config_call is not None:
                    used.add(run.config_call.span)
    for call in module.calls:
        made = class_of(call)
        elsewhere = call.span.path != module.source.path  # what no trainer uses is judged when that file is checked
        if made is not None and not made.endswith("Trainer") and call.span not in used and not elsewhere:
            found.append(
                Run(
                    module.source,
                    call.func_span,
                    config=made,
                    config_call=call,
                    settings=of_call(call),
                    guards=call.guards,
                    when=call.when,
                    patched_by=_patched_by(module),
                )
            )
    return tuple(sorted(found, key=lambda run: (run.anchor.path != module.source.path, run.anchor.start)))


def _patched_by(module: Module) -> str | None:
    return next((package for package in _PATCHERS if module.imports_package(package)), None)


def _arms_agree(arms: Sequence[Arm]) -> bool:
    chosen: dict[int, int] = {}
    return all(chosen.setdefault(arm.branch, arm.index) == arm.index for arm in arms)


def _split(value: Value) -> Iterator[tuple[Value, tuple[Arm, ...]]]:
    """The alternatives that make different runs. A name that the command line may replace makes one run."""
    found = options(value)
    unknown = [option for option in found if isinstance(option.value, Unknown) and not option.when]
    named = [o for o in found if isinstance(o.value, Known) and isinstance(o.value.value, str) and not o.when]
    if not (unknown and named):
        yield from ((option.value, option.when) for option in found)
        return
    together = {id(option) for option in (*named, *unknown)}
    yield OneOf((*named, *unknown), value.trail), ()
    yield from ((option.value, option.when) for option in found if id(option) not in together)


def _alternatives(values: Sequence[Value | None]) -> Iterator[tuple[list[Value | None], tuple[Arm, ...]]]:
    """Every consistent combination of the alternatives of `values`, with the arms that it takes."""
    spread = [[(None, ())] if value is None else list(_split(value)) for value in values]
    size = 1
    for each in spread:
        size *= len(each)
    if size > _EXPANSIONS:
        unknown = Unknown("there are too many alternatives")
        yield [unknown if len(each) > 1 else value for value, each in zip(values, spread, strict=True)], ()
        return
    for combination in product(*spread):
        arms = tuple(arm for _, when in combination for arm in when)
        if _arms_agree(arms):
            yield [value for value, _ in combination], arms


def _trainer_runs(module: Module, call: Call, trainer: str) -> Iterator[Run]:
    arguments = _named(of_call(call, _POSITIONS.get(trainer, ("model",))))
    parts = [_value(arguments, "args"), _value(arguments, "model"), _value(arguments, "processing_class", "tokenizer")]
    for (args, model, processing), arms in _alternatives(parts):
        if not _arms_agree((*call.when, *arms)):
            continue
        config, config_call, settings = _config(args, arguments, trainer)
        use = processing_use(processing)
        guards = (*call.guards, *(config_call.guards if config_call is not None else ()))
        yield Run(
            module.source,
            call.func_span,
            trainer,
            call,
            config,
            config_call,
            settings,
            arguments,
            model_use(model),
            use,
            _spare(module, call, use),
            _value(arguments, "train_dataset") or Known(None),
            _value(arguments, "eval_dataset") or Known(None),
            guards,
            (*call.when, *arms),
            _patched_by(module),
        )


def _named(arguments: Settings) -> Settings:
    """Old scripts pass the config by position elsewhere; its class tells what it is."""
    items = dict(arguments.items)
    for name, setting in arguments.items.items():
        value = setting.value
        if name.startswith("#") and isinstance(value, Known) and isinstance(value.value, Instance):
            made = value.value.call
            if made is not None and (class_of(made) or "").endswith(("Config", "TrainingArguments")):
                items.setdefault("args", setting)
    return Settings(items, arguments.open)


def _value(arguments: Settings, *names: str) -> Value | None:
    """The value passed by one of `names`; None: not passed; Unknown where it may be."""
    for name in names:
        setting = arguments.get(name)
        if setting is not None:
            return Unknown(f"`{name}` is passed on some paths only") if setting.optional else setting.value
    return Unknown(arguments.open) if arguments.open is not None else None


def _config(args: Value | None, arguments: Settings, trainer: str) -> tuple[str | None, Call | None, Settings]:
    """The config class, the call that made it, and its settings. Without one the trainer takes its defaults."""
    default = trainer.removesuffix("Trainer") + "Config"
    if args is None and any(_may_be_config(name, setting.value) for name, setting in arguments.items.items()):
        return None, None, Settings(open="an argument passed by position may be the config")
    if args is None or (isinstance(args, Known) and args.value is None):
        return default, None, Settings(open=arguments.open)
    if isinstance(args, Known) and isinstance(args.value, Instance):
        call, settings = of_config(args.value)
        made = class_of(call) if call is not None else None
        if made is not None:
            return made, call, settings
        return None, None, Settings(open=f"what `{args.value.callee}` gives is not known")
    reason = args.reason if isinstance(args, Unknown) else "it is no configuration that is understood"
    return None, None, Settings(open=reason)


def _may_be_config(name: str, value: Value) -> bool:
    """Whether an argument without a name may be the config object: its value is not known."""
    return name.startswith("#") and not isinstance(value, Known)


def _spare(module: Module, call: Call, passed: ProcessingUse) -> tuple[ProcessingUse, ...]:
    """Tokenizers and processors that exist where the trainer is made and are not what it gets."""
    given = passed.instance.ident if passed.instance is not None else None
    found = []
    for instance in module.instances:
        if instance.ident == given or not is_processing_loader(instance.callee):
            continue
        scope = instance.call.scope if instance.call is not None else ""
        if instance.span.path != call.span.path:
            continue
        if instance.span.end <= call.span.start and (scope in ("", call.scope)):
            use = processing_of(instance)
            if use.how is not How.UNKNOWN:
                found.append(use)
    return tuple(found)
