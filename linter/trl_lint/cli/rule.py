"""`trl-lint rule`: a rule's page."""

from __future__ import annotations

import argparse

from trl_lint.cli.backend import Backend
from trl_lint.configuration.errors import ConfigurationError
from trl_lint.packs.registry import RuleInfo
from trl_lint.report.text import escape


def rule(arguments: argparse.Namespace, backend: Backend) -> int:
    """Prints the page of the rule named, or of all rules. Raises ConfigurationError for a name that is none."""
    rules = backend.registry.all_rules()
    if arguments.all == (arguments.rule is not None):
        raise ConfigurationError("", 0, "name one rule, or give --all")
    if not arguments.all:
        code = backend.vocabulary.code(arguments.rule)
        rules = tuple(info for info in rules if info.code == code)
        if not rules:
            near = backend.vocabulary.nearest(arguments.rule)
            hint = f"; did you mean `{near}`?" if near else ""
            raise ConfigurationError("", 0, f"no rule is called `{arguments.rule}`{hint}")
    if arguments.output_format == "json":
        _print_json(rules, one=not arguments.all)
    else:
        print("\n\n".join(_readable(info.page()) for info in rules))
    return 0


def _print_json(rules: tuple[RuleInfo, ...], one: bool) -> None:
    import json

    data = [
        {"code": info.code, "name": info.name, "family": info.family, "summary": info.summary, "page": info.page()}
        for info in rules
    ]
    print(json.dumps(data[0] if one else data, indent=2))


def _readable(page: str) -> str:
    """A page, which may come from a third party's pack, without anything that could move the cursor."""
    return "\n".join(escape(line.expandtabs(4)) for line in page.rstrip().split("\n"))
