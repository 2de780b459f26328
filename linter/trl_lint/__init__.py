"""trl-lint: a static linter for Hugging Face TRL training code."""

__version__ = "0.1.0"
