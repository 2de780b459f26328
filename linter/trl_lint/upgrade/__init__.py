"""`trl-lint upgrade`: one source judged by two pairs of releases, and what lies between them."""
