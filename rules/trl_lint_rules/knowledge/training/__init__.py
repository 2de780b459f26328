"""Which tokens a run of SFTTrainer trains: row by row, as each release prepares and labels them."""

from trl_lint_rules.knowledge.training.view import trained, training_view

__all__ = ["trained", "training_view"]
