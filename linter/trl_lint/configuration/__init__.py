"""The project's configuration: where it stands, what it may say, and which rules it selects."""
