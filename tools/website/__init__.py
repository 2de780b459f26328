"""The documentation site: what mkdocs is given besides the files in `docs/`."""
