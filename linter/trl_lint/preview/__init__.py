"""What runs train on, row by row, for `trl-lint preview`: gathered here, shown as text, JSON or HTML."""
