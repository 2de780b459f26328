"""What changes outside of the text: lock files, recipes, settings; and work that nobody waits for any more."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types

from trl_lint.model.source import Kind
from trl_lint.server import watching
from trl_lint.server.checking import Analysis, Checker
from trl_lint.server.scheduling import CheckQueue, Superseded
from trl_lint.server.settings import Settings, read_settings
from trl_lint.server.snapshots import Snapshot, Text

from .editor import editor

WATCHES = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
        did_change_configuration=types.DidChangeConfigurationClientCapabilities(dynamic_registration=True),
        configuration=True,
    )
)


@pytest.mark.asyncio
async def test_another_release_in_the_lock_file_is_another_verdict(project: Path) -> None:
    async with editor(project, WATCHES) as ed:
        assert [each.code for each in await ed.open("train.py")] == ["TRL201"]
        await ed.until(lambda: ed.registered)
        (registered,) = ed.registered
        assert registered.method == "workspace/didChangeWatchedFiles"
        (project / "requirements.txt").write_text("trl==0.20.0\ntransformers==4.55.0\n")
        ed.disk_changed("requirements.txt")
        await ed.until(lambda: "TRL201" not in ed.codes(ed.uri("train.py")))


@pytest.mark.asyncio
@pytest.mark.slow
async def test_a_client_that_watches_nothing_is_served_when_it_saves(project: Path) -> None:
    async with editor(project) as ed:
        await ed.open("train.py")
        (project / "requirements.txt").write_text("trl==0.20.0\ntransformers==4.55.0\n")
        identifier = types.TextDocumentIdentifier(ed.uri("train.py"))
        ed.client.text_document_did_save(types.DidSaveTextDocumentParams(identifier))
        await ed.until(lambda: "TRL201" not in ed.codes(ed.uri("train.py")))


@pytest.mark.asyncio
@pytest.mark.slow
async def test_settings_come_with_the_start_and_change_later(project: Path) -> None:
    async with editor(project, options={"settings": {"targetTrl": "0.20"}}) as ed:
        assert "TRL201" not in [each.code for each in await ed.open("train.py")]
        changed = types.DidChangeConfigurationParams({"trl-lint": {"targetTrl": "1.9.2"}})
        ed.client.workspace_did_change_configuration(changed)
        await ed.until(lambda: ed.codes(ed.uri("train.py")) == ["TRL201"])


@pytest.mark.asyncio
@pytest.mark.slow
async def test_the_client_is_asked_for_settings_where_it_answers(project: Path) -> None:
    async with editor(project, WATCHES, configuration={"targetTrl": "0.20"}) as ed:
        await ed.open("train.py")
        await ed.until(lambda: "TRL201" not in ed.codes(ed.uri("train.py")))


@pytest.mark.asyncio
@pytest.mark.slow
async def test_settings_that_make_no_sense_are_told(project: Path) -> None:
    async with editor(project, options={"minConfidence": "sure", "targetTrl": "newish", "online": 1}) as ed:
        assert await ed.open("train.py") == []
        await ed.until(lambda: len(ed.client.messages) == 3)
        told = " ".join(each.message for each in ed.client.messages)
        assert "`minConfidence` must be one of certain, possible" in told
        assert "`online` must be true or false" in told
        assert "'newish' is neither a release nor a specifier" in told


def test_settings_are_read_below_their_section_or_alone() -> None:
    assert read_settings({"trl-lint": {"targetTrl": "1.9"}}) == read_settings({"targetTrl": "1.9"})
    assert read_settings(None) == read_settings([]) == Settings()
    arguments = read_settings({"targetTrl": ">=0.22", "minConfidence": "certain", "online": True}).arguments()
    assert (arguments.target_trl, arguments.min_confidence, arguments.online) == (">=0.22", "certain", True)


def test_every_manifest_and_configuration_file_is_watched() -> None:
    from pathlib import PurePath

    from trl_lint.configuration.loading import CONFIG_FILES
    from trl_lint.targets.folder import is_manifest

    names = ["uv.lock", "poetry.lock", "pylock.toml", "pylock.dev.toml", "Pipfile.lock", "pixi.lock", "conda.yml"]
    names += ["requirements.txt", "requirements-dev.txt", "pyproject.toml", "setup.cfg", "setup.py", "Dockerfile"]
    names += ["environment.yml", "environment-gpu.yaml", "Dockerfile.train", "Containerfile"]
    assert all(is_manifest(Path(name)) for name in names)
    patterns = [each for pattern in watching.PATTERNS for each in _alternatives(pattern.removeprefix("**/"))]
    for name in (*names, *CONFIG_FILES):
        assert any(PurePath(name).match(pattern) for pattern in patterns), name


def _alternatives(pattern: str) -> list[str]:
    """`a.{b,c}` as `a.b` and `a.c`."""
    head, brace, rest = pattern.partition("{")
    if not brace:
        return [pattern]
    inside, _, tail = rest.partition("}")
    return [found for each in inside.split(",") for found in _alternatives(f"{head}{each}{tail}")]


def _snapshot(text: str, uri: str = "file:///a.py") -> Snapshot:
    return Snapshot(uri, Path("/a.py"), Kind.PYTHON, (Text(uri, 1, "python", text),))


@pytest.mark.asyncio
async def test_a_check_that_is_overtaken_stops_and_only_the_newest_text_is_answered() -> None:
    begun, checked = asyncio.Event(), []
    loop = asyncio.get_running_loop()

    def check(snapshot: Snapshot, before: Analysis | None, checkpoint: object) -> Analysis:
        assert isinstance(checkpoint, Superseded)
        if snapshot.texts[0].text == "first":
            loop.call_soon_threadsafe(begun.set)
            while True:  # for ever, unless it is told to stop
                checkpoint()
        checked.append(snapshot.texts[0].text)
        return Analysis(snapshot)

    done: list[str] = []
    checks = CheckQueue(check, lambda analysis: done.append(analysis.snapshot.texts[0].text))
    checks.put(_snapshot("first"))
    waiting = asyncio.ensure_future(checks.current("file:///a.py"))
    await begun.wait()
    checks.put(_snapshot("second"))
    checks.put(_snapshot("third"))
    analysis = await waiting
    assert analysis is not None
    assert analysis.snapshot.texts[0].text == "third"
    assert checked == done == ["third"]
    checks.close()


@pytest.mark.asyncio
async def test_a_closed_document_is_answered_with_nothing() -> None:
    checks = CheckQueue(lambda snapshot, _, __: Analysis(snapshot), lambda _: None)
    checks.put(_snapshot("text"))
    waiting = asyncio.ensure_future(checks.current("file:///a.py"))
    await asyncio.sleep(0)
    checks.remove("file:///a.py")
    assert await waiting is None
    assert await checks.current("file:///a.py") is None
    checks.close()


def test_the_engine_stops_between_its_steps(project: Path) -> None:
    text = (project / "train.py").read_text()
    uri = (project / "train.py").as_uri()
    snapshot = Snapshot(uri, project / "train.py", Kind.PYTHON, (Text(uri, 1, "python", text),))
    superseded = Superseded()
    superseded.stop()
    from trl_lint.server.checking import SupersededError

    with pytest.raises(SupersededError):
        Checker().check(snapshot, None, superseded)
