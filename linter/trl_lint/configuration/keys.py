"""The keys of a configuration file: what each may be, and what it means."""

from __future__ import annotations

import json
from collections.abc import Mapping

from trl_lint.configuration.settings import DEFAULT_INCLUDE
from trl_lint.dataclass import dataclass
from trl_lint.model.finding import Confidence

OUTPUT_FORMATS = ("full", "concise", "json", "github", "gitlab", "junit", "sarif")


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `default` is written as in TOML; empty where nothing is said by default. `choices` limit a string."""

    shape: str  # list, string, switch, table
    meaning: str
    default: str = ""
    choices: tuple[str, ...] = ()


def _listed(patterns: tuple[str, ...]) -> str:
    return f"[{', '.join(json.dumps(pattern) for pattern in patterns)}]"


_SELECTORS = "codes, starts of codes, rule names, or `ALL`"
KEYS: Mapping[str, Key] = {
    "select": Key("list", f"The rules that are on: {_SELECTORS}.", '["ALL"]'),
    "extend-select": Key("list", "Rules that are on besides.", "[]"),
    "ignore": Key("list", "Rules that are off.", "[]"),
    "extend-ignore": Key("list", "Rules that are off besides.", "[]"),
    "per-file-ignores": Key("table", "Rules that are off in files that match a pattern (`!` before it: do not).", "{}"),
    "min-confidence": Key(
        "string",
        "`certain` hides what is only possible.",
        '"possible"',
        tuple(confidence.value for confidence in Confidence),
    ),
    "fixable": Key("list", "The rules whose fixes may be applied.", '["ALL"]'),
    "unfixable": Key("list", "Rules whose fixes may not be applied.", "[]"),
    "unsafe-fixes": Key("switch", "Whether `--fix` and `--diff` take unsafe fixes too.", "false"),
    "target-trl": Key("string", "The TRL releases to judge by, whatever the project pins: `1.9.2`, `>=0.24`."),
    "target-transformers": Key("string", "The same for transformers."),
    "online": Key("switch", "Whether the Hub may be asked for model metadata.", "false"),
    "include": Key("list", "Patterns of the files to check.", _listed(DEFAULT_INCLUDE)),
    "markdown": Key("switch", "Whether the commands in the code blocks of Markdown files are checked too.", "false"),
    "exclude": Key("list", "Patterns of files and folders to leave out, instead of the default ones."),
    "extend-exclude": Key("list", "Patterns of files and folders to leave out besides.", "[]"),
    "respect-gitignore": Key("switch", "Whether what git ignores is left out.", "true"),
    "force-exclude": Key("switch", "Whether even files that are named are excluded.", "false"),
    "output-format": Key("string", "The form of the report.", '"full"', OUTPUT_FORMATS),
    "baseline": Key("string", "A file of known findings, which are not reported (see `trl-lint baseline`)."),
    "rule-url": Key(
        "string", "Where rules are documented that give no address themselves, with `{name}` or `{code}` in it."
    ),
}


def of_shape(shape: str) -> tuple[str, ...]:
    """The keys whose values have this shape."""
    return tuple(name for name, key in KEYS.items() if key.shape == shape)
