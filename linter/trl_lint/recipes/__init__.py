"""The recipe front end: YAML and JSON of the `trl sft --config` kind, as settings with their places."""
