"""Which files the client is asked to watch: those on which a verdict hangs besides the checked file itself."""

from __future__ import annotations

from lsprotocol import types
from pygls.capabilities import get_capability

# Manifests by the names that `trl_lint.targets.folder` knows; configuration; modules that a script imports, commands
# that start it, recipes, templates, model metadata and data by suffix; and what an installation of TRL or transformers
# into an environment of the project changes.
PATTERNS = (
    "**/{uv,poetry,pixi,Pipfile}.lock",
    "**/pylock*.toml",
    "**/pyproject.toml",
    "**/{trl-lint,.trl-lint}.toml",
    "**/setup.{cfg,py}",
    "**/*requirements*.{txt,in}",
    "**/requirements/*.txt",
    "**/{Dockerfile,Containerfile}*",
    "**/*.{py,sh,bash,slurm,sbatch,yaml,yml,json,jinja,jinja2}",
    "**/*.{jsonl,csv,tsv,parquet}",
    "**/{trl,transformers}-*.{dist,egg}-info",
    "**/{trl,transformers}-*.{dist,egg}-info/METADATA",
)
_ID = "trl-lint-watched-files"


def can_register(capabilities: types.ClientCapabilities) -> bool:
    """Whether the client watches files that it is asked to watch after the start."""
    return bool(get_capability(capabilities, "workspace.did_change_watched_files.dynamic_registration", False))


def registration() -> types.RegistrationParams:
    """What the client is asked to watch."""
    watchers = [types.FileSystemWatcher(pattern) for pattern in PATTERNS]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    return types.RegistrationParams([types.Registration(_ID, types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)])
