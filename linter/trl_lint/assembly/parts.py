"""The model, the processing class and the adapter of a run, from symbolic values."""

from __future__ import annotations

from trl_lint.dataclass import replace
from trl_lint.model.run import How, ModelUse, ProcessingUse
from trl_lint.model.span import Span
from trl_lint.model.value import Call, Instance, Known, Mutation, OneOf, Symbol, Unknown, Value

_LOADERS = ("from_pretrained",)
_WRAPPERS = {
    "peft.get_peft_model": True,
    "peft.PeftModel.from_pretrained": True,
    "peft.PeftModelForCausalLM.from_pretrained": True,
    "peft.prepare_model_for_kbit_training": False,
}
_CHAINED = frozenset({".to", ".cuda", ".cpu", ".bfloat16", ".half", ".float", ".train", ".eval"})
_UNSLOTH_MODELS = ("FastLanguageModel", "FastVisionModel", "FastModel", "FastTextModel")
_TEMPLATE_GIVERS = ("unsloth.chat_templates.get_chat_template", "unsloth.get_chat_template")  # give the tokenizer back
_TEMPLATE_SETTERS = ("setup_chat_format", "clone_chat_template")  # of TRL: take model and tokenizer, give both back


def first_argument(call: Call | None, *names: str) -> Value | None:
    """The first positional argument of `call`, or the one passed by one of `names`."""
    if call is None:
        return None
    for argument in call.arguments:
        if argument.name is None or argument.name in names:
            return argument.value
    return None


def _name_of(instance: Instance) -> Value:
    found = first_argument(instance.call, "pretrained_model_name_or_path", "model_name", "name")
    return found if found is not None else Unknown("no model is named", ())


def _revision_of(instance: Instance) -> Value:
    argument = instance.call.keyword("revision") if instance.call is not None else None
    return argument.value if argument is not None else Known(None)


def model_use(value: Value | None) -> ModelUse:
    """What the trainer gets as its model. `value` is one alternative; a `OneOf` of names."""
    if value is None:
        return ModelUse(How.ABSENT)
    if isinstance(value, OneOf) and any(isinstance(option.value, Known) for option in value.options):
        return ModelUse(How.NAME, name=value)
    if not isinstance(value, Known):
        reason = value.reason if isinstance(value, Unknown) else "it is one of several"
        return ModelUse(How.UNKNOWN, reason=reason)
    inner = value.value
    if isinstance(inner, str):
        return ModelUse(How.NAME, name=value)
    if isinstance(inner, Instance):
        return _model_of(inner)
    if inner is None:
        return ModelUse(How.ABSENT)
    return ModelUse(How.UNKNOWN, reason="it is no model that is understood")


def _model_of(instance: Instance) -> ModelUse:
    callee = instance.callee
    adapts = _WRAPPERS.get(callee, _is_unsloth(callee, "get_peft_model"))
    if callee in _WRAPPERS or callee in _CHAINED or adapts:
        base = instance.receiver if callee in _CHAINED else first_argument(instance.call, "model")
        inner = model_use(base)
        return ModelUse(
            inner.how,
            inner.name,
            inner.loader,
            instance.span,
            inner.revision,
            inner.nameless,
            inner.adapted or adapts,
            inner.instance,
            inner.reason,
        )
    if callee.startswith("["):
        return _model_of_tuple(instance)
    if callee.rpartition(".")[2] in _LOADERS and callee.startswith("transformers."):
        return ModelUse(
            How.LOADED,
            _name_of(instance),
            callee.rpartition(".")[0],
            instance.span,
            _revision_of(instance),
            instance=instance,
        )
    made = _made_from_config(instance)
    if made is not None:
        return made
    return ModelUse(How.UNKNOWN, span=instance.span, instance=instance, reason=f"what `{callee}` gives is not known")


def _model_of_tuple(instance: Instance) -> ModelUse:
    maker = _maker_of_tuple(instance)
    if maker is not None and instance.callee == "[0]":
        if _is_unsloth(maker.callee, "from_pretrained"):
            owner = maker.callee.rpartition(".")[0]
            return ModelUse(How.LOADED, _name_of(maker), owner, instance.span, instance=instance)
        if _sets_template(maker):
            return model_use(first_argument(maker.call, "model"))
    return ModelUse(How.UNKNOWN, span=instance.span, reason="it comes out of a tuple that is not understood")


def _maker_of_tuple(instance: Instance) -> Instance | None:
    """The object that `instance` is a part of."""
    base = instance.receiver
    return base.value if isinstance(base, Known) and isinstance(base.value, Instance) else None


def _is_unsloth(callee: str, method: str) -> bool:
    owner, _, last = callee.rpartition(".")
    return last == method and owner.rpartition(".")[2] in _UNSLOTH_MODELS


def _sets_template(maker: Instance) -> bool:
    return maker.callee.startswith("trl.") and maker.callee.rpartition(".")[2] in _TEMPLATE_SETTERS


def _made_from_config(instance: Instance) -> ModelUse | None:
    """`SomeModel(config)` and `AutoModel....from_config(config)`: a model without weights of its own."""
    if not instance.callee.startswith("transformers.") or instance.call is None:
        return None
    loader = instance.callee.removesuffix(".from_config")
    config = first_argument(instance.call, "config")
    if not (isinstance(config, Known) and isinstance(config.value, Instance)):
        return None
    source = config.value
    if source.callee.startswith("transformers.") and source.callee.endswith("Config"):
        # A configuration written out in the code belongs to no repository.
        return ModelUse(How.MADE, Known(""), loader, instance.span, nameless=True, instance=instance)
    if source.callee.rpartition(".")[2] != "from_pretrained" or "Config" not in source.callee:
        return None
    nameless = any(
        m.kind == "set" and m.name in ("_name_or_path", "name_or_path") and m.value == Known("", m.value.trail)
        for m in source.mutations
    )
    return ModelUse(How.MADE, _name_of(source), loader, instance.span, nameless=nameless, instance=instance)


def is_processing_loader(callee: str) -> bool:
    """Whether `callee` loads a tokenizer, processor or image processor of transformers."""
    owner, _, method = callee.rpartition(".")
    name = owner.rpartition(".")[2]
    return (
        method == "from_pretrained"
        and owner.startswith("transformers.")
        and (name.endswith(("Tokenizer", "TokenizerFast", "Processor", "FeatureExtractor")))
    )


def processing_use(value: Value | None) -> ProcessingUse:
    """What the trainer gets as its processing class. `value` is one alternative, never a `OneOf`."""
    if value is None:
        return ProcessingUse(How.ABSENT)
    if not isinstance(value, Known):
        reason = value.reason if isinstance(value, Unknown) else "it is one of several"
        return ProcessingUse(How.UNKNOWN, reason=reason)
    inner = value.value
    if inner is None:
        return ProcessingUse(How.ABSENT)
    if isinstance(inner, Instance):
        return processing_of(inner)
    if isinstance(inner, Symbol):
        return ProcessingUse(How.UNKNOWN, reason=f"what `{inner.name}` is, is not known")
    return ProcessingUse(How.OTHER, name=value, reason=type(inner).__name__)


def processing_of(instance: Instance) -> ProcessingUse:
    """The tokenizer or processor that `instance` is."""
    if is_processing_loader(instance.callee):
        return ProcessingUse(
            How.LOADED,
            instance.callee.rpartition(".")[0],
            _name_of(instance),
            None,
            instance.span,
            instance.mutations,
            instance,
            instance.variable,
            _revision_of(instance),
        )
    if instance.callee in _TEMPLATE_GIVERS:
        inner = processing_use(first_argument(instance.call, "tokenizer"))
        return _with_template(inner, instance.callee, instance.span, instance)
    maker = _maker_of_tuple(instance)
    if maker is not None and instance.callee == "[1]":
        return _processing_of_tuple(instance, maker)
    base = instance.receiver
    if instance.callee == ".tokenizer" and isinstance(base, Known) and isinstance(base.value, Instance):
        whole = processing_of(base.value)
        return ProcessingUse(
            whole.how,
            whole.loader,
            whole.name,
            "tokenizer",
            instance.span,
            (*whole.edits, *instance.mutations),
            instance,
            instance.variable,
            whole.revision,
            whole.reason,
        )
    return ProcessingUse(
        How.UNKNOWN, span=instance.span, instance=instance, reason=f"what `{instance.callee}` gives is not known"
    )


def _processing_of_tuple(instance: Instance, maker: Instance) -> ProcessingUse:
    """The second of what Unsloth loads, or of what TRL gives a chat template."""
    if _is_unsloth(maker.callee, "from_pretrained"):
        owner = maker.callee.rpartition(".")[0]
        return ProcessingUse(
            How.LOADED, owner, _name_of(maker), None, instance.span, instance.mutations, instance, instance.variable
        )
    if _sets_template(maker) and maker.call is not None:
        inner = processing_use(_second_argument(maker.call, "tokenizer", "processing_class"))
        return _with_template(inner, maker.callee, maker.span, instance)
    return ProcessingUse(How.UNKNOWN, span=instance.span, instance=instance, reason="it comes out of a tuple")


def _with_template(inner: ProcessingUse, setter: str, span: Span, instance: Instance) -> ProcessingUse:
    """A tokenizer as a function gives it back that has set its template."""
    what = setter.rpartition(".")[2]
    changed = Mutation("escape", what, Unknown(f"`{what}` sets the template and its tokens"), span)
    return replace(inner, edits=(*inner.edits, changed, *instance.mutations), variable=instance.variable)


def _second_argument(call: Call, *names: str) -> Value | None:
    """The second positional argument of `call`, or the one passed by one of `names`."""
    positional = list(call.positional())
    if len(positional) > 1:
        return positional[1].value
    return next((argument.value for argument in call.arguments if argument.name in names), None)
