"""Asking the Hub for the small metadata files of one repository, within a deadline of our own.

huggingface_hub gives the addresses, the session and the headers. The files themselves are streamed here: its
downloads retry a failing server for half a minute, write into the cache, and trust the server with the size.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from trl_lint.artifacts.metadata import INDEX, Metadata, size_limit, wanted
from trl_lint.artifacts.names import is_revision
from trl_lint.artifacts.reading import MAX_METADATA
from trl_lint.dataclass import dataclass, field
from trl_lint.lazy import regex
from trl_lint.model.artifact import Artifact, Evidence

_DEFAULT_ENDPOINT = "https://huggingface.co"
_SOCKET_TIMEOUT = 5.0  # seconds
_CHUNK = 65_536  # bytes
_MAX_FILES = 20_000
_COMMIT = regex(r"[0-9a-f]{6,64}")
_ADDRESS = regex(r"https?://[^\s/\[\]]+(?:/\S*)?")
_TRUE = {"1", "on", "yes", "true"}


class _RefusedError(Exception):
    """Why there is no answer, as a phrase about the Hub."""


@dataclass
class _Task:
    """One look-up: what is asked, and what has arrived. Shared with the thread that asks."""

    name: str
    revision: str
    endpoint: str
    token: str | None
    ends: float  # time.monotonic()
    data: Metadata = field(default_factory=Metadata)
    commit: str | None = None
    listed: bool = False
    finished: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def left(self) -> float:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise _RefusedError("did not answer in time")
        return left


def look_up(name: str, revision: str | None, environ: Mapping[str, str], deadline: float) -> Artifact:
    """What the Hub says of `name`, after at most `deadline` seconds; evidence `NONE` where it says nothing.

    A look-up that is cut short keeps what has arrived. Problems never hold a token.
    """
    endpoint = (environ.get("HF_ENDPOINT") or _DEFAULT_ENDPOINT).rstrip("/")
    problem = _forbidden(revision, endpoint, environ)
    if problem:
        return Artifact(name, Evidence.NONE, revision=revision, problems=(problem,))
    try:
        # Outside the deadline: importing takes a second on a cold disk, and only once.
        import huggingface_hub.utils  # noqa: F401
    except Exception as error:
        text = f"huggingface_hub cannot be imported ({type(error).__name__}), so the Hub was not asked"
        return Artifact(name, Evidence.NONE, revision=revision, problems=(text,))
    token = environ.get("HF_TOKEN") or None
    task = _Task(name, revision or "main", endpoint, token, time.monotonic() + deadline)
    # A daemon: a server that never answers must keep neither this call nor the process.
    thread = threading.Thread(target=_run, args=(task,), name="trl-lint-hub", daemon=True)
    thread.start()
    thread.join(deadline)
    return _artifact(task, revision)


def _forbidden(revision: str | None, endpoint: str, environ: Mapping[str, str]) -> str | None:
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        if environ.get(variable, "").lower() in _TRUE:
            return f"{variable} is set, so the Hub was not asked"
    if not _ADDRESS.fullmatch(endpoint):
        return "HF_ENDPOINT is no web address, so the Hub was not asked"
    if revision is not None and not is_revision(revision):
        return f"{revision[:80]!r} is no revision"
    return None


def _artifact(task: _Task, revision: str | None) -> Artifact:
    shown = f"{_without_secrets(task.endpoint)}/{task.name}"
    with task.lock:
        problems = list(task.data.problems)
        if not task.finished:
            problems.append(f"the Hub ({shown}) did not answer in time")
        if not task.listed:
            return Artifact(task.name, Evidence.NONE, revision=revision, problems=tuple(problems))
        return Artifact(
            task.name,
            Evidence.HUB,
            where=shown,
            revision=task.commit or revision,
            files=frozenset(task.data.files),
            json_files=dict(task.data.json_files),
            templates=dict(task.data.templates),
            complete=True,
            problems=tuple(problems),
        )


def _run(task: _Task) -> None:
    shown = f"{_without_secrets(task.endpoint)}/{task.name}"
    try:
        _list(task)
        # The weights' index is large, and says nothing that a verdict before the download needs.
        for file in wanted(task.data.files - {INDEX}):
            task.left()
            _fetch_file(task, file, shown)
    except _RefusedError as refused:
        with task.lock:
            task.data.problems.append(f"the Hub ({shown}) {refused}")
    except Exception as error:
        with task.lock:
            task.data.problems.append(f"the Hub ({shown}) could not be asked ({type(error).__name__})")
    with task.lock:
        task.finished = True


def _list(task: _Task) -> None:
    revision = quote(task.revision, safe="")
    content = _get(task, f"{task.endpoint}/api/models/{task.name}/revision/{revision}", MAX_METADATA)
    try:
        answer = json.loads(content)
        siblings = [item["rfilename"] for item in answer["siblings"]][:_MAX_FILES]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _RefusedError("answered with something that is no description of a model") from None
    commit = answer.get("sha")
    with task.lock:
        task.data.files.update(file for file in siblings if isinstance(file, str))
        task.commit = commit if isinstance(commit, str) and _COMMIT.fullmatch(commit) else None
        task.listed = True


def _fetch_file(task: _Task, file: str, shown: str) -> None:
    from huggingface_hub import hf_hub_url

    address = hf_hub_url(task.name, file, revision=task.commit or task.revision, endpoint=task.endpoint)
    try:
        content = _get(task, address, size_limit(file))
    except _RefusedError as refused:
        with task.lock:
            task.data.problems.append(f"the Hub ({shown}): {file} {refused}")
    else:
        with task.lock:
            task.data.add(file, content, f"the Hub ({shown}): {file}")


def _get(task: _Task, address: str, limit: int) -> bytes:
    """The answer's body. Raises `_RefusedError` for errors, too many bytes and the deadline."""
    parts: list[bytes] = []
    size = 0
    try:
        with _stream(address, task.token, min(_SOCKET_TIMEOUT, task.left())) as (status, chunks):
            if status != 200:
                raise _RefusedError(_meaning(status))
            for chunk in chunks:
                task.left()
                size += len(chunk)
                if size > limit:
                    raise _RefusedError(f"is larger than {limit // 1_000_000} MB and was not read")
                parts.append(chunk)
    except _RefusedError:
        raise
    except Exception as error:  # two HTTP libraries, each with its own errors, which may quote headers
        name = type(error).__name__
        raise _RefusedError("did not answer in time" if "Timeout" in name else f"could not be asked ({name})") from None
    return b"".join(parts)


@contextlib.contextmanager
def _stream(address: str, token: str | None, timeout: float) -> Iterator[tuple[int, Iterator[bytes]]]:
    """The status and the body's chunks. huggingface_hub before 1.0 gives a session of requests, later of httpx."""
    import huggingface_hub.utils

    utils: Any = huggingface_hub.utils
    # Not compressed: a small answer must not grow in memory beyond the limit.
    headers = {**utils.build_hf_headers(token=token, library_name="trl-lint"), "Accept-Encoding": "identity"}
    session: Any = utils.get_session()
    if callable(getattr(session, "stream", None)):
        with session.stream("GET", address, headers=headers, timeout=timeout, follow_redirects=True) as response:
            yield response.status_code, response.iter_bytes(_CHUNK)
    else:
        with session.get(address, headers=headers, timeout=timeout, stream=True) as response:
            yield response.status_code, response.iter_content(_CHUNK)


def _meaning(status: int) -> str:
    if status in (401, 403):
        return f"gives no access: it is gated, private or does not exist (HTTP {status})"
    if status == 404:
        return "has no such model or revision (HTTP 404)"
    return f"answered with HTTP {status}"


def _without_secrets(address: str) -> str:
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path.partition('?')[0]}"
