"""The arguments of a call, with what was done to the object afterwards, as settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trl_lint.model.run import Origin, Setting, Settings
from trl_lint.model.value import Argument, Call, Instance, Known, Mutation

_ORIGINS = {
    "keyword": Origin.KEYWORD,
    "splat": Origin.SPLAT,
    "positional": Origin.POSITIONAL,
    "read": Origin.READ,
    "default": Origin.PARSER_DEFAULT,
    "flag": Origin.FLAG,
    "recipe": Origin.YAML,
}


def of_call(call: Call, positions: Sequence[str] = ()) -> Settings:
    """The arguments of `call` by name; a positional one takes its name from `positions` (or `#0`, `#1` ...)."""
    items: dict[str, Setting] = {}
    position = 0
    for argument in call.arguments:
        name = argument.name
        if name is None:
            name = positions[position] if position < len(positions) else f"#{position}"
            position += 1
        items[name] = _setting(name, argument)
    own = None
    if call.bases and not call.parsed:
        own = f"`{call.callee}` is a class of this project and may take arguments of its own"
    return Settings(items, call.open or own, call.parsed and call.open is not None)


def _setting(name: str, argument: Argument) -> Setting:
    return Setting(
        name,
        argument.value,
        argument.span,
        argument.value_span,
        _ORIGINS.get(argument.via, Origin.KEYWORD),
        argument.optional,
    )


def of_config(instance: Instance) -> tuple[Call | None, Settings]:
    """The call that made a config object and its settings, later assignments included.

    `dataclasses.replace(config, ...)` counts as the call that made `config` with other settings.
    """
    call = instance.call
    if call is None:
        return None, Settings(open="how this object was made is not known")
    settings = of_call(call)
    made = call
    if instance.callee == "dataclasses.replace":
        base = next((a.value for a in call.positional()), None)
        overrides = {name: item for name, item in settings.items.items() if not name.startswith("#")}
        if not (isinstance(base, Known) and isinstance(base.value, Instance)):
            return call, Settings(overrides, "what `dataclasses.replace` was given is not known")
        inner, before = of_config(base.value)
        made = inner or call
        settings = Settings({**before.items, **overrides}, before.open or settings.open)
    return made, _mutated(settings, instance.mutations)


def _mutated(settings: Settings, mutations: Sequence[Mutation]) -> Settings:
    items: Mapping[str, Setting] = settings.items
    reason = settings.open
    for mutation in mutations:
        if mutation.kind == "set" and "." not in mutation.name:
            setting = Setting(
                mutation.name, mutation.value, mutation.span, mutation.span, Origin.ASSIGNED, mutation.optional
            )
            if mutation.optional and mutation.name in items:
                # Either value may hold; claiming one of them would be a guess.
                setting = items[mutation.name]
                setting = Setting(
                    setting.name, setting.value, setting.span, setting.value_span, setting.origin, optional=True
                )
            items = {**items, mutation.name: setting}
        elif mutation.kind == "escape":
            reason = reason or f"`{mutation.name}` may change it"
            items = {
                name: Setting(s.name, s.value, s.span, s.value_span, s.origin, optional=True)
                for name, s in items.items()
            }
    return Settings(items, reason, settings.outside and reason == settings.open)
