"""What a folder says of the package in it: which version it is, and what it needs."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trl_lint import disk
from trl_lint.model.release import Release

_VERSION_FILES = ("VERSION", "version.txt")
_MOST_BYTES = 1_000_000  # of a version file or METADATA


def release(text: str) -> Release | None:
    """The release that a version belongs to (`1.17.0.dev0`: 1.17.0); None for what is no version."""
    from packaging.version import InvalidVersion, Version

    try:
        parts = Version(text).release
    except InvalidVersion:
        return None
    return Release(*[*parts, 0, 0][:3])


def text(file: Path) -> str:
    """The text of a file; empty where it cannot be read."""
    try:
        return disk.head(file, _MOST_BYTES).decode("utf-8", "replace").replace("\r\n", "\n")
    except (OSError, ValueError):
        return ""


def _installed_metadata(package: str, root: Path) -> str:
    """The METADATA beside the package; of leftovers of several releases that of the newest."""
    found: list[tuple[Release, str]] = []
    for folder in disk.matching(root, f"{package}-*.dist-info"):
        said = text(folder / "METADATA")
        version = release(_version_line(said))
        if version is not None:
            found.append((version, said))
    return max(found)[1] if found else ""


def _version_line(metadata: str) -> str:
    match = re.search(r"^Version: *(\S+)", metadata.partition("\n\n")[0], re.MULTILINE)
    return match[1] if match else ""


def _project(root: Path) -> tuple[Path, dict[str, Any]]:
    """The folder of the checkout and the `project` table of its pyproject.toml, which may be empty."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found, unused-ignore]

    home = root.parent if root.name == "src" else root
    try:
        project = tomllib.loads(text(home / "pyproject.toml")).get("project")
    except (ValueError, RecursionError):
        project = None
    return home, project if isinstance(project, dict) else {}


def version(package: str, root: Path) -> tuple[str, Release] | None:
    """The version of the package whose folder lies in `root`, as it is written, and its release; None: nothing says."""
    for said in _versions(package, root):
        found = release(said)
        if found is not None:
            return said, found
    return None


def _versions(package: str, root: Path) -> Iterator[str]:
    """What says the version, the most reliable first."""
    installed = _version_line(_installed_metadata(package, root))
    if installed:
        yield installed
    yield from _assigned(text(root / package / "__init__.py"), "__version__")
    home, project = _project(root)
    if project.get("name") not in (None, package):
        return
    if isinstance(project.get("version"), str):
        yield project["version"]
    yield from _assigned(text(home / "setup.py"), "__version__")
    yield from _assigned(text(home / "setup.py"), "version")
    yield from (text(home / name).strip() for name in _VERSION_FILES)


def _assigned(code: str, name: str) -> Iterator[str]:
    """The text that Python code assigns to `name`, or gives as the keyword `name` of a call."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        named: list[str | None] = []
        if isinstance(node, ast.Assign):
            named = [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.keyword):
            named = [node.arg]
        value = getattr(node, "value", None)
        if name in named and isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def metadata(package: str, root: Path) -> str:
    """What the package needs, as lines of METADATA; empty where neither it nor pyproject.toml says so."""
    installed = _installed_metadata(package, root)
    if installed:
        return installed
    _, project = _project(root)
    if project.get("name") != package:
        return ""
    lines = [f"Requires-Dist: {line}" for line in _lines(project.get("dependencies"))]
    extras = project.get("optional-dependencies")
    for name, listed in extras.items() if isinstance(extras, dict) else ():
        lines += [f'Requires-Dist: {line.partition(";")[0]}; extra == "{name}"' for line in _lines(listed)]
    if lines and isinstance(project.get("requires-python"), str):
        lines.append(f"Requires-Python: {project['requires-python']}")
    return "\n".join(lines)


def _lines(listed: Any) -> list[str]:
    return [line for line in listed if isinstance(line, str)] if isinstance(listed, list) else []
