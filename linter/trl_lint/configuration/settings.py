"""What a project's configuration says, with the defaults of everything it does not say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from trl_lint.dataclass import dataclass, field
from trl_lint.model.finding import Confidence
from trl_lint.model.span import Place
from trl_lint.paths import display_path

DEFAULT_EXCLUDE = (
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".idea",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".trl_lint_cache",
    ".venv",
    ".vscode",
    "__pycache__",
    "__pypackages__",
    "_build",
    "buck-out",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)
DEFAULT_INCLUDE = (
    *("*.py", "*.ipynb", "*.yaml", "*.yml", "*.json"),
    *("*.sh", "*.bash", "*.slurm", "*.sbatch", "*.mk", "Makefile", "makefile", "GNUmakefile"),
    *("Dockerfile", "Dockerfile.*", "*.dockerfile", "*.Dockerfile", "Containerfile", "Containerfile.*"),
)
MARKDOWN = ("*.md", "*.mdx", "*.markdown")


@dataclass(frozen=True)
class Layer:
    """The selectors of one origin (a configuration file, the command line); a later layer refines earlier ones.

    `select` and `fixable` replace what earlier layers said, unless they are None.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fixable: tuple[str, ...] | None = None
    unfixable: tuple[str, ...] = ()
    origin: str = ""  # how an error names it

    def selectors(self) -> tuple[str, ...]:
        """All of its selectors."""
        return (
            *(self.select or ()),
            *self.extend_select,
            *self.ignore,
            *(self.fixable or ()),
            *self.unfixable,
        )


@dataclass(frozen=True, eq=False)
class Configuration:
    """The settings for the files below one folder. `file` is None where no configuration file says anything.

    `lines` holds the line of each key that the file gives.
    """

    root: Path
    file: Path | None = None
    layers: tuple[Layer, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    include: tuple[str, ...] = DEFAULT_INCLUDE
    markdown: bool = False
    respect_gitignore: bool = True
    force_exclude: bool = False
    target_trl: str | None = None
    target_transformers: str | None = None
    min_confidence: Confidence = Confidence.POSSIBLE
    output_format: str = "full"
    unsafe_fixes: bool = False
    online: bool = False
    baseline: Path | None = None
    rule_url: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

    def place(self, key: str) -> Place | None:
        """The line of the configuration file that gives `key`."""
        if self.file is None or key not in self.lines:
            return None
        return Place(display_path(self.file), self.lines[key])

    def selectors(self) -> tuple[str, ...]:
        """All rule selectors anywhere in it."""
        per_file = (selector for _, selectors in self.per_file_ignores for selector in selectors)
        return (*(s for layer in self.layers for s in layer.selectors()), *per_file)
