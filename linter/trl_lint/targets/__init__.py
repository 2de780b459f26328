"""Which releases of TRL and transformers a source is judged on, and the line that says so."""
