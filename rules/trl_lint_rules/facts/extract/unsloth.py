"""What Unsloth makes of TRL's classes: the fields that it adds, and what becomes of arguments that TRL does not take.

Unsloth writes subclasses of TRL's configs and trainers as text when it is imported, and wraps the trainers'
constructors. Only the places that decide on arguments are read; how they have looked is in the docstrings.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trl_lint_rules.facts.extract.errors import reading
from trl_lint_rules.facts.extract.tree import Tree

_CONFIG = "unsloth.models.rl"
_FILTER = "unsloth.models.rl_config_compat"
_TRAINER = "unsloth.trainer"

# A field in the text of a generated config class: `unsloth_num_chunks : Optional[int] = field(`.
_FIELD = re.compile(r"^[ \t]*([a-z]\w*)[ \t]*:[ \t]*[\w\[\], ]+=[ \t]*field\(", re.MULTILINE)

# What becomes of a config's argument that a trainer is given beside `args`.
LEFT = "left"  # the trainer gets it as it is
REBUILT = "rebuilt"  # a new config is made with it
DROPPED = "dropped"  # it is thrown away without a word
KEPT = "kept"  # it is set on the config


def patches(tree: Tree) -> dict[str, dict[str, object]]:
    """Groups: `config` (added fields), `renamed`, `retired` (old arguments that the configs still take), `arguments`
    (what `UnslothTrainingArguments` adds), `handling` (of config and trainer arguments, see `_handling`)."""
    found: dict[str, dict[str, object]] = {"handling": _handling(tree)}
    if _CONFIG in tree.modules:
        with reading(tree, _CONFIG, "the generated configs"):
            found["config"] = dict.fromkeys(_added_fields(tree.parsed(_CONFIG)), 1)
    if _FILTER in tree.modules:
        with reading(tree, _FILTER, "the tables of old arguments"):
            found["renamed"] = dict(_table(tree, ("TRL_CONFIG_RENAMES", "TRANSFORMERS_CONFIG_RENAMES")))
            retired = _table(tree, ("TRL_REMOVED_FIELD_ADVICE", "TRANSFORMERS_REMOVED_FIELD_ADVICE"))
            found["retired"] = {name: 1 for name, _ in retired}
    with reading(tree, _TRAINER, "UnslothTrainingArguments"):
        found["arguments"] = dict.fromkeys(_own_arguments(tree), 1)
    return found


def _added_fields(module: ast.Module) -> list[str]:
    texts = (node.value for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return list(dict.fromkeys(name for text in texts for name in _FIELD.findall(text)))


def _table(tree: Tree, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in names:
        binding = tree.bindings(_FILTER).get(name)
        if binding is not None and isinstance(binding.node, ast.Dict):
            for key, value in zip(binding.node.keys, binding.node.values, strict=True):
                yield ast.literal_eval(key) if key is not None else "", ast.literal_eval(value)


def _own_arguments(tree: Tree) -> list[str]:
    binding = tree.bindings(_TRAINER).get("UnslothTrainingArguments")
    if binding is None or not isinstance(binding.node, ast.ClassDef):
        return []
    if binding.node.decorator_list:  # a dataclass, in the first releases
        targets = (s.target for s in binding.node.body if isinstance(s, ast.AnnAssign))
        return [target.id for target in targets if isinstance(target, ast.Name)]
    init = next(s for s in binding.node.body if isinstance(s, ast.FunctionDef) and s.name == "__init__")
    named = [argument.arg for argument in (*init.args.args[1:], *init.args.kwonlyargs)]
    # Some are taken out of the keywords by name.
    calls = (node for node in ast.walk(init) if isinstance(node, ast.Call) and ast.unparse(node.func) == "kwargs.pop")
    taken = (call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant))
    return list(dict.fromkeys([*named, *(str(name) for name in taken)]))


def _handling(tree: Tree) -> dict[str, object]:
    """`config`: whether arguments that no field takes are `filtered` (dropped with a message) or `passed` on to TRL.
    `trainer`: what becomes of a config's argument given to the trainer beside `args` (LEFT, REBUILT ...).
    `unknown`: whether there what nobody takes is `raised` or `dropped`."""
    found: dict[str, object] = {"config": "passed", "trainer": LEFT, "unknown": "raised"}
    if _FILTER in tree.modules and "filter_config_init_kwargs" in tree.bindings(_FILTER):
        found["config"] = "filtered"
    with reading(tree, _TRAINER, "the wrapper of the trainers"):
        bindings = tree.bindings(_TRAINER)
        wrapper = bindings.get("_backwards_compatible_trainer")
        if wrapper is not None:
            called = {ast.unparse(node.func) for node in ast.walk(wrapper.node) if isinstance(node, ast.Call)}
            spared = "isinstance" in called  # a config that is one already is not made anew
            found["trainer"] = KEPT if "setattr" in called else DROPPED if spared else REBUILT
            routed = "_route_unknown_trainer_kwargs" in called
            found["unknown"] = "raised" if routed or found["trainer"] == REBUILT else "dropped"
    return found


def preparation(tree: Tree) -> dict[str, dict[str, object]]:
    """What Unsloth's own preparation of SFT rows knows, in the package `unsloth_zoo`: `messages` and
    `prompt_completion` rows without a formatting function, and `assistant_only_loss`."""
    module = "unsloth_zoo.dataset_utils"
    binding = tree.bindings(module).get("sft_prepare_dataset") if module in tree.modules else None
    if binding is None:
        return {}
    words = {node.id for node in ast.walk(binding.node) if isinstance(node, ast.Name)}
    constants = (node.value for node in ast.walk(binding.node) if isinstance(node, ast.Constant))
    words |= {value for value in constants if isinstance(value, str)}
    known = {
        "messages": "do_messages",
        "prompt_completion": "do_prompt_completion",
        "assistant_only_loss": "assistant_only_loss",
    }
    return {"prepare": {"": 1, **{name: 1 for name, sign in known.items() if sign in words}}}
