"""The language server: what `check` finds, in the editor, as one types. Needs the extra `server` (pygls)."""
