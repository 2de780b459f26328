"""Finds and reads the configuration: `.trl-lint.toml`, `trl-lint.toml` or `[tool.trl-lint]` of `pyproject.toml`.

As with ruff the nearest folder upwards that has one decides alone, and files are judged each by their own.
"""

# os.path rather than pathlib: some of this is done for each of thousands of folders.
# ruff: noqa: PTH113, PTH118, PTH120

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trl_lint.configuration.errors import ConfigurationError
from trl_lint.configuration.keys import KEYS
from trl_lint.configuration.patterns import pattern_problem
from trl_lint.configuration.settings import DEFAULT_EXCLUDE, Configuration, Layer
from trl_lint.configuration.toml_file import key_lines, parse
from trl_lint.dataclass import replace
from trl_lint.model.finding import Confidence
from trl_lint.paths import display_path

CONFIG_FILES = (".trl-lint.toml", "trl-lint.toml", "pyproject.toml")
_TABLE = ("tool", "trl-lint")
_MOST_BYTES = 4 << 20


def read(path: Path) -> Configuration | None:
    """The configuration in this file; None for a `pyproject.toml` that has none.

    Raises ConfigurationError, with file and line, for a file that cannot be read, is no TOML, or says
    something that is no setting.
    """
    name = display_path(path)
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as problem:
        raise ConfigurationError(name, 0, f"cannot be read: {problem.strerror or problem}") from None
    shared = path.name == "pyproject.toml"
    if shared and b"trl-lint" not in raw:
        return None
    if len(raw) > _MOST_BYTES:
        raise ConfigurationError(name, 0, f"larger than {_MOST_BYTES >> 20} MiB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        raise ConfigurationError(name, line, "not UTF-8") from None
    data: Any = parse(text, name)
    prefix = _TABLE if shared else ()
    for part in prefix:
        data = data.get(part) if isinstance(data, dict) else None
        if data is None:
            return None
    lines = key_lines(text)
    return _Reader(path, data, prefix, lines).configuration()


class _Reader:
    """Checks the types of one file's settings and builds the configuration from them."""

    def __init__(self, path: Path, data: Any, prefix: tuple[str, ...], lines: Mapping[tuple[str, ...], int]) -> None:
        self.path = path
        self.prefix = prefix
        self.lines = lines
        if not isinstance(data, dict):
            self.fail("", "must be a table")
        self.data: dict[str, Any] = data

    def fail(self, key: str, message: str) -> None:
        where = (*self.prefix, key) if key else self.prefix
        line = self.lines.get(where, self.lines.get(self.prefix, 1))
        raise ConfigurationError(display_path(self.path), line, f"`{key or '.'.join(self.prefix)}` {message}")

    def configuration(self) -> Configuration:
        for key in self.data:
            if key not in KEYS:
                self.unknown(key)
        get = self.strings
        layer = Layer(
            get("select"),
            get("extend-select") or (),
            (*(get("ignore") or ()), *(get("extend-ignore") or ())),
            get("fixable"),
            get("unfixable") or (),
        )
        exclude = get("exclude")
        given: dict[str, Any] = {
            "exclude": (*(DEFAULT_EXCLUDE if exclude is None else exclude), *(get("extend-exclude") or ())),
            "include": get("include"),
            "respect_gitignore": self.switch("respect-gitignore"),
            "markdown": self.switch("markdown"),
            "force_exclude": self.switch("force-exclude"),
            "target_trl": self.word("target-trl"),
            "target_transformers": self.word("target-transformers"),
            "output_format": self.word("output-format"),
            "unsafe_fixes": self.switch("unsafe-fixes"),
            "online": self.switch("online"),
            "rule_url": self.word("rule-url"),
        }
        if (baseline := self.word("baseline")) is not None:
            given["baseline"] = self.path.parent / baseline
        if (confidence := self.word("min-confidence")) is not None:
            given["min_confidence"] = Confidence(confidence)
        per_file = self.per_file_ignores()
        self.check_patterns(per_file)
        count = len(self.prefix)
        lines = {
            path[count]: n
            for path, n in reversed([*self.lines.items()])
            if path[:count] == self.prefix and path[count:]
        }
        return Configuration(
            root=self.path.parent,
            file=self.path,
            layers=(layer,),
            per_file_ignores=per_file,
            lines=lines,
            **{key: value for key, value in given.items() if value is not None},
        )

    def unknown(self, key: str) -> None:
        import difflib

        near = difflib.get_close_matches(key.replace("_", "-"), KEYS, n=1)
        if key == "tool" and not self.prefix:
            self.fail(key, "is no setting: this file is all trl-lint's, write its settings without a table")
        self.fail(key, "is no setting" + (f"; did you mean `{near[0]}`?" if near else ""))

    def strings(self, key: str) -> tuple[str, ...] | None:
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(key, "must be a list of strings")
        return tuple(value)

    def word(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fail(key, "must be a string")
        choices = KEYS[key].choices
        if choices and value not in choices:
            self.fail(key, f"must be one of {', '.join(choices)}, not {value!r}")
        return str(value)

    def switch(self, key: str) -> bool | None:
        value = self.data.get(key)
        if value is not None and not isinstance(value, bool):
            self.fail(key, "must be true or false")
        return value

    def per_file_ignores(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        value = self.data.get("per-file-ignores", {})
        if not isinstance(value, dict) or not all(
            isinstance(found, list) and all(isinstance(item, str) for item in found) for found in value.values()
        ):
            self.fail("per-file-ignores", "must be a table of lists of strings")
        return tuple((pattern, tuple(found)) for pattern, found in value.items())

    def check_patterns(self, per_file: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        listed = {key: self.strings(key) or () for key in ("exclude", "extend-exclude", "include")}
        listed["per-file-ignores"] = tuple(pattern.removeprefix("!") for pattern, _ in per_file)
        for key, patterns in listed.items():
            if (problem := pattern_problem(patterns)) is not None:
                self.fail(key, problem)


class Configurations:
    """The configuration of each folder, each file read once, with the command line laid over it.

    `only` is the one file to use (`--config`); `isolated` ignores all of them.
    """

    def __init__(
        self,
        overlay: Callable[[Configuration], Configuration] = lambda found: found,
        only: Path | None = None,
        isolated: bool = False,
    ) -> None:
        self._overlay = overlay
        self._folders: dict[str, Configuration] = {}
        self._fixed: Configuration | None = None
        self._default = overlay(Configuration(root=Path.cwd()))
        if isolated:
            self._fixed = self._default
        elif only is not None:
            found = read(only)
            # Its patterns are relative to the working directory then, as ruff has it.
            self._fixed = overlay(replace(found, root=Path.cwd())) if found is not None else self._default

    def of(self, folder: str) -> Configuration:
        """The configuration for files in this (absolute) folder."""
        if self._fixed is not None:
            return self._fixed
        missing, here = [], folder
        while here not in self._folders:
            missing.append(here)
            if (found := self._read_in(here, CONFIG_FILES)) is not None:
                self._folders[here] = found
                break
            above = os.path.dirname(here)
            if above == here:
                self._folders[here] = self._default
                break
            here = above
        found = self._folders[here]
        self._folders.update(dict.fromkeys(missing, found))
        return found

    def below(self, parent: Configuration, folder: str, names: set[str]) -> Configuration:
        """The configuration for files in `folder`, which holds `names`, given that of the folder above."""
        present = [name for name in CONFIG_FILES if name in names]
        if self._fixed is not None or not present:
            return parent
        return self._read_in(folder, present) or parent

    def _read_in(self, folder: str, names: list[str] | tuple[str, ...]) -> Configuration | None:
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (found := read(Path(path))) is not None:
                return self._overlay(found)
        return None
