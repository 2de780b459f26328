"""Answers that close a block of reasoning which they do not open, in Qwen3's training templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from trl_lint.api import Release, RunView
from trl_lint_rules import facts
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import data, template
from trl_lint_rules.knowledge.boundaries import TEMPLATE_PATCHING
from trl_lint_rules.knowledge.template import Marking
from trl_lint_rules.sft import place_of

_CHANGED = ("qwen3_chat", "qwen3_5", "qwen3_6")  # the families whose training templates test for both tags


class ReasoningCorruptedByTemplate(Advisory):
    """The training template looks for `<think>` and `</think>`, the template itself for `</think>`."""

    code = "TRL914"
    name = "reasoning-corrupted-by-template"
    summary = "Qwen3's training templates before TRL 1.9, with answers that begin in the middle of their reasoning"
    trainers = frozenset({"SFTTrainer"})
    needs = frozenset({"assistant_only_loss"})
    since: ClassVar[Release] = TEMPLATE_PATCHING
    fixed: ClassVar[Release] = Release(1, 9)
    cause = (
        "The training template splits off reasoning only where it finds both tags. An answer that has `</think>` alone "
        "(because the prompt ends with `<think>`) is put behind an empty block of reasoning (TRL pull request 6363)."
    )

    def met(self, run: RunView) -> Met | None:
        """Where the template is swapped for such a one and rows have answers of that kind."""
        if not template.asked(run) or data.conversational(run) is not True:
            return None
        found = template.template(run)
        if found is None or found.text is None or template.marking(run.trl, found) is not Marking.PATCHED:
            return None
        name = facts.patched_templates(run.trl).get(template.fingerprint(found.text), "")
        rows = run.data().rows
        hit = sum(any(map(_half, _answers(row))) for row in rows)
        if not name.startswith(_CHANGED) or not hit:
            return None
        return Met(
            place_of(run, "assistant_only_loss"),
            f"the reasoning of {hit} of the {len(rows)} rows read is put behind an empty block of reasoning",
            (f"chat template: {found.origin}", data.describe(run)),
        )


def _answers(row: Mapping[str, Any]) -> Iterator[str]:
    for name in ("messages", "completion"):
        turns = row.get(name)
        for turn in turns if isinstance(turns, list) else ():
            if isinstance(turn, Mapping) and turn.get("role") == "assistant" and isinstance(turn.get("content"), str):
                yield turn["content"]


def _half(text: str) -> bool:
    return "</think>" in text and "<think>" not in text
