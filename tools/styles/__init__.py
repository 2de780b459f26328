"""Programs of recorded cases, written as people write them: with parsers, recipes, shell scripts, several files."""
