"""The training templates of a TRL that lies in a folder: its text is shipped with no release facts.

Nothing of the folder is imported or run.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from trl_lint.api import dataclass, disk
from trl_lint.model.release import Release
from trl_lint_rules.facts.extract import project, templates
from trl_lint_rules.facts.extract.errors import UnknownShapeError
from trl_lint_rules.facts.extract.kept import LARGEST
from trl_lint_rules.facts.extract.tree import Tree
from trl_lint_rules.facts.source_tree import SourceTreeError, roots

_VENVS = (".venv", "venv")
_MOST_TEMPLATES = 500
_MOST_FOLDERS = 64

_given: list[Path] = []


@dataclass(frozen=True)
class TrainingTemplate:
    """A template that a release trains with in the place of another: its name, its text, and where it was read."""

    name: str
    text: str
    release: Release
    path: str


def give(paths: Sequence[Path]) -> None:
    """From now on templates are read from the TRL packages in these folders first.

    Raises SourceTreeError where a folder holds none.
    """
    found = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100 (keeps links)
    for path in found:
        if not disk.is_dir(path) or not roots(path, "trl"):
            raise SourceTreeError(f"{path}: trl does not lie in this folder")
    _given[:] = found


def training_template(trl: Release, sha256: str, folder: Path) -> TrainingTemplate | None:
    """What replaces the template with this fingerprint: of this release if it is at hand, else of the nearest one.

    Looked for in the given folders, in the environments in and above `folder`, and in the linter's own.
    """
    found = [
        TrainingTemplate(name, text, release, str(root))
        for root, release in _packages(folder)
        for name, text in [_replacements(root).get(sha256, ("", ""))]
        if text
    ]
    exact = next((one for one in found if one.release == trl), None)
    if exact is not None or not found:
        return exact
    known = sorted({one.release for one in found})
    before = [release for release in known if release < trl]
    nearest = before[-1] if before else known[0]
    return next(one for one in found if one.release == nearest)


def _packages(folder: Path) -> Iterator[tuple[Path, Release]]:
    for root in dict.fromkeys(_roots(folder)):
        version = project.version("trl", root)
        if version is not None:
            yield root, version[1]


def _roots(folder: Path) -> Iterator[Path]:
    for path in _given:
        yield from roots(path, "trl")[:1]
    for above in (folder.absolute(), *folder.absolute().parents)[:_MOST_FOLDERS]:
        for name in _VENVS:
            if disk.is_dir(above / name):
                yield from roots(above / name, "trl")[:1]
    for home in map(os.environ.get, ("VIRTUAL_ENV", "CONDA_PREFIX")):
        if home:
            yield from roots(Path(home), "trl")[:1]
    for entry in sys.path:
        if entry.endswith(("site-packages", "dist-packages")) and disk.is_file(Path(entry) / "trl" / "__init__.py"):
            yield Path(entry)


@cache
def _replacements(root: Path) -> Mapping[str, tuple[str, str]]:
    """sha256 of each template that this package replaces: the name and text of the training one."""
    tree = Tree("trl", dict(_files(root)))
    try:
        pairs = templates.patched(tree)
        texts = {sha: (str(names[1]), templates.template_text(tree, str(names[1]))) for sha, names in pairs.items()}
    except (UnknownShapeError, KeyError):
        return {}
    return {
        sha: (name.removesuffix("_chat_template"), text)
        for sha, (name, text) in texts.items()
        if text is not None and hashlib.sha256(text.encode()).hexdigest() != sha
    }


def _files(root: Path) -> Iterator[tuple[str, str]]:
    utilities = root / "trl" / "chat_template_utils.py"
    folder = root / "trl" / "chat_templates"
    for file in (utilities, *disk.matching(folder, "*.jinja")[:_MOST_TEMPLATES]):
        text = _text(file)
        if text is not None:
            yield file.relative_to(root).as_posix(), text


def _text(file: Path) -> str | None:
    try:
        return disk.text(file, LARGEST) if disk.size(file) <= LARGEST else None
    except (OSError, ValueError):
        return None
