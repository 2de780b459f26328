"""The runs that `trl sft ...` and its like start, wherever such a command line stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from trl_lint.assembly.flags import settings_of
from trl_lint.assembly.recipe_runs import data_set
from trl_lint.dataclass import dataclass, replace
from trl_lint.model.command import Command
from trl_lint.model.launch import SCRIPT, TRL, Flags, Launch, flags
from trl_lint.model.run import How, ModelUse, ProcessingUse, Run, Setting, Settings
from trl_lint.model.value import Arm, Known, Unknown, Value, options
from trl_lint.shell import accelerate
from trl_lint.shell.launchers import whole

if TYPE_CHECKING:
    from trl_lint.recipes.recipe import Recipe

# The recipe that a launch names by this path; None where it is not at hand or no recipe.
RecipeOf = Callable[[Launch, str], "Recipe | None"]
_CONFIG = "--config"


@dataclass(frozen=True, slots=True)
class _Read:
    """What a command's `--config` brings: settings, why there may be others, and the file."""

    settings: Mapping[str, Setting]
    open: str | None = None
    recipe: Recipe | None = None
    when: tuple[Arm, ...] = ()


def runs(launches: Sequence[Launch], commands: Sequence[Command], recipe_of: RecipeOf) -> tuple[Run, ...]:
    """The runs of these launches: one for each command of TRL, and for each recipe that it may read."""
    by_name = {command.name: command for command in commands}
    found: list[Run] = []
    for launch in launches:
        command, script = command_of(launch, by_name)
        if command is not None:
            given = flags(launch.words)
            found += (_run(launch, command, script, given, read) for read in _recipes(launch, given, recipe_of))
    return tuple(found)


def command_of(launch: Launch, commands: Mapping[str, Command]) -> tuple[Command | None, bool]:
    """The sub-command that a launch means, and whether its script is started by itself."""
    if launch.kind == TRL:
        return commands.get(launch.target), False
    target = launch.target.removesuffix(".py").replace("/", ".") if launch.kind == SCRIPT else launch.target
    for command in commands.values():
        if any(target == module or target.endswith("." + module) for module in command.modules):
            return command, True
    return None, False


def _recipes(launch: Launch, given: Flags, recipe_of: RecipeOf) -> Iterator[_Read]:
    flag = given.last(_CONFIG)
    if flag is None:
        yield _Read({})
        return
    value: Value = flag.words[0].value if flag.words else Unknown("`--config` names no file")
    for option in options(value):
        each, when = option.value, option.when
        if isinstance(each, Unknown) or not isinstance(each.value, str):
            reason = each.reason if isinstance(each, Unknown) else "no name of a file"
            yield _Read({}, f"the recipe is {reason}", None, when)
            continue
        recipe = recipe_of(launch, each.value)
        if recipe is None:
            yield _Read({}, f"the recipe `{each.value[-60:]}` is not at hand", None, when)
        else:
            broken = "the recipe cannot be read" if recipe.problems and not recipe.settings else None
            yield _Read(recipe.settings, broken, recipe, when)


def _run(launch: Launch, command: Command, script: bool, given: Flags, read: _Read) -> Run:
    source = launch.source
    if read.recipe is not None:
        source = replace(source, others={read.recipe.source.path: read.recipe.source})
    own = settings_of(given, command.fields, source.path)
    own.pop("config", None)
    launching = [name for name in own if name not in command.fields and accelerate.is_option(name)]
    of_accelerate = {name: own.pop(name) for name in launching}
    settings = {**read.settings}
    for name, setting in own.items():
        before = settings.pop(name, None)
        if setting.optional and before is not None:
            setting = replace(before, value=Unknown(f"`--{name}` is given on some paths"))
        settings[name] = setting
    named = settings.get("model_name_or_path")
    model = ModelUse(How.NAME, name=named.value) if named is not None else ModelUse(How.UNKNOWN, reason=_nameless(read))
    return Run(
        source,
        launch.target_span,
        command.trainer,
        None,
        command.trainer.removesuffix("Trainer") + "Config",
        None,
        Settings(settings, given.open or read.open),
        Settings(open=f"`trl {command.name}` makes the trainer"),
        model,
        ProcessingUse(How.UNKNOWN, reason=f"`trl {command.name}` makes it"),
        (),
        data_set(settings),
        Known(None),
        when=(*launch.when, *read.when),
        recipe=True,
        command=command.name,
        script=script,
        started=(replace(launch, processes=_processes(launch, script, of_accelerate, read)),),
    )


def _nameless(read: _Read) -> str:
    return read.open or "the command names no model"


def _processes(launch: Launch, script: bool, given: Mapping[str, Setting], read: _Read) -> Value:
    if script:
        return launch.processes
    setting = given.get("num_processes")
    if setting is not None:
        word = next((w for w in launch.words if w.span == setting.value_span), None)
        return whole(word.value) if word is not None else Unknown("`--num_processes` is no number")
    in_recipe = read.settings.get("num_processes")
    if in_recipe is not None:
        return in_recipe.value
    return launch.processes
