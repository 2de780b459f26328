"""The manifests of one folder, in the order in which they decide."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from trl_lint import disk
from trl_lint.lazy import regex
from trl_lint.model.span import Place
from trl_lint.model.target import Problem
from trl_lint.paths import display_path
from trl_lint.targets.claims import Reading
from trl_lint.targets.files import Document, read_document

_MOST = 100  # manifests read in one folder, and problems told of each

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("toml-lock", regex(r"uv\.lock")),
    ("toml-lock", regex(r"poetry\.lock")),
    ("toml-lock", regex(r"pylock(?:\.[\w-]+)?\.toml")),
    ("pipfile-lock", regex(r"Pipfile\.lock")),
    ("pixi-lock", regex(r"pixi\.lock")),
    ("requirements", regex(r"requirements\.txt")),
    ("requirements", regex(r"requirements.*\.txt")),
    ("pyproject", regex(r"pyproject\.toml")),
    ("setup-cfg", regex(r"setup\.cfg")),
    ("setup-py", regex(r"setup\.py")),
    # behind the project files: such a folder often holds what only some variant of the project needs
    ("requirements-folder", regex(r"requirements")),
    ("conda", regex(r"(?:environment.*|conda)\.ya?ml")),
    ("dockerfile", regex(r"(?:Docker|Container)file(?:\..+)?|.+\.[Dd]ockerfile")),
)


def read_folder(folder: Path) -> Reading:
    """What all manifests of `folder` say: locks, requirements files, project files, container files."""
    try:
        names = [name for name in disk.names(folder) if _rank(name) is not None]
    except FileNotFoundError:
        return Reading()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Reading(problems=(Problem(Place(display_path(folder), 1), f"cannot be listed: {reason}"),))
    reading = Reading()
    for name in sorted(names, key=lambda name: (_rank(name), name))[:_MOST]:
        found = read_manifest(folder / name)
        reading += Reading(found.layers, found.problems[:_MOST])
    return reading


def read_manifest(path: Path) -> Reading:
    """What one manifest says; its kind is known by its name. Nothing for a file of another kind."""
    rank = _rank(path.name)
    kind = _KINDS[rank][0] if rank is not None else ""
    if kind == "requirements":
        from trl_lint.targets.readers.requirements import read_requirements

        return read_requirements(path)
    if kind == "requirements-folder":
        return _read_requirements_folder(path)
    document = read_document(path) if kind else None
    if isinstance(document, Document):
        return _reader(kind)(document)
    return Reading(problems=(document,) if document is not None else ())


def is_manifest(path: Path) -> bool:
    """Whether a file of this name can decide a target (a `-r` file may have any name and is not counted)."""
    if path.parent.name == "requirements" and path.suffix == ".txt":
        return True
    rank = _rank(path.name)
    return rank is not None and _KINDS[rank][0] != "requirements-folder"


def _rank(name: str) -> int | None:
    """The place of a file name in the order; None if it is no manifest's."""
    if name[:1] not in "upPrescCDe" and not name.lower().endswith("dockerfile"):
        return None
    return next((index for index, (_, pattern) in enumerate(_KINDS) if pattern.fullmatch(name)), None)


def _read_requirements_folder(path: Path) -> Reading:
    """`requirements/*.txt`."""
    from trl_lint.targets.readers.requirements import read_requirements

    try:
        names = [name for name in disk.names(path) if name.endswith(".txt")]
    except OSError:  # a file of that name, or a folder that is not ours to read: nothing says that it is a manifest
        return Reading()
    reading = Reading()
    for name in names[:_MOST]:
        reading += read_requirements(path / name)
    return reading


def _reader(kind: str) -> Callable[[Document], Reading]:
    """The reader of a kind, imported when the first such file is met."""
    if kind == "toml-lock":
        from trl_lint.targets.readers.toml_locks import read_toml_lock as reader
    elif kind == "pipfile-lock":
        from trl_lint.targets.readers.pipfile_lock import read_pipfile_lock as reader
    elif kind == "pixi-lock":
        from trl_lint.targets.readers.pixi_lock import read_pixi_lock as reader
    elif kind == "pyproject":
        from trl_lint.targets.readers.pyproject import read_pyproject as reader
    elif kind == "setup-cfg":
        from trl_lint.targets.readers.setup_cfg import read_setup_cfg as reader
    elif kind == "setup-py":
        from trl_lint.targets.readers.setup_py import read_setup_py as reader
    elif kind == "conda":
        from trl_lint.targets.readers.conda import read_conda as reader
    else:
        from trl_lint.targets.readers.dockerfile import read_dockerfile as reader
    return reader
