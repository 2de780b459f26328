"""One call of the command line: configurations, and an engine and a policy for each of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trl_lint.cli.backend import Backend
from trl_lint.configuration.errors import ConfigurationError
from trl_lint.configuration.loading import Configurations
from trl_lint.configuration.settings import Configuration, Layer
from trl_lint.dataclass import dataclass, replace
from trl_lint.engine import Engine, Options
from trl_lint.model.finding import Confidence
from trl_lint.paths import display_path
from trl_lint.policy import Policy

if TYPE_CHECKING:
    import argparse

    from trl_lint.sources.document import Document
    from trl_lint.targets.index import ReadRelease

_TARGETS = (("target-trl", "target_trl"), ("target-transformers", "target_transformers"))


@dataclass(frozen=True, eq=False)
class Judge:
    """What looks at the files of one configuration."""

    engine: Engine
    policy: Policy


class Session:
    """Configurations with the command line laid over them, and what judges by each.

    Raises ConfigurationError where either makes no sense.
    """

    def __init__(self, arguments: argparse.Namespace, backend: Backend) -> None:
        self.arguments = arguments
        self.backend = backend
        only = Path(arguments.config) if arguments.config else None
        self.configurations = Configurations(self._overlay, only, arguments.isolated)
        self.judges: dict[Configuration, Judge] = {}
        for key, name in _TARGETS:
            _check_specifier(getattr(arguments, name), f"--{key}")
        self.read = _read(arguments, backend)

    @property
    def main_configuration(self) -> Configuration:
        """The one of the working directory, which decides about the report."""
        return self.configurations.of(str(Path.cwd()))

    def judge(self, configuration: Configuration) -> Judge:
        """The engine and policy for files of this configuration."""
        if configuration not in self.judges:
            arguments = self.arguments
            configured = {}
            for key, name in _TARGETS:
                value = getattr(configuration, name)
                if value is not None:
                    place = configuration.place(key)
                    file = display_path(configuration.file) if configuration.file else ""
                    _check_specifier(value, f"`{key}`", file, place.row if place else 0)
                    configured[key] = (value, place)
            options = Options(arguments.target_trl, arguments.target_transformers, configuration.online, self.read)
            engine = self.backend.engine(options, configuration.root, configured)
            self.judges[configuration] = Judge(engine, Policy(configuration, lambda: self.backend.vocabulary))
        return self.judges[configuration]

    @property
    def failed(self) -> bool:
        """Whether any engine met a defect of the linter."""
        return any(judge.engine.failed for judge in self.judges.values())

    def amend(self, path: Path, document: Document) -> None:
        """From now on the file at `path` is `document`, whoever reads it."""
        for judge in self.judges.values():
            judge.engine.amend(path, document)

    def _overlay(self, found: Configuration) -> Configuration:
        given = self.arguments
        layer = Layer(
            select=_split(given.select),
            extend_select=_split(given.extend_select) or (),
            ignore=_split(given.ignore) or (),
            fixable=_split(given.fixable),
            unfixable=_split(given.unfixable) or (),
            origin="command line",
        )
        exclude = found.exclude if given.exclude is None else tuple(_split(given.exclude) or ())
        confidence = found.min_confidence if given.min_confidence is None else Confidence(given.min_confidence)
        return replace(
            found,
            layers=(*found.layers, layer) if layer.selectors() else found.layers,
            exclude=(*exclude, *(_split(given.extend_exclude) or ())),
            min_confidence=confidence,
            output_format=given.output_format or found.output_format,
            unsafe_fixes=_either(given.unsafe_fixes, found.unsafe_fixes),
            online=_either(given.online, found.online),
            respect_gitignore=_either(given.respect_gitignore, found.respect_gitignore),
            markdown=_either(given.markdown, found.markdown),
            force_exclude=_either(given.force_exclude, found.force_exclude),
        )


def _read(arguments: argparse.Namespace, backend: Backend) -> tuple[ReadRelease, ...]:
    """The releases in the folders of `--facts-from`. Raises ConfigurationError for one that cannot be read, or is
    asked for by another flag too."""
    if not arguments.facts_from:
        return ()
    try:
        found = backend.registry.read_facts([Path(path) for path in arguments.facts_from])
    except ValueError as error:
        raise ConfigurationError("", 0, f"--facts-from: {error}") from None
    for read in found:
        if getattr(arguments, f"target_{read.package}") is not None:
            message = f"--facts-from: {read.path} says which {read.package} is meant, --target-{read.package} too"
            raise ConfigurationError("", 0, message)
    return found


def _either(given: bool | None, found: bool) -> bool:
    return found if given is None else given


def _split(given: list[str] | None) -> tuple[str, ...] | None:
    """The values of a flag that may be given several times, and holds values with commas between them."""
    if given is None:
        return None
    return tuple(part.strip() for text in given for part in text.split(",") if part.strip())


def _check_specifier(text: str | None, what: str, path: str = "", line: int = 0) -> None:
    """Raises ConfigurationError unless `text` is a version or a PEP 440 specifier."""
    if text is None:
        return
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        Version(text)
    except InvalidVersion:
        try:
            SpecifierSet(text)
        except InvalidSpecifier:
            message = f"{what}: {text!r} is neither a release nor a specifier (`1.9.2`, `>=0.22,<1.10`)"
            raise ConfigurationError(path, line, message) from None
        if text.strip():
            return
        raise ConfigurationError(path, line, f"{what}: names no release") from None
