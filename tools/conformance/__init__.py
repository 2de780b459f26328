"""What real releases of TRL do with the project's own cases, and whether the linter says so."""
