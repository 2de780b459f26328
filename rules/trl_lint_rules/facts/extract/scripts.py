"""The `trl` command: its sub-commands, what each parses, and whether it refuses a key that it does not know."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trl_lint_rules.facts.extract import values
from trl_lint_rules.facts.extract.tree import Tree

_REFUSAL = re.compile(r"Unknown arguments from config|are not used by the TrlParser")


def commands(tree: Tree) -> dict[str, dict[str, values.Data]]:
    """For each sub-command: `script` its module, `parses` the dataclasses as [name, module], `refuses` whether
    `trl NAME --config` refuses unknown keys, `script_refuses` whether the script run by itself does,
    `refuses_flags` and `script_refuses_flags` the same of flags, `takes_config` whether the command knows `--config`,
    `passes` what the script hands to the trainer as its processing class, `model` how it hands over the model.
    """
    found: dict[str, dict[str, values.Data]] = {}
    for name, script in _registered(tree).items():
        entry: dict[str, values.Data] = {"script": script}
        parses = _parses(tree, script)
        if parses:
            alone, handed_on, strict = (
                _script_refuses(tree, script),
                _hands_on_remaining(tree, name),
                _main_is_strict(tree),
            )
            flags = not _keeps_remaining(tree, script)
            entry |= {"parses": parses, "script_refuses": alone, "refuses": handed_on or alone}
            entry |= {"script_refuses_flags": flags, "refuses_flags": handed_on or strict or flags}
            entry |= {"takes_config": not strict}
        entry |= _trainer_call(tree, script)
        found[name] = entry
    return dict(sorted(found.items()))


def _calls(node: ast.AST, name: str) -> Iterator[ast.Call]:
    """The calls of a function or method of this name, in order."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and ast.unparse(inner.func).rpartition(".")[2] == name:
            yield inner


def _registered(tree: Tree) -> dict[str, str]:
    """Sub-command to script module, as each generation of the command line registers them."""
    if "trl.commands.cli" in tree.modules:
        listed = tree.bindings("trl.commands.cli")["SUPPORTED_COMMANDS"].node
        names = ast.literal_eval(listed)
        modules = {name: f"trl.commands.scripts.{name}" for name in names}
        modules |= {name: "trl.scripts.env" for name in names if name == "env"}
        return {name: module for name, module in modules.items() if module in tree.modules}
    if "trl.cli.commands" in tree.modules:
        body = tree.parsed("trl.cli.commands")
        names = [values.literal(call.args[0]) for call in _calls(body, "TrainingCommand")]
        own = {"env", "vllm_serve"} & {m.rpartition(".")[2] for m in tree.modules if m.startswith("trl.cli.commands.")}
        return {name: f"trl.scripts.{name}" for name in names} | {n.replace("_", "-"): f"trl.scripts.{n}" for n in own}
    listed_in_main = (call for call in ast.walk(tree.parsed("trl.cli")) if isinstance(call, ast.Compare))
    names = [values.literal(c.comparators[0]) for c in listed_in_main if ast.unparse(c.left) == "args.command"]
    return {name: f"trl.scripts.{name.replace('-', '_')}" for name in names}


def _parses(tree: Tree, script: str) -> list[list[str]]:
    """The dataclasses that the script's parser is made of, each with a module to import it from."""
    body = tree.parsed(script)
    found: list[list[str]] = []
    for node in _parser_types(body):
        for item in node.elts if isinstance(node, ast.Tuple) else [node]:
            name = ast.unparse(item)
            source = _imported_from(tree, script, name)
            if [name, source] not in found:
                found.append([name, source])
    return found


def _parser_types(body: ast.Module) -> list[ast.expr]:
    for statement in ast.walk(body):
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "dataclass_types":
            return [statement.value]
    for name in ("TrlParser", "HfArgumentParser"):
        for call in _calls(body, name):
            if call.args:
                return [call.args[0]]
    return []


def _imported_from(tree: Tree, script: str, name: str) -> str:
    for statement in ast.walk(tree.parsed(script)):
        if isinstance(statement, ast.ImportFrom) and any((a.asname or a.name) == name for a in statement.names):
            return tree.absolute(script, statement)
    return script


def _parser_refuses(tree: Tree) -> bool:
    """Whether `TrlParser.parse_args_and_config()` raises for unknown keys of the recipe by default."""
    for module in ("trl.scripts.utils", "trl.commands.cli_utils"):
        binding = tree.bindings(module).get("TrlParser") if module in tree.modules else None
        if binding is not None and binding.kind == "class":
            raised = (node for node in ast.walk(binding.node) if isinstance(node, ast.Raise))
            return any(_REFUSAL.search(ast.unparse(node)) for node in raised)
    return False


def _script_refuses(tree: Tree, script: str) -> bool:
    for call in _calls(tree.parsed(script), "parse_args_and_config"):
        given = {keyword.arg: values.literal(keyword.value) for keyword in call.keywords}
        if given.get("return_remaining_strings") is True or given.get("fail_with_unknown_args") is False:
            return False
    return _parser_refuses(tree)


def _keeps_remaining(tree: Tree, script: str) -> bool:
    """Whether the script takes the words that its parser does not know, instead of failing."""
    return any(
        keyword.arg == "return_remaining_strings" and values.literal(keyword.value) is True
        for call in _calls(tree.parsed(script), "parse_args_and_config")
        for keyword in call.keywords
    )


def _main_is_strict(tree: Tree) -> bool:
    """Whether the `trl` command reads the whole line itself before anything else, and fails on what it does not know.

    Its own parser has no `--config`: only `parse_args_and_config` takes that out.
    """
    if "trl.cli" not in tree.modules:
        return False
    calls = (node for node in ast.walk(tree.parsed("trl.cli")) if isinstance(node, ast.Call) and not node.args)
    return any(ast.unparse(call.func) == "parser.parse_args" for call in calls)


def _hands_on_remaining(tree: Tree, command: str) -> bool:
    """Whether the `trl` command gives the keys that are left over to `accelerate launch`, which refuses them."""
    if "trl.cli.commands.training" in tree.modules and command in _training_commands(tree):
        return True
    if "trl.cli" not in tree.modules:
        return False
    for branch in ast.walk(tree.parsed("trl.cli")):
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == f"args.command == {command!r}":
            inside = (node for statement in branch.body for node in ast.walk(statement))
            return any(isinstance(node, ast.Name) and node.id == "launch_args" for node in inside)
    return False


def _training_commands(tree: Tree) -> list[str]:
    return [values.literal(call.args[0]) for call in _calls(tree.parsed("trl.cli.commands"), "TrainingCommand")]


def _trainer_call(tree: Tree, script: str) -> dict[str, values.Data]:
    body = tree.parsed(script)
    for call in ast.walk(body):
        if not (isinstance(call, ast.Call) and re.fullmatch(r"[A-Z]\w*Trainer", ast.unparse(call.func))):
            continue
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        processing = given.get("processing_class", given.get("tokenizer"))
        model = given.get("model", call.args[0] if call.args else None)
        named = model is not None and ast.unparse(model).endswith("model_name_or_path")
        return {
            "trainer": ast.unparse(call.func),
            "passes": None if processing is None else _loaded_as(body, processing),
            "model": "name" if named else "loaded",
        }
    return {}


def _loaded_as(body: ast.Module, node: ast.expr) -> str:
    """`tokenizer` or `processor`, by the class that the variable was loaded with; else the source text."""
    for statement in ast.walk(body):
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == ast.unparse(node):
            loader = ast.unparse(statement.value)
            if loader.startswith("AutoTokenizer.from_pretrained"):
                return "tokenizer"
            if loader.startswith("AutoProcessor.from_pretrained"):
                return "processor"
    return ast.unparse(node)
