"""Everything that is kept of one release, as a snapshot: file of the facts -> group -> key -> data.

The keys of a group stand in their real order where that means something (fields, parameters).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from trl_lint_rules.facts.extract import auto, names, scripts, templates, unsloth, values
from trl_lint_rules.facts.extract.configs import ConfigClass, config_class, is_config
from trl_lint_rules.facts.extract.errors import reading
from trl_lint_rules.facts.extract.signatures import Signature, signature
from trl_lint_rules.facts.extract.tree import Tree
from trl_lint_rules.facts.extract.values import same

Group: TypeAlias = "dict[str, values.Data]"
Snapshot: TypeAlias = "dict[str, dict[str, Group]]"

# The group of a class that is told apart by the module it is imported from only where another one of the
# same name exists in the same release.
MAIN = "main"

ENUMS = {
    "OptimizerNames": "transformers.training_args",
    "SchedulerType": "transformers.trainer_utils",
    "IntervalStrategy": "transformers.trainer_utils",
    "SaveStrategy": "transformers.trainer_utils",
    "HubStrategy": "transformers.trainer_utils",
    "FSDPOption": "transformers.trainer_utils",
    "DebugOption": "transformers.debug_utils",
}


def snapshot(package: str, files: Mapping[str, str], requires: Mapping[str, str]) -> Snapshot:
    """The facts of one release of `package`: `files` maps paths inside the wheel to text, `requires` is what it needs.

    Raises UnknownShapeError, which names the place, for source that is not understood.
    """
    tree = Tree(package, files)
    readers: dict[str, Callable[[Tree], Snapshot]] = {
        "trl": _trl,
        "transformers": _transformers,
        "peft": _peft,
        "unsloth": _unsloth,
        "unsloth_zoo": _unsloth_zoo,
    }
    found = readers[package](tree)
    found["requires.json"] = {"requires": dict(requires)}
    return found


def _trl(tree: Tree) -> Snapshot:
    found: Snapshot = {}
    with reading(tree, "trl", "what the modules provide"):
        exported = names.exports(tree)
        homes = names.homes(tree, exported)
        found |= _names(tree)
        found["homes.json"] = {"homes": dict(homes)}
    with reading(tree, "trl.cli" if "trl.cli" in tree.modules else "trl.commands.cli", "the command line"):
        found["cli.json"] = {name: dict(entry) for name, entry in scripts.commands(tree).items()}
    with reading(tree, "trl.chat_template_utils", "the choice of templates"):
        found["templates.json"] = {"patched": templates.patched(tree), "marker": templates.marker_test(tree)}
    for name, module, node in _classes(tree):
        with reading(tree, module, f"class {name}", node):
            _add_class(tree, found, (name, module, node), (homes, exported))
    return {path: _without_twins(groups) if "/" in path else groups for path, groups in found.items()}


def _names(tree: Tree) -> Snapshot:
    provided = names.all_names(tree)
    packages = {module: dict.fromkeys(given, 1) for module, given in provided.items() if tree.is_package(module)}
    others = {module: dict.fromkeys(given, 1) for module, given in provided.items() if not tree.is_package(module)}
    return {
        "names.json": _marked(packages),
        "submodules.json": _marked(others),
        "deprecated_names.json": {module: dict(entry) for module, entry in names.deprecated(tree).items()},
    }


def _without_twins(groups: dict[str, Group]) -> dict[str, Group]:
    """Without the classes that take the very same as the main one of their name."""
    main = groups.get(MAIN)
    if main is None:
        return groups
    return {name: group for name, group in groups.items() if name == MAIN or not same(_bare(group), main)}


def _bare(group: Group) -> Group:
    return {**group, "": {key: value for key, value in group[""].items() if key != "m"}}


def _marked(modules: dict[str, dict[str, int]]) -> dict[str, Group]:
    """The names of each module; the empty key says that the module exists, however empty."""
    return {module: {"": 1, **given} for module, given in modules.items()}


def _classes(tree: Tree) -> Iterator[tuple[str, str, ast.ClassDef]]:
    """The public classes that the package defines: name, defining module, node."""
    for module in tree.modules:
        for name, binding in tree.bindings(module).items():
            if binding.kind == "class" and isinstance(binding.node, ast.ClassDef) and not name.startswith("_"):
                yield name, module, binding.node


def _add_class(
    tree: Tree,
    found: Snapshot,
    item: tuple[str, str, ast.ClassDef],
    public: tuple[dict[str, str], dict[tuple[str, str], list[str]]],
) -> None:
    name, module, node = item
    homes, exported = public
    modules = exported.get((module, name), [])
    main = homes.get(name) in modules
    if not _is_trainer(name) and is_config(tree, module, node):
        group, path = _config_group(config_class(tree, module, node)), f"configs/{name}.json"
    else:
        made = signature(tree, module, node)
        if made is None or not _is_made_by_users(name):
            return
        group, path = _signature_group(made), f"trainers/{name}.json"
    if not main:
        # Which class of this name is meant follows from where the code imports it from.
        group[""]["m"] = modules
    found.setdefault(path, {})[MAIN if main else module] = group


def _is_trainer(name: str) -> bool:
    return name.endswith(("Trainer", "Callback"))


def _is_made_by_users(name: str) -> bool:
    """Whether the parameters of this class are kept: what training code makes itself."""
    return _is_trainer(name) or "Collator" in name or name.endswith(("Judge", "Parser", "Environment", "Command"))


def _config_group(config: ConfigClass) -> Group:
    return {"": {"b": config.base}, **config.fields}


def _signature_group(made: Signature) -> Group:
    return {"": {"open": made.open, "renamed": made.renamed}, **made.parameters}


def _transformers(tree: Tree) -> Snapshot:
    module = "transformers.training_args"
    with reading(tree, module, "class TrainingArguments"):
        node = tree.bindings(module)["TrainingArguments"].node
        assert isinstance(node, ast.ClassDef)
        arguments = config_class(tree, module, node)
    found: Snapshot = {"arguments.json": {"TrainingArguments": {"": {"b": None}, **arguments.fields}}, "enums.json": {}}
    for name, where in ENUMS.items():
        with reading(tree, where, f"the enumeration {name}"):
            listed = _enum(tree, where, name)
        if listed:
            found["enums.json"][name] = {"values": listed}
    with reading(tree, "transformers.models.auto", "the tables of the model types"):
        model_types = auto.model_types(tree)
    for model_type, entry in model_types.items():
        # The loader finds a model type by its first character.
        found.setdefault(f"models/{model_type[0].lower()}.json", {})[model_type] = dict(entry)
    return found


def _enum(tree: Tree, module: str, name: str) -> list[values.Data]:
    """The values of an enumeration, in order; empty where the release has none of this name."""
    binding = tree.bindings(module).get(name)
    if binding is None or not isinstance(binding.node, ast.ClassDef):
        return []
    assigned = (s.value for s in binding.node.body if isinstance(s, ast.Assign))
    return list(dict.fromkeys(values.literal(value) for value in assigned))


def _peft(tree: Tree) -> Snapshot:
    found: Snapshot = {}
    for name, module, node in _classes(tree):
        with reading(tree, module, f"class {name}", node):
            if is_config(tree, module, node) and name.endswith("Config"):
                groups = found.setdefault(f"configs/{name}.json", {})
                groups[module if MAIN in groups else MAIN] = _config_group(config_class(tree, module, node))
    return found


def _unsloth(tree: Tree) -> Snapshot:
    return {"patches.json": unsloth.patches(tree)}


def _unsloth_zoo(tree: Tree) -> Snapshot:
    return {"preparation.json": unsloth.preparation(tree)}
