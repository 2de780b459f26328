"""Broken input by the hundred thousand: nothing may crash the linter, and nothing may hold it for long."""
