"""Computes the release facts that `trl_lint_rules.facts` ships, from published wheels. Run `python -m tools.facts`."""
