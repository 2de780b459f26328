"""Bounded readers of local data files: the columns, the first rows, and some rows from further down."""
