"""Finding what is known of a model: local folder, then cache, then (only if allowed) the Hub, then its name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from trl_lint.artifacts.cache import cache_roots, expand_home, find_snapshot
from trl_lint.artifacts.folder import Folder, read_folder
from trl_lint.artifacts.names import Kind, is_repository, kind_of
from trl_lint.artifacts.reading import is_dir
from trl_lint.artifacts.wellknown import by_name
from trl_lint.dataclass import replace
from trl_lint.model.artifact import Artifact, Evidence
from trl_lint.paths import display_path, nearest_project


class ArtifactFinder:
    """Looks models up and remembers the answers; one for each run of the engine.

    `online` allows questions to the Hub, all those about one artifact within `deadline` seconds. `environ`
    (by default the process's) says where the cache is and how the Hub is reached. Nothing is ever written.
    """

    def __init__(
        self, *, online: bool = False, environ: Mapping[str, str] | None = None, deadline: float = 10.0
    ) -> None:
        self._online = online
        self._environ = dict(os.environ if environ is None else environ)
        self._deadline = deadline
        self._answers: dict[tuple[str, str, str | None], Artifact] = {}
        self._folders: dict[str, Folder] = {}
        self._remote: dict[tuple[str, str | None], Artifact] = {}

    def find(self, name: str, folder: Path, revision: str | None = None) -> Artifact:
        """What is known of `name`, as code in `folder` would mean it. Never raises.

        A relative path is looked for from `folder`, then from the current working directory, then from the
        project's root (the nearest folder upwards that looks like one).
        """
        key = (name, str(folder), revision)
        if key not in self._answers:
            self._answers[key] = self._find(name, folder, revision)
        return self._answers[key]

    def _find(self, name: str, folder: Path, revision: str | None) -> Artifact:
        kind = kind_of(name)
        if kind is Kind.OTHER:
            return _nothing(name, revision, f"{name[:80]!r} is neither a folder nor the name of a model")
        local = self._local(name, folder, needs_model=kind is Kind.REPOSITORY)
        if local is not None:
            return local
        if kind is Kind.PATH:
            return _nothing(name, revision, f"the folder {name} does not exist here")
        remote = (name, revision)
        if remote not in self._remote:
            self._remote[remote] = self._elsewhere(name, revision)
        return self._remote[remote]

    def _local(self, name: str, folder: Path, *, needs_model: bool) -> Artifact | None:
        expanded = expand_home(name, self._environ)
        for base in _bases(folder):
            path = base / expanded
            if not is_dir(path):
                continue
            found = self._read(path)
            # `gpt2` may also be a folder of code: what looks like a repository is a folder only if it holds a model.
            if found.is_model or not needs_model:
                return _local_artifact(name, found)
        return None

    def _read(self, path: Path) -> Folder:
        key = str(path.absolute())
        if key not in self._folders:
            self._folders[key] = read_folder(Path(key))
        return self._folders[key]

    def _elsewhere(self, name: str, revision: str | None) -> Artifact:
        cached = self._cached(name, revision)
        if cached is not None:
            return cached
        problems: tuple[str, ...] = ()
        if self._online and is_repository(name):
            from trl_lint.artifacts.hub import look_up

            answer = look_up(name, revision, self._environ, self._deadline)
            if answer.known:
                return answer
            problems = answer.problems
        known = by_name(name)
        if known is not None:
            return replace(known, revision=revision, problems=problems)
        where = "in no local folder, not in the Hugging Face cache"
        hint = "on the Hub" if self._online else "and --online was not given"
        return _nothing(name, revision, *(problems or (f"{name} was found {where}, {hint}",)))

    def _cached(self, name: str, revision: str | None) -> Artifact | None:
        for root in cache_roots(self._environ):
            snapshot = find_snapshot(root, name, revision)
            if snapshot is None:
                continue
            data = snapshot.folder.metadata
            return Artifact(
                name,
                Evidence.CACHE,
                where=str(snapshot.folder.path),
                revision=snapshot.commit,
                files=frozenset(data.files),
                json_files=data.json_files,
                templates=data.templates,
                tokenizer_json=snapshot.folder.tokenizer_json,
                complete=snapshot.complete,
                problems=(*snapshot.problems, *data.problems),
                absent=snapshot.absent - data.files,
            )
        return None


def _local_artifact(name: str, found: Folder) -> Artifact:
    data = found.metadata
    return Artifact(
        name,
        Evidence.LOCAL,
        where=display_path(found.path),
        files=frozenset(data.files),
        json_files=data.json_files,
        templates=data.templates,
        tokenizer_json=found.tokenizer_json,
        complete=found.listed,
        problems=tuple(data.problems),
    )


def _nothing(name: str, revision: str | None, *problems: str) -> Artifact:
    return Artifact(name, Evidence.NONE, revision=revision, problems=problems)


def _bases(folder: Path) -> Iterator[Path]:
    """Where a relative path may start, the most likely first."""
    yield folder
    try:
        yield Path.cwd()
    except OSError:  # the working directory was deleted
        pass
    project = nearest_project(folder.absolute())
    if project is not None:
        yield project
