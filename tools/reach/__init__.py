"""How much of the trainers in real repositories the linter understands."""
