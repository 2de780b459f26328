"""What the linter says of real repositories, and how a change of the linter changes that."""
