"""The founding case as a finding made by hand: the formats are tested without any rule."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from trl_lint.model.finding import Applicability, Confidence, Edit, Finding, Fix, Related, Severity, Stage
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Place, Span
from trl_lint.report.render import Context
from trl_lint.report.text import Style
from trl_lint.report.texts import Texts

CODE = """from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer

tokenizer = AutoTokenizer.from_pretrained("Qwen/Qwen3.5-4B-Base")
tokenizer.chat_template = TEMPLATE

args = SFTConfig(
    output_dir="out",
    assistant_only_loss=True,
)

trainer = SFTTrainer(
    model=model,
    args=args,
)
"""


@dataclass(frozen=True)
class Case:
    """A source, and spans and places in it by the text that stands there."""

    source: Source

    def span(self, text: str, inside: str | None = None) -> Span:
        start = self.source.text.index(text)
        inside = text if inside is None else inside
        start += text.index(inside)
        return Span(self.source.path, start, start + len(inside))

    def place(self, text: str, inside: str | None = None) -> Place:
        return self.source.place(self.span(text, inside))

    def after(self, text: str) -> Span:
        end = self.span(text).end
        return Span(self.source.path, end, end)

    def finding(self, text: str, **changes: object) -> Finding:
        given: dict[str, object] = {
            "code": "TRL999",
            "name": "some-rule",
            "message": "a message",
            "severity": Severity.WARNING,
            "confidence": Confidence.CERTAIN,
            "stage": Stage.SILENT,
            "span": self.span(text),
            "place": self.place(text),
        }
        return Finding(**{**given, **changes})  # type: ignore[arg-type]

    def context(self, width: int = 100, colour: bool = False) -> Context:
        return Context(Texts({self.source.path: self.source}), width, Style(colour))


@pytest.fixture
def case() -> Case:
    return Case(Source("train.py", Kind.PYTHON, CODE))


@pytest.fixture
def founding(case: Case) -> Finding:
    return case.finding(
        "assistant_only_loss=True",
        code="TRL201",
        name="assistant-only-loss-on-vlm",
        message="TRL 1.9.2 refuses `assistant_only_loss=True` for this run",
        severity=Severity.ERROR,
        stage=Stage.TRAINER_INIT,
        releases=">=0.22,<1.10",
        released="TRL 0.22 to 1.9; this project has 1.9.2 (requirements.txt:1)",
        why=(
            "Without `processing_class` the trainer loads `AutoProcessor`, gets a `ProcessorMixin` and takes the model"
            " for a vision-language model.",
            "The tokenizer that this script edits is never used.",
        ),
        evidence=('model/config.json: model_type "qwen3_5"',),
        related=(
            Related(case.place("tokenizer = ", "tokenizer"), "this tokenizer is edited, but the trainer never gets it"),
            Related(case.place("SFTTrainer(\n", "SFTTrainer"), "no `processing_class` here"),
        ),
        fixes=(
            Fix(
                "prompt-completion data with `completion_only_loss=True`",
                Applicability.UNSAFE,
                (Edit(case.span("assistant_only_loss"), "completion_only_loss"),),
            ),
            Fix(
                "pass the tokenizer to the trainer",
                Applicability.SAFE,
                (Edit(case.after("    model=model,"), "\n    processing_class=tokenizer,"),),
            ),
            Fix("upgrade to TRL 1.15", Applicability.DISPLAY),
        ),
        url="https://example.org/rules/TRL201",
    )
