"""The Hugging Face cache, with real folders and links as huggingface_hub lays them out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trl_lint.artifacts import ArtifactFinder
from trl_lint.artifacts.cache import cache_roots
from trl_lint.model.artifact import Evidence

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = "fedcba9876543210fedcba9876543210fedcba98"
CONFIG = json.dumps({"model_type": "qwen3"})


def cache(root: Path, name: str = "org/model", commit: str = COMMIT, ref: str | None = "main", **files: str) -> Path:
    """A cached snapshot whose files are links to blobs; returns the repository's folder."""
    repository = root / ("models--" + name.replace("/", "--"))
    snapshot = repository / "snapshots" / commit
    snapshot.mkdir(parents=True, exist_ok=True)
    (repository / "blobs").mkdir(exist_ok=True)
    for number, (file, text) in enumerate({"config__json": CONFIG, **files}.items()):
        blob = repository / "blobs" / f"{commit[:4]}{number}"
        blob.write_text(text)
        (snapshot / file.replace("__", ".")).symlink_to(blob)
    if ref is not None:
        path = repository / "refs" / ref
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(commit)
    return repository


def find(root: Path, name: str = "org/model", revision: str | None = None) -> tuple[Evidence, str | None]:
    found = ArtifactFinder(environ={"HF_HUB_CACHE": str(root)}).find(name, root, revision)
    return found.evidence, found.revision


def test_a_cached_model_is_read(tmp_path: Path) -> None:
    repository = cache(tmp_path, tokenizer_config__json='{"eos_token": "</s>"}')
    found = ArtifactFinder(environ={"HF_HUB_CACHE": str(tmp_path)}).find("org/model", tmp_path)
    assert found.evidence is Evidence.CACHE
    assert found.revision == COMMIT
    assert found.where == str(repository / "snapshots" / COMMIT)
    assert found.model_type == "qwen3"
    assert found.json_files["tokenizer_config.json"] == {"eos_token": "</s>"}
    assert not found.complete
    assert not found.lacks("chat_template.jinja")


def test_files_known_to_be_absent(tmp_path: Path) -> None:
    repository = cache(tmp_path)
    absent = repository / ".no_exist" / COMMIT
    absent.mkdir(parents=True)
    (absent / "chat_template.jinja").write_text("")
    found = ArtifactFinder(environ={"HF_HUB_CACHE": str(tmp_path)}).find("org/model", tmp_path)
    assert found.lacks("chat_template.jinja")
    assert not found.lacks("processor_config.json")


def test_a_whole_downloaded_snapshot_is_complete(tmp_path: Path) -> None:
    cache(tmp_path, __gitattributes="*.bin filter=lfs")
    found = ArtifactFinder(environ={"HF_HUB_CACHE": str(tmp_path)}).find("org/model", tmp_path)
    assert found.complete
    assert found.lacks("chat_template.jinja")


def test_revisions(tmp_path: Path) -> None:
    cache(tmp_path)
    cache(tmp_path, commit=OTHER, ref="refs/pr/1")
    assert find(tmp_path) == (Evidence.CACHE, COMMIT)
    assert find(tmp_path, revision="refs/pr/1") == (Evidence.CACHE, OTHER)
    assert find(tmp_path, revision=OTHER) == (Evidence.CACHE, OTHER)
    assert find(tmp_path, revision="v2")[0] is Evidence.NONE
    assert find(tmp_path, revision="../../x")[0] is Evidence.NONE


def test_a_missing_ref_with_one_snapshot_is_read_and_said(tmp_path: Path) -> None:
    cache(tmp_path, ref=None)
    found = ArtifactFinder(environ={"HF_HUB_CACHE": str(tmp_path)}).find("org/model", tmp_path)
    assert found.evidence is Evidence.CACHE
    assert "no refs/main" in found.problems[0]
    cache(tmp_path, commit=OTHER, ref=None)
    assert find(tmp_path)[0] is Evidence.NONE


@pytest.mark.parametrize("content", ["", "../../../etc", "not hex", "0" * 5_000])
def test_a_broken_ref_is_no_answer(tmp_path: Path, content: str) -> None:
    (cache(tmp_path) / "refs" / "main").write_text(content)
    cache(tmp_path, commit=OTHER, ref=None)
    assert find(tmp_path)[0] is Evidence.NONE


def test_dangling_links(tmp_path: Path) -> None:
    repository = cache(tmp_path, tokenizer_config__json="{}", __gitattributes="")
    (repository / "blobs" / f"{COMMIT[:4]}1").unlink()
    found = ArtifactFinder(environ={"HF_HUB_CACHE": str(tmp_path)}).find("org/model", tmp_path)
    assert found.model_type == "qwen3"
    assert not found.complete
    assert not found.lacks("tokenizer_config.json")
    assert "is a link to a file that is gone" in found.problems[0]
    for blob in (repository / "blobs").iterdir():
        blob.unlink()
    assert find(tmp_path)[0] is Evidence.NONE


def test_the_environment_says_where_the_cache_is() -> None:
    home = {"HOME": "/h"}
    assert cache_roots(home) == (Path("/h/.cache/huggingface/hub"),)
    assert cache_roots({**home, "XDG_CACHE_HOME": "/x"}) == (Path("/x/huggingface/hub"),)
    assert cache_roots({**home, "XDG_CACHE_HOME": "/x", "HF_HOME": "~/hf"}) == (Path("/h/hf/hub"),)
    assert cache_roots({"HF_HOME": "/a", "HUGGINGFACE_HUB_CACHE": "/b"}) == (Path("/b"),)
    assert cache_roots({"HUGGINGFACE_HUB_CACHE": "/b", "HF_HUB_CACHE": "/c"}) == (Path("/c"),)
    assert cache_roots({"HF_HUB_CACHE": "/c", "TRANSFORMERS_CACHE": "/t"}) == (Path("/c"), Path("/t"))


def test_the_old_cache_variable_is_looked_at_too(tmp_path: Path) -> None:
    cache(tmp_path / "old")
    environ = {"HF_HUB_CACHE": str(tmp_path / "new"), "TRANSFORMERS_CACHE": str(tmp_path / "old")}
    assert ArtifactFinder(environ=environ).find("org/model", tmp_path).evidence is Evidence.CACHE


def test_a_folder_wins_over_the_cache_and_the_cache_over_the_name(tmp_path: Path) -> None:
    environ = {"HF_HUB_CACHE": str(tmp_path / "hub")}
    name = "Qwen/Qwen3-0.6B"
    assert ArtifactFinder(environ=environ).find(name, tmp_path).evidence is Evidence.NAME
    cache(tmp_path / "hub", name)
    assert ArtifactFinder(environ=environ).find(name, tmp_path).evidence is Evidence.CACHE
    (tmp_path / name).mkdir(parents=True)
    (tmp_path / name / "config.json").write_text(CONFIG)
    assert ArtifactFinder(environ=environ).find(name, tmp_path).evidence is Evidence.LOCAL


def test_answers_are_remembered(tmp_path: Path) -> None:
    cache(tmp_path)
    finder = ArtifactFinder(environ={"HF_HUB_CACHE": str(tmp_path)})
    assert finder.find("org/model", tmp_path) is finder.find("org/model", tmp_path)
