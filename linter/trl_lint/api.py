"""The API that rules are written with. A rule pack imports this module and nothing else of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trl_lint import disk
from trl_lint.dataclass import dataclass, field, replace
from trl_lint.judging.remedies import drop_argument, drop_config, edited, set_config
from trl_lint.judging.verdict import Note, Remedy, Verdict
from trl_lint.judging.view import ABSENT, UNKNOWN, ModuleView, RunView
from trl_lint.lazy import LazyModule, lazy_function
from trl_lint.model.artifact import Artifact, Evidence
from trl_lint.model.command import Command
from trl_lint.model.data import Column, DataSet
from trl_lint.model.finding import Applicability, Confidence, Edit, Finding, Severity, Stage
from trl_lint.model.module import Import, Module
from trl_lint.model.release import Release
from trl_lint.model.run import How, ModelUse, Origin, ProcessingUse, Run, Setting
from trl_lint.model.span import Place, Span
from trl_lint.model.target import Environment, PackageTarget, Target
from trl_lint.model.training import (
    Packing,
    Part,
    Piece,
    Remark,
    Totals,
    TrainedRow,
    TrainingView,
    TurnEnd,
    Unit,
)
from trl_lint.model.training import Weight as RemarkWeight
from trl_lint.model.upgrade import Change, Pin, Sort, Weight
from trl_lint.model.value import Argument, Call, Guard, Instance, Items, Known, Mutation, Symbol, Table, Unknown, Value
from trl_lint.packs.rule import EngineRule, GatheringRule, ModuleRule, Rule
from trl_lint.targets import ranges
from trl_lint.targets.index import ReadRelease, ReleaseIndex
from trl_lint.targets.versions import satisfying

if TYPE_CHECKING:
    from trl_lint.datasets import shape
    from trl_lint.edits import python as edit_call
    from trl_lint.edits import recipe as edit_recipe
    from trl_lint.edits import setting as edit_setting
    from trl_lint.model.about import ArgumentFacts
    from trl_lint.shell.accelerate import is_option as is_launch_option
    from trl_lint.templates import (
        Rendered,
        TemplateAnalysis,
        TurnVerdict,
        analyse,
        judge_turns,
        probe,
        special_tokens,
        template_for,
    )
    from trl_lint.templates import render as render_template
    from trl_lint.templates.tokens import added_tokens
else:
    shape = LazyModule("trl_lint.datasets.shape")
    edit_call = LazyModule("trl_lint.edits.python")
    edit_recipe = LazyModule("trl_lint.edits.recipe")
    edit_setting = LazyModule("trl_lint.edits.setting")
    is_launch_option = lazy_function("trl_lint.shell.accelerate", "is_option")
    analyse = lazy_function("trl_lint.templates", "analyse")
    judge_turns = lazy_function("trl_lint.templates", "judge_turns")
    probe = lazy_function("trl_lint.templates", "probe")
    render_template = lazy_function("trl_lint.templates", "render")
    special_tokens = lazy_function("trl_lint.templates", "special_tokens")
    template_for = lazy_function("trl_lint.templates", "template_for")
    added_tokens = lazy_function("trl_lint.templates.tokens", "added_tokens")

    def __getattr__(name: str) -> object:
        if name in ("Rendered", "TemplateAnalysis", "TurnVerdict"):
            from trl_lint import templates

            return getattr(templates, name)
        if name == "ArgumentFacts":
            from trl_lint.model import about

            return about.ArgumentFacts
        raise AttributeError(name)


__all__ = [
    "ABSENT",
    "UNKNOWN",
    "Applicability",
    "Argument",
    "ArgumentFacts",
    "Artifact",
    "Call",
    "Change",
    "Column",
    "Command",
    "Confidence",
    "DataSet",
    "Edit",
    "EngineRule",
    "Environment",
    "Evidence",
    "Finding",
    "GatheringRule",
    "Guard",
    "How",
    "Import",
    "Instance",
    "Items",
    "Known",
    "ModelUse",
    "Module",
    "ModuleRule",
    "ModuleView",
    "Mutation",
    "Note",
    "Origin",
    "PackageTarget",
    "Packing",
    "Part",
    "Piece",
    "Pin",
    "Place",
    "ProcessingUse",
    "ReadRelease",
    "Release",
    "ReleaseIndex",
    "Remark",
    "RemarkWeight",
    "Remedy",
    "Rendered",
    "Rule",
    "Run",
    "RunView",
    "Setting",
    "Severity",
    "Sort",
    "Span",
    "Stage",
    "Symbol",
    "Table",
    "Target",
    "TemplateAnalysis",
    "Totals",
    "TrainedRow",
    "TrainingView",
    "TurnEnd",
    "TurnVerdict",
    "Unit",
    "Unknown",
    "Value",
    "Verdict",
    "Weight",
    "added_tokens",
    "analyse",
    "dataclass",
    "disk",
    "drop_argument",
    "drop_config",
    "edit_call",
    "edit_recipe",
    "edit_setting",
    "edited",
    "field",
    "is_launch_option",
    "judge_turns",
    "probe",
    "ranges",
    "render_template",
    "replace",
    "satisfying",
    "set_config",
    "shape",
    "special_tokens",
    "template_for",
]
