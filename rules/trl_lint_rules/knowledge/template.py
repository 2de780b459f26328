"""The chat template that a run would really use, and what the targeted release makes of its markers."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from trl_lint.api import (
    ABSENT,
    UNKNOWN,
    Artifact,
    Instance,
    Mutation,
    Release,
    RunView,
    Span,
    Unknown,
    added_tokens,
    analyse,
    dataclass,
    judge_turns,
    special_tokens,
    template_for,
)
from trl_lint_rules import facts
from trl_lint_rules.knowledge.boundaries import ASSISTANT_ONLY, TEMPLATE_PATCHING
from trl_lint_rules.knowledge.processing import Kind, Processing, processing

if TYPE_CHECKING:
    from trl_lint.api import TurnVerdict


@dataclass(frozen=True)
class Template:
    """A chat template. `text` is None where it is known that there is none; `span` is where the code sets it;
    `artifact` is the repository whose tokenizer renders it."""

    text: str | None
    origin: str
    span: Span | None = None
    artifact: Artifact | None = None


class Marking(enum.Enum):
    """What the targeted release makes of a template when assistant-only loss is asked for."""

    NATIVE = "carries generation markers"
    PATCHED = "is swapped for a training template"
    REFUSED = "is refused"
    UNMARKED = "has no generation markers"
    MISSING = "does not exist"


def template(run: RunView) -> Template | None:
    """The template that the trainer of `run` renders with; None where it is not known."""
    return run.once("sft-template", lambda: _template(run))


def _template(run: RunView) -> Template | None:
    path = run.setting("chat_template_path")
    if path is UNKNOWN:
        return None
    if isinstance(path, str) and run.trl >= ASSISTANT_ONLY:
        return _from_path(run, path)
    return of_processing(run, processing(run))


def of_processing(run: RunView, used: Processing) -> Template | None:
    """The template of a tokenizer or processor: the one that the code gives it, else that of its files."""
    if used.kind not in (Kind.TOKENIZER, Kind.PROCESSOR) or used.escaped:
        return None
    edit = last_template_edit(used.edits)
    if edit is not None:
        given = run.plain(edit.value)
        path = _read_from(run, given)
        text = run.text_file(path) if path is not None else given
        if edit.optional or not isinstance(text, str):
            return None
        return Template(text, path or "the code sets it", edit.span, used.artifact)
    return of_artifact(run, used.artifact, used.kind)


def _read_from(run: RunView, value: object) -> str | None:
    """The path of the file whose text `value` is: `open(path).read()`, `Path(path).read_text()`."""
    if (
        isinstance(value, Instance)
        and value.callee == ".read"
        and value.call is not None
        and value.receiver is not None
    ):
        value = None if value.call.arguments else run.plain(value.receiver)
    if not isinstance(value, Instance) or value.callee != "builtins.open" or value.call is None:
        return None
    path = next((run.plain(argument.value) for argument in value.call.positional()), None)
    return path if isinstance(path, str) else None


def last_template_edit(edits: tuple[Mutation, ...]) -> Mutation | None:
    """The last assignment of a chat template among what was done to a tokenizer or processor."""
    names = ("chat_template", "tokenizer.chat_template")
    return next((edit for edit in reversed(edits) if edit.kind == "set" and edit.name in names), None)


def of_artifact(run: RunView, artifact: Artifact | None, kind: Kind) -> Template | None:
    """The template that this artifact's files give a tokenizer or processor."""
    if artifact is None:
        return None
    found = template_for(artifact, "processor" if kind is Kind.PROCESSOR else "tokenizer", run.transformers)
    if found is None:
        return Template(None, f"no file of {artifact.where or artifact.name} holds a chat template")
    if isinstance(found, Unknown):
        return None
    if not found.certain:
        run.weaken(f"a file of {artifact.name} that is not in the cache may hold another chat template")
    return Template(found.text, f"{artifact.where or artifact.name}/{found.file}", None, artifact)


def _from_path(run: RunView, path: str) -> Template | None:
    """`chat_template_path`: a Jinja file, or a repository whose tokenizer's template is cloned."""
    given = run.given("chat_template_path")
    span = given.value_span if given is not None else None
    if path.endswith((".jinja", ".j2")):
        text = run.text_file(path)
        return Template(text, path, span, processing(run).artifact) if text is not None else None
    found = of_artifact(run, run.artifact_named(path), Kind.TOKENIZER)
    return Template(found.text, found.origin, span, found.artifact) if found is not None else None


def marking(trl: Release, found: Template) -> Marking:
    """What this TRL release makes of the template.

    Up to 1.0 the markers decide, when the data are tokenised. From 1.1 TRL first looks for a marker in the
    text (see `facts.marker_test`); without one it swaps in a training template if it knows the text byte for
    byte, and refuses any other (`trl/chat_template_utils.py`).
    """
    if found.text is None:
        return Marking.MISSING
    analysis = analyse(found.text)
    marked = Marking.NATIVE if analysis.markers else Marking.UNMARKED
    if trl < TEMPLATE_PATCHING:
        return marked
    test = facts.marker_test(trl)
    if analysis.literal_marker if test == "literal" else analysis.pattern_marker:
        return marked
    return Marking.PATCHED if fingerprint(found.text) in facts.patched_templates(trl) else Marking.REFUSED


def has_real_markers(found: Template) -> bool:
    """Whether Jinja itself finds generation markers in the template."""
    return found.text is not None and bool(analyse(found.text).markers)


def turns(found: Template) -> TurnVerdict | None:
    """What rendering a probe conversation shows of the marked spans; None where there is nothing to render."""
    if found.text is None:
        return None
    if found.artifact is None:
        return judge_turns(found.text)
    return judge_turns(found.text, added_tokens(found.artifact), special_tokens(found.artifact))


def fingerprint(text: str) -> str:
    """The sha256 by which the facts name a template."""
    import hashlib

    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def patched_since(text: str) -> Release | None:
    """The first TRL release that swaps this template for a training one, if any known release does."""
    name = fingerprint(text)
    return next((trl for trl in facts.releases("trl") if name in facts.patched_templates(trl)), None)


def asked(run: RunView) -> bool:
    """Whether the run asks for assistant-only loss in a release that has it."""
    return run.trl >= ASSISTANT_ONLY and run.setting("assistant_only_loss") is True


def no_template_path(run: RunView) -> bool:
    """Whether the run gives no `chat_template_path`."""
    return run.setting("chat_template_path") in (ABSENT, None)
