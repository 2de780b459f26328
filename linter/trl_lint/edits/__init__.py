"""Edits: building them for Python and recipes, applying them to bytes, writing the bytes."""
