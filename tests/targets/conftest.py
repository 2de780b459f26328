"""A small, fixed world of releases, and a project folder to write manifests into."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from trl_lint.model.release import Release
from trl_lint.model.source import Kind, MagicLine, Source, Unit
from trl_lint.model.span import Span
from trl_lint.model.target import Target
from trl_lint.targets.index import Overrides, ReleaseIndex
from trl_lint.targets.resolver import TargetResolver

TRL = "0.9.4 0.9.6 0.19.1 0.20.0 0.21.0 0.22.0 0.22.1 0.22.2 0.29.1 1.0.0 1.9.0 1.9.2 1.10.0 1.15.0 1.16.0"
TRANSFORMERS = "4.40.0 4.46.3 4.55.4 4.56.2 4.57.1 5.0.0 5.10.1 5.18.0 5.18.1"
WISHES = {(0, 9): ">=4.31.0", (0, 22): ">=4.55.0", (1, 15): ">=4.56.2,!=5.18.0", (1, 16): ">=4.56.2"}


def releases(text: str) -> tuple[Release, ...]:
    return tuple(Release.parse(part) for part in text.split())


def requires(release: Release) -> Mapping[str, str]:
    return {"transformers": WISHES.get(release[:2], ">=4.46.0")}


INDEX = ReleaseIndex({"trl": releases(TRL), "transformers": releases(TRANSFORMERS)}, requires)


class Project:
    """A folder with manifests, and the target of sources in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.site_packages = root / "site"

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def install(self, name: str) -> None:
        (self.site_packages / name).mkdir(parents=True)

    def resolver(self, overrides: Overrides | None = None) -> TargetResolver:
        return TargetResolver(INDEX, overrides, root=self.root, environment=[self.site_packages])

    def target(
        self,
        text: str = "import trl\n",
        *,
        folder: str = ".",
        kind: Kind = Kind.PYTHON,
        overrides: Overrides | None = None,
    ) -> Target:
        return self.resolver(overrides).resolve(Source("train.py", kind, text), self.root / folder)

    def notebook(self, *lines: str) -> Target:
        """The target of a notebook whose second cell holds these magic lines."""
        text = "import trl\n" + "\n".join("p" * len(line) for line in lines)
        magics, start = [], len("import trl\n")
        for line in lines:
            magics.append(MagicLine(line, Span("nb.ipynb", start, start + len(line))))
            start += len(line) + 1
        units = (Unit(0, 10, 1), Unit(11, len(text), 2))
        return self.resolver().resolve(Source("nb.ipynb", Kind.NOTEBOOK, text, units, tuple(magics)), self.root)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


@pytest.fixture
def trl_of(project: Project) -> Callable[[str, str], str]:
    """The TRL releases that one manifest of this name and text stands for, and the line that says so."""

    def of(name: str, text: str) -> str:
        project.write(name, text)
        target = project.target()
        assert target.problems == ()
        found = target.trl
        where = "assumed" if found.assumed else str(found.place)
        return f"{' '.join(map(str, found.releases))} @ {where}{' beyond' if found.beyond else ''}"

    return of
