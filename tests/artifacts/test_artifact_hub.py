"""The Hub, as a real server on this machine that imitates the two addresses which a look-up needs."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from trl_lint.artifacts import ArtifactFinder
from trl_lint.model.artifact import Artifact, Evidence

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TOKEN = "hf_secretsecretsecret"
Answer = Callable[[BaseHTTPRequestHandler], None]


def send(body: bytes | object, status: int = 200) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    return answer


def endless(request: BaseHTTPRequestHandler) -> None:
    """Never stops sending, and does not say how much."""
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b" " * 100_000)


def drip(request: BaseHTTPRequestHandler) -> None:
    """One byte at a time, each of them well within any time-out of a socket."""
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b" ")
        request.wfile.flush()
        time.sleep(0.05)


class Hub:
    """The server's addresses and what was asked of it."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.endpoint = ""

    def serve(self, name: str, files: dict[str, Answer], revision: str = "main", commit: str = COMMIT) -> None:
        listing = {"id": name, "sha": commit, "siblings": [{"rfilename": file} for file in files]}
        self.answers[f"/api/models/{name}/revision/{revision}"] = send(listing)
        for file, answer in files.items():
            self.answers[f"/{name}/resolve/{commit}/{file}"] = answer

    def find(
        self, name: str, revision: str | None = None, deadline: float = 8.0, environ: dict[str, str] | None = None
    ) -> Artifact:
        values = {"HF_ENDPOINT": self.endpoint, "HF_TOKEN": TOKEN, "HOME": "/nonexistent", **(environ or {})}
        finder = ArtifactFinder(online=True, environ=values, deadline=deadline)
        return finder.find(name, Path("/nonexistent"), revision)


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hub.asked.append(self.path)
            with contextlib.suppress(OSError):
                hub.answers.get(self.path, send(b"{}", 404))(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    hub.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield hub
    server.shutdown()
    server.server_close()


def test_the_small_files_are_fetched_and_nothing_else(hub: Hub) -> None:
    hub.serve(
        "org/model",
        {
            "config.json": send({"model_type": "qwen3_5"}),
            "chat_template.jinja": send(b"{{ messages }}"),
            "additional_chat_templates/rag.jinja": send(b"{{ documents }}"),
            "model.safetensors": send(b"weights"),
            "model.safetensors.index.json": send({}),
            "tokenizer.json": send({}),
            "modeling_evil.py": send(b"raise SystemExit"),
        },
    )
    found = hub.find("org/model")
    assert found.evidence is Evidence.HUB
    assert found.model_type == "qwen3_5"
    assert found.revision == COMMIT
    assert found.where == f"{hub.endpoint}/org/model"
    assert found.complete
    assert found.problems == ()
    assert found.templates["additional_chat_templates/rag.jinja"] == "{{ documents }}"
    assert found.lacks("tokenizer_config.json")
    assert "model.safetensors" in found.files
    assert sorted(path.rpartition("/")[2] for path in hub.asked) == [
        "chat_template.jinja",
        "config.json",
        "main",
        "rag.jinja",
    ]


def test_the_revision_is_asked_for(hub: Hub) -> None:
    hub.serve("org/model", {"config.json": send({"model_type": "a"})})
    hub.serve("org/model", {"config.json": send({"model_type": "b"})}, "refs%2Fpr%2F1", "f" * 40)
    assert hub.find("org/model").model_type == "a"
    assert hub.find("org/model", "refs/pr/1").model_type == "b"
    assert hub.find("org/model", "../x").problems == ("'../x' is no revision",)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (404, "has no such model or revision (HTTP 404)"),
        (401, "gives no access: it is gated, private or does not exist (HTTP 401)"),
        (403, "gives no access: it is gated, private or does not exist (HTTP 403)"),
        (500, "answered with HTTP 500"),
        (503, "answered with HTTP 503"),
    ],
)
def test_refusals_are_asked_once_and_said(hub: Hub, status: int, expected: str) -> None:
    hub.answers["/api/models/org/model/revision/main"] = send(TOKEN.encode(), status)
    found = hub.find("org/model")
    assert found.evidence is Evidence.NONE
    assert found.problems == (f"the Hub ({hub.endpoint}/org/model) {expected}",)
    assert len(hub.asked) == 1


def test_after_a_refusal_the_name_still_counts(hub: Hub) -> None:
    found = hub.find("Qwen/Qwen3-0.6B")
    assert found.evidence is Evidence.NAME
    assert "HTTP 404" in found.problems[0]


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"null", b'{"siblings": 3}', b'{"siblings": [{}]}', b"\xff\xfe", b"[" * 100_000],
)
def test_a_malformed_description_is_no_answer(hub: Hub, body: bytes) -> None:
    hub.answers["/api/models/org/model/revision/main"] = send(body)
    found = hub.find("org/model")
    assert found.evidence is Evidence.NONE
    assert "no description of a model" in found.problems[0]


def test_one_bad_file_leaves_the_others(hub: Hub) -> None:
    hub.serve(
        "org/model",
        {
            "config.json": send({"model_type": "llama"}),
            "tokenizer_config.json": send(b"{", 200),
            "processor_config.json": send(b"{}", 500),
            "chat_template.jinja": endless,
        },
    )
    found = hub.find("org/model")
    assert found.evidence is Evidence.HUB
    assert found.model_type == "llama"
    where = f"the Hub ({hub.endpoint}/org/model):"
    assert set(found.problems) == {
        f"{where} tokenizer_config.json is not valid JSON (line 1, column 2)",
        f"{where} processor_config.json answered with HTTP 500",
        f"{where} chat_template.jinja is larger than 1 MB and was not read",
    }


@pytest.mark.parametrize("answer", [drip, lambda request: time.sleep(30)])
def test_a_slow_server_costs_no_more_than_the_deadline(hub: Hub, answer: Answer) -> None:
    hub.serve("org/model", {"config.json": send({"model_type": "llama"}), "chat_template.jinja": answer})
    hub.find("org/warm-up")  # imports and the first connection are not what is measured
    started = time.monotonic()
    found = hub.find("org/model", deadline=1.5)
    assert time.monotonic() - started < 20
    assert found.evidence is Evidence.HUB
    assert found.model_type == "llama"
    assert any("did not answer in time" in problem for problem in found.problems)


def test_a_silent_server_is_left(hub: Hub) -> None:
    hub.answers["/api/models/org/model/revision/main"] = lambda request: time.sleep(30)
    found = hub.find("org/model", deadline=0.3)
    assert found.evidence is Evidence.NONE
    assert found.problems == (f"the Hub ({hub.endpoint}/org/model) did not answer in time",)


def test_an_unreachable_server() -> None:
    hub = Hub()
    hub.endpoint = "http://127.0.0.1:9"
    found = hub.find("org/model")
    assert found.evidence is Evidence.NONE
    assert "could not be asked" in found.problems[0]


def test_no_secret_is_ever_said(hub: Hub) -> None:
    secret = hub.endpoint.replace("http://", "http://user:hf_password@")
    hub.serve("org/model", {"config.json": send({}), "tokenizer_config.json": send(b"{}", 500)})
    for name in ("org/model", "org/none"):
        found = hub.find(name, environ={"HF_ENDPOINT": secret})
        assert TOKEN not in repr(found)
        assert "hf_password" not in repr(found)


@pytest.mark.parametrize("variable", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_offline_is_honoured(hub: Hub, variable: str) -> None:
    found = hub.find("org/model", environ={variable: "1"})
    assert found.problems == (f"{variable} is set, so the Hub was not asked",)
    assert hub.asked == []


@pytest.mark.parametrize("endpoint", ["file:///etc", "http://[", "nonsense"])
def test_an_endpoint_that_is_no_address(hub: Hub, endpoint: str) -> None:
    found = hub.find("org/model", environ={"HF_ENDPOINT": endpoint})
    assert found.problems == ("HF_ENDPOINT is no web address, so the Hub was not asked",)


def test_without_online_nobody_is_asked(hub: Hub) -> None:
    found = ArtifactFinder(environ={"HF_ENDPOINT": hub.endpoint}).find("org/model-x", Path("/nonexistent"))
    assert found.evidence is Evidence.NONE
    assert hub.asked == []
