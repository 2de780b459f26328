"""Acme's rules for trl-lint. Each rule is a module of this package with its page beside it."""

# Where people read more: findings link to it. `{name}` and `{code}` are filled in.
RULE_URL = "https://wiki.acme.example/training/{name}"
