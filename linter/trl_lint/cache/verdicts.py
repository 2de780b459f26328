"""Finds and keeps verdicts. One is found only if it was made of the same bytes in the same way, and every question that
was asked of the file system meanwhile (`trl_lint.disk`) would be answered the same now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from trl_lint import disk
from trl_lint.cache.codec import Kept, decode, encode
from trl_lint.cache.store import Store
from trl_lint.dataclass import replace
from trl_lint.digests import digest
from trl_lint.engine import Checked
from trl_lint.model.source import Source
from trl_lint.sources.document import Document, kind_of
from trl_lint.sources.read import from_bytes, read

_MOST_QUESTIONS = 200_000


class Verdicts:
    """The verdicts in a folder. `tool` is a digest of what made them.

    Only one of a process may keep verdicts: what is asked once is remembered, and not asked again for the next.
    """

    def __init__(self, store: Store, tool: str) -> None:
        self._store = store
        self._tool = tool
        self._here = str(Path.cwd())
        self._worlds: dict[str, bool] = {}
        self._answers: dict[disk.Question, str] = {}

    def name(self, path: Path, shown: str, raw: bytes, judge: str) -> str:
        """The name of the verdict on a file of these bytes; `judge` says how it is judged."""
        return digest(self._tool, self._here, str(path), shown, raw, judge)

    def find(self, name: str, path: Path, shown: str, raw: bytes) -> Checked | None:
        """The verdict of this name on the file at `path`, which holds `raw`."""
        content = self._store.get(name)
        kept = decode(content) if content is not None else None
        if kept is None or not self._is_so(kept.world):
            return None
        others = {}
        for other, text in kept.others:
            source = _source(Path(other).absolute(), other)
            if source is None or digest(source.text) != text:
                return None
            others[other] = source
        document = from_bytes(raw, shown, kind_of(path)) if kept.has_text else None
        if kept.has_text and not isinstance(document, Document):
            return None
        found = document if isinstance(document, Document) else None
        return Checked(kept.findings, found, kept.runs, None, kept.elsewhere, others)

    def keep(self, found: Mapping[str, Checked]) -> None:
        """Keeps verdicts by their names, all of them hanging on everything that this process has asked."""
        answers = disk.recorded()
        if not found or answers is None or len(answers) > _MOST_QUESTIONS:
            return
        content = json.dumps(sorted([*question, answer] for question, answer in answers.items())).encode("ascii")
        world = digest(content)
        if not self._store.prepare():
            return
        self._store.put(world, content)
        for name, checked in found.items():
            others = tuple((path, digest(source.text)) for path, source in checked.others.items())
            has_text = checked.document is not None
            kept = Kept(world, checked.findings, checked.elsewhere, checked.runs, has_text, others)
            self._store.put(name, encode(kept))
        self._store.shrink()

    def _is_so(self, world: str) -> bool:
        """Whether all questions are answered as they were."""
        if world not in self._worlds:
            content = self._store.get(world)
            self._worlds[world] = content is not None and digest(content) == world and self._same(content)
        return self._worlds[world]

    def _same(self, content: bytes) -> bool:
        try:
            return all(self._ask((what, path, limit)) == answer for what, path, limit, answer in json.loads(content))
        except (ValueError, TypeError, KeyError, RecursionError):
            return False

    def _ask(self, question: disk.Question) -> str:
        if question not in self._answers:
            self._answers[question] = disk.ask(question)
        return self._answers[question]


def _source(path: Path, shown: str) -> Source | None:
    document = read(path, shown)
    return replace(document.source, others={}) if isinstance(document, Document) else None
