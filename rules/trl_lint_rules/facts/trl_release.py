"""What else is known of a TRL release: its requirements, its command line, the chat templates that it patches."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from trl_lint.model.release import Release
from trl_lint_rules.facts import store


class CliCommand(NamedTuple):
    """One sub-command of `trl`.

    `dataclasses` are (name, module to import it from), in the order of the parser; empty for a command that
    parses none. `refuses_unknown` is about keys of a recipe given to the `trl` command, `script_refuses_unknown`
    about the script run by itself; both are False where such keys are ignored. `refuses_unknown_flags` and
    `script_refuses_unknown_flags` are about flags, `takes_config` says whether the command knows `--config`.
    `passes_processing_class` is
    `tokenizer`, `processor`, or None where the script leaves it to the trainer. `passes_model_name` says that the
    trainer gets the model's name and loads it itself.
    """

    name: str
    script: str
    dataclasses: tuple[tuple[str, str], ...] = ()
    refuses_unknown: bool = True
    script_refuses_unknown: bool = True
    trainer: str | None = None
    passes_processing_class: str | None = None
    passes_model_name: bool = False
    refuses_unknown_flags: bool = True
    script_refuses_unknown_flags: bool = True
    takes_config: bool = True


def requires(trl: Release) -> Mapping[str, str]:
    """PEP 440 specifiers of what this release needs: `transformers`, `datasets`, `accelerate`, `peft` (that of an
    extra where nothing else bounds it) and `python`. A package without bounds has the empty specifier."""
    place = store.index("trl", trl)
    group = store.load("trl/requires.json")["requires"]
    return {name: store.value_at(group[name], place) for name in store.keys_at(group, place)}


@cache
def _cli(place: int) -> Mapping[str, CliCommand]:
    found: dict[str, CliCommand] = {}
    for name, group in store.load("trl/cli.json").items():
        entry = {key: store.value_at(group[key], place) for key in store.keys_at(group, place)}
        if entry:
            found[name] = CliCommand(
                name=name,
                script=entry["script"],
                dataclasses=tuple((cls, module) for cls, module in entry.get("parses", ())),
                refuses_unknown=entry.get("refuses", True),
                script_refuses_unknown=entry.get("script_refuses", True),
                trainer=entry.get("trainer"),
                passes_processing_class=entry.get("passes"),
                passes_model_name=entry.get("model") == "name",
                refuses_unknown_flags=entry.get("refuses_flags", True),
                script_refuses_unknown_flags=entry.get("script_refuses_flags", True),
                takes_config=entry.get("takes_config", True),
            )
    return found


def cli(trl: Release) -> Mapping[str, CliCommand]:
    """The sub-commands of `trl` in this release, by name."""
    return _cli(store.index("trl", trl))


@cache
def _patched(place: int) -> Mapping[str, str]:
    group = store.load("trl/templates.json")["patched"]
    return {key: store.value_at(group[key], place)[0] for key in store.keys_at(group, place)}


def patched_templates(trl: Release) -> Mapping[str, str]:
    """sha256 (hex, of the UTF-8 text) of each chat template that `get_training_chat_template` of this release
    replaces by a training one, and its name there. `SFTTrainer` makes use of it only where `marker_test` is not
    `none`."""
    return _patched(store.index("trl", trl))


def marker_test(trl: Release) -> str:
    """How `SFTTrainer` looks for generation markers before it patches: `literal` (the text of `marker_text` occurs),
    `pattern` (`re.search` of it finds something), or `none` (it neither looks nor patches)."""
    return str(_marker(trl, "kind"))


def marker_text(trl: Release) -> str:
    """The literal or the pattern of `marker_test`; empty for `none`."""
    return str(_marker(trl, "text"))


def _marker(trl: Release, key: str) -> object:
    return store.value_at(store.load("trl/templates.json")["marker"][key], store.index("trl", trl))
