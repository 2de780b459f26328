"""The chat templates that a TRL release can patch for training, and how it looks for generation markers.

Only fingerprints are kept; the templates themselves stay in the published package.
"""

from __future__ import annotations

import ast
import hashlib
import re

from trl_lint_rules.facts.extract import values
from trl_lint_rules.facts.extract.errors import UnknownShapeError
from trl_lint_rules.facts.extract.tree import Tree

_UTILS = "trl.chat_template_utils"
_TRAINER = "trl.trainer.sft_trainer"


def patched(tree: Tree) -> dict[str, values.Data]:
    """sha256 of each template for which `get_training_chat_template` has a training one: [its name, the other's]."""
    function = _function(tree, _UTILS, "get_training_chat_template")
    if function is None:
        return {}
    found: dict[str, values.Data] = {}
    for branch in ast.walk(function):
        if isinstance(branch, ast.If):
            known, training = _compared(branch.test), _returned(branch)
            text = template_text(tree, known) if known and training else None
            if text is not None:
                found[hashlib.sha256(text.encode("utf-8")).hexdigest()] = [known, training]
    return dict(sorted(found.items()))


def marker_test(tree: Tree) -> dict[str, values.Data]:
    """How `SFTTrainer` decides whether a template has markers before it swaps in a training template.

    `{"kind": "literal", "text": ...}` (substring), `{"kind": "pattern", "text": ...}` (`re.search`) or
    `{"kind": "none", "text": ""}`: it does not look (the masks decide when the data are tokenised).
    """
    body = tree.parsed(_TRAINER)
    for test in ast.walk(body):
        if isinstance(test, ast.Compare) and isinstance(test.left, ast.Constant) and len(test.ops) == 1:
            text = test.left.value
            if isinstance(test.ops[0], (ast.In, ast.NotIn)) and isinstance(text, str) and "generation" in text:
                return {"kind": "literal", "text": text}
    called = {ast.unparse(call.func) for call in ast.walk(body) if isinstance(call, ast.Call)}
    function = _function(tree, _UTILS, "has_generation_markers")
    if function is not None and "has_generation_markers" in called:
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "re.search":
                return {"kind": "pattern", "text": values.literal(call.args[0])}
    if "get_training_chat_template" in called:
        raise UnknownShapeError(f"{tree.place(_TRAINER)}: templates are swapped by a test that is not known here")
    return {"kind": "none", "text": ""}


def _function(tree: Tree, module: str, name: str) -> ast.FunctionDef | None:
    binding = tree.bindings(module).get(name) if module in tree.modules else None
    return binding.node if binding is not None and isinstance(binding.node, ast.FunctionDef) else None


def _compared(test: ast.expr) -> str | None:
    """`qwen3_chat_template` of `tokenizer.chat_template == qwen3_chat_template`."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        right = test.comparators[0]
        if isinstance(right, ast.Name) and re.fullmatch(r"(\w+\.)?chat_template", ast.unparse(test.left)):
            return right.id
    return None


def _returned(branch: ast.If) -> str | None:
    """The name of the training template that the branch returns."""
    for statement in branch.body:
        if isinstance(statement, ast.Return) and statement.value is not None:
            names = [n.id for n in ast.walk(statement.value) if isinstance(n, ast.Name)]
            return next((name for name in names if "training" in name), None)
    return None


def template_text(tree: Tree, name: str) -> str | None:
    """The text of a template that stands in the module, or in the file it reads."""
    binding = tree.bindings(_UTILS).get(name)
    if binding is None or binding.kind != "assign" or not isinstance(binding.node, ast.expr):
        return None
    text = values.literal(binding.node)
    if isinstance(text, str):
        return text
    file = re.fullmatch(r"\(_CHAT_TEMPLATES_DIR / '([\w.]+)'\)\.read_text\(.*\)", ast.unparse(binding.node))
    return tree.files.get(f"trl/chat_templates/{file[1]}") if file else None
