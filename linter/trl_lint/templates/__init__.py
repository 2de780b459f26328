"""Chat templates: which one a tokenizer or processor has, what stands in it, and what it marks as generated."""

from trl_lint.templates.analysis import MarkerSpan, TemplateAnalysis, analyse
from trl_lint.templates.probing import Rendered, probe, render
from trl_lint.templates.sources import (
    TemplateCandidate,
    TemplateText,
    candidates,
    processor_template,
    template_for,
    tokenizer_template,
)
from trl_lint.templates.tokens import special_tokens
from trl_lint.templates.turns import TurnVerdict, end_of_turn, judge_turns

__all__ = [
    "MarkerSpan",
    "Rendered",
    "TemplateAnalysis",
    "TemplateCandidate",
    "TemplateText",
    "TurnVerdict",
    "analyse",
    "candidates",
    "end_of_turn",
    "judge_turns",
    "probe",
    "processor_template",
    "render",
    "special_tokens",
    "template_for",
    "tokenizer_template",
]
