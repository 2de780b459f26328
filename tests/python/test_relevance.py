"""Functions that nothing calls are followed only where that could tell anything."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from trl_lint.model.source import Kind, Source
from trl_lint.python import front
from trl_lint.python.machine import Machine
from trl_lint.python.parse import parse_units
from trl_lint.python.relevance import Relevance


def left_aside(code: str) -> set[str]:
    """The functions of `code` that are not followed."""
    source = Source("train.py", Kind.PYTHON, dedent(code))
    machine = Machine(source, front._HANDLERS, len(code))
    for unit in parse_units(source):
        front._run(machine, unit)
    relevance = Relevance(machine)
    nodes = [closure.info.node for closure in machine.closures.values() if not relevance.matters(closure)]
    return {node.name for node in nodes if not isinstance(node, ast.Lambda)}


def test_what_has_nothing_to_do_with_training_is_left_aside() -> None:
    code = """
        import logging, os
        import torch
        from transformers import AutoModel, TrainerCallback
        from trl import SFTConfig, SFTTrainer

        logger = logging.getLogger(__name__)
        SIZE = 4

        class Net(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.model = AutoModel.from_pretrained("x")

            def forward(self, x):
                logger.info("forward")
                return self.model(x) * SIZE

        def helper(path):
            return os.path.join(path, "a")

        def other():
            return helper(Net())

        def train():
            return SFTTrainer(args=make())

        def make():
            return SFTConfig("out")

        def runs():
            train()
    """
    assert left_aside(code) == {"__init__", "forward", "helper", "other"}


@pytest.mark.parametrize(
    ("before", "body"),
    [
        ("import trl", "trl.SFTConfig('out')"),
        ("import transformers as t", "t.TrainingArguments('out')"),
        ("from peft import LoraConfig", "LoraConfig(r=8)"),
        ("", "from trl import SFTConfig"),
        ("from trl import *", "SFTConfig('out')"),
        ("from trl import SFTConfig as Settings", "Settings('out')"),
        ("from trl import SFTConfig\nKINDS = (SFTConfig, 1)", "KINDS[0]('out')"),
        ("from trl import SFTConfig\ndef made(): return SFTConfig('out')\nalias = made", "alias()"),
        ("from trl import SFTConfig\nclass Mine(SFTConfig): pass", "Mine('out')"),
        ("VALUES = {'a': 1}", "VALUES['a'] = 2"),
        ("from transformers import AutoTokenizer\ntok = AutoTokenizer.from_pretrained('x')", "tok.pad_token = 'a'"),
        ("SIZE = 1", "global SIZE\n    SIZE = 2"),
        ("class Defaults:\n    size = 1", "Defaults.size = 2"),
        ("class Defaults:\n    size = 1", "Defaults.size, x = 2, 3"),
        ("class Defaults:\n    size = 1", "for Defaults.size in range(3): pass"),
        ("class Defaults:\n    size = 1", "del Defaults.size"),
        ("class Defaults:\n    size = 1\ndef change(x): x.size = 2", "change(Defaults)"),
        ("class Defaults:\n    size = 1", "setattr(Defaults, 'size', 2)"),
        ("class Defaults:\n    size = 1", "x = Defaults\n    x.size = 2"),
    ],
)
def test_what_may_make_a_run_or_change_the_module_is_followed(before: str, body: str) -> None:
    assert "followed" not in left_aside(f"{before}\ndef followed():\n    {body}\n")


@pytest.mark.parametrize(
    ("members", "body"),
    [
        ("kind = SFTConfig", "self.kind('out')"),
        ("def make(self): return SFTConfig('out')", "self.make()"),
        ("def __init__(self): self.kind = SFTConfig", "self.kind('out')"),
        ("items = []", "self.items.append(1)"),
        ("size = 1", "type(self).size = 2"),
        ("size = 1", "self.__class__.size = 2"),
    ],
)
def test_what_a_method_reaches_through_its_object_counts(members: str, body: str) -> None:
    code = f"from trl import SFTConfig\nclass App:\n    {members}\n    def followed(self):\n        {body}\n"
    assert "followed" not in left_aside(code)


def test_a_relevant_method_is_reached_from_a_subclass() -> None:
    code = """
        from trl import SFTConfig
        class Base:
            def make(self): return SFTConfig("out")
        class App(Base):
            def followed(self): return self.make()
        def also():
            App().make()
    """
    assert left_aside(code) == set()
