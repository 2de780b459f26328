"""Compares what `trl-lint preview` shows with recorded batches of real TRL releases."""
