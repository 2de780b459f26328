"""Local folders: which one is meant, what is read of it, and what a broken file becomes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.artifacts import ArtifactFinder
from trl_lint.artifacts.names import Kind, kind_of
from trl_lint.model.artifact import Evidence


@pytest.fixture
def finder(tmp_path: Path) -> ArtifactFinder:
    return ArtifactFinder(environ={"HOME": str(tmp_path / "home")})


def make_model(folder: Path, **files: object) -> Path:
    """A model folder with these files, `config.json` among them; a name's `__` stands for its dot."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"config__json": {"model_type": "llama", "architectures": ["LlamaForCausalLM"]}, **files}
    for name, value in content.items():
        text = value if isinstance(value, str) else json.dumps(value)
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def test_a_folder_beside_the_script_is_read(finder: ArtifactFinder, tmp_path: Path) -> None:
    folder = make_model(
        tmp_path / "model",
        tokenizer_config__json={"eos_token": "</s>"},
        chat_template__jinja="{{ messages }}",
        tokenizer__json={},
    )
    (folder / "additional_chat_templates").mkdir()
    (folder / "additional_chat_templates" / "tool_use.jinja").write_text("{{ tools }}")
    (folder / "additional_chat_templates" / "notes.txt").write_text("no template")
    found = finder.find("./model", tmp_path)
    assert found.evidence is Evidence.LOCAL
    assert found.where == str(tmp_path / "model")
    assert found.model_type == "llama"
    assert found.complete
    assert found.problems == ()
    assert found.templates == {
        "chat_template.jinja": "{{ messages }}",
        "additional_chat_templates/tool_use.jinja": "{{ tools }}",
    }
    assert found.tokenizer_json == str(folder / "tokenizer.json")
    assert found.lacks("processor_config.json")
    assert not found.lacks("tokenizer.json")


def test_the_scripts_folder_wins_over_the_working_directory_and_the_root(
    finder: ArtifactFinder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    script, working = tmp_path / "train", tmp_path / "elsewhere"
    working.mkdir()
    monkeypatch.chdir(working)
    make_model(tmp_path / "out" / "model")
    root = ArtifactFinder(environ={}).find("out/model", script)
    make_model(working / "out" / "model")
    cwd = ArtifactFinder(environ={}).find("out/model", script)
    make_model(script / "out" / "model")
    beside = ArtifactFinder(environ={}).find("out/model", script)
    assert [Path(found.where).absolute() for found in (root, cwd, beside)] == [
        tmp_path / "out" / "model",
        working / "out" / "model",
        script / "out" / "model",
    ]


def test_home_and_absolute_paths(finder: ArtifactFinder, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "home" / "m")
    assert finder.find("~/m", tmp_path).evidence is Evidence.LOCAL
    assert finder.find(str(folder), tmp_path / "unrelated").evidence is Evidence.LOCAL
    assert finder.find("~nobody-at-all/m", tmp_path).evidence is Evidence.NONE


@pytest.mark.parametrize("name", ["./model", "../gone", "/not/here", "a/b/c", "model/", ".\\model", "C:\\models\\x"])
def test_a_path_that_does_not_exist_says_so(finder: ArtifactFinder, tmp_path: Path, name: str) -> None:
    found = finder.find(name, tmp_path)
    assert found.evidence is Evidence.NONE
    assert found.problems == (f"the folder {name} does not exist here",)


def test_a_folder_of_code_with_a_models_name_is_not_the_model(finder: ArtifactFinder, tmp_path: Path) -> None:
    (tmp_path / "gpt2").mkdir()
    (tmp_path / "gpt2" / "train.py").write_text("")
    assert finder.find("gpt2", tmp_path).evidence is Evidence.NAME
    make_model(tmp_path / "gpt2")
    assert ArtifactFinder(environ={}).find("gpt2", tmp_path).evidence is Evidence.LOCAL


def test_an_adapter_without_config_is_no_problem(finder: ArtifactFinder, tmp_path: Path) -> None:
    (tmp_path / "adapter").mkdir()
    (tmp_path / "adapter" / "adapter_config.json").write_text('{"base_model_name_or_path": "x/y"}')
    found = finder.find("./adapter", tmp_path)
    assert found.json_files["adapter_config.json"] == {"base_model_name_or_path": "x/y"}
    assert found.config is None
    assert found.problems == ()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[1, 2]", "is no JSON object"),
        (b'{"model_type": ', "is not valid JSON (line 1, column 16)"),
        (b"\xff\xfe\x00", "is not UTF-8 (byte 0)"),
        (b"", "is not valid JSON (line 1, column 1)"),
        (b"[" * 200_000, "is nested too deeply"),
        (b'{"a":' * 200_000, "is nested too deeply"),
        (b" " * 5_000_001, "is larger than 5 MB and was not read"),
    ],
)
def test_a_broken_config_is_a_problem_with_its_place(
    finder: ArtifactFinder, tmp_path: Path, content: bytes, expected: str
) -> None:
    folder = make_model(tmp_path / "m", tokenizer_config__json={"eos_token": "x"})
    (folder / "config.json").write_bytes(content)
    found = finder.find("./m", tmp_path)
    assert found.config is None
    assert found.model_type is None
    assert "config.json" in found.files
    assert found.problems == (f"{folder / 'config.json'} {expected}",)
    assert found.json_files["tokenizer_config.json"] == {"eos_token": "x"}


def test_numbers_of_any_length_are_read(finder: ArtifactFinder, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "m")
    (folder / "config.json").write_text('{"model_type": "llama", "x": ' + "9" * 100_000 + "}")
    assert finder.find("./m", tmp_path).model_type == "llama"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_and_a_folder_in_place_of_a_file_do_not_hang(finder: ArtifactFinder, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "m")
    (folder / "config.json").unlink()
    os.mkfifo(folder / "config.json")
    (folder / "chat_template.jinja").mkdir()
    found = finder.find("./m", tmp_path)
    assert found.problems == (f"{folder / 'config.json'} is not a regular file",)
    assert "chat_template.jinja" not in found.files


def test_a_dangling_link_is_named(finder: ArtifactFinder, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "m")
    (folder / "tokenizer_config.json").symlink_to(tmp_path / "gone")
    (folder / "model.safetensors").symlink_to(tmp_path / "gone too")
    found = finder.find("./m", tmp_path)
    assert found.problems == (f"{folder / 'tokenizer_config.json'} is a link to a file that is gone",)
    assert "tokenizer_config.json" not in found.files


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission(finder: ArtifactFinder, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "m")
    folder.chmod(0o000)
    try:
        found = finder.find("./m", tmp_path)
    finally:
        folder.chmod(0o755)
    assert not found.complete
    assert "cannot be listed" in found.problems[0]


def test_only_names_are_kept_of_the_weights_index(finder: ArtifactFinder, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "m")
    index = {"metadata": {"total_size": 1}, "weight_map": {"model.embed.weight": "model-1.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    found = finder.find("./m", tmp_path)
    assert found.json_files["model.safetensors.index.json"] == {"weight_map": index["weight_map"]}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Qwen/Qwen3-0.6B", Kind.REPOSITORY),
        ("gpt2", Kind.REPOSITORY),
        ("./x", Kind.PATH),
        ("a/b/c", Kind.PATH),
        ("..", Kind.PATH),
        ("bad--name/x", Kind.PATH),
        ("", Kind.OTHER),
        ("https://huggingface.co/Qwen/Qwen3-0.6B", Kind.OTHER),
        ("s3://bucket/model", Kind.OTHER),
        ("${MODEL}", Kind.OTHER),
        ("nul\x00byte", Kind.OTHER),
        ("x" * 5_000, Kind.OTHER),
    ],
)
def test_kinds_of_names(name: str, kind: Kind) -> None:
    assert kind_of(name) is kind


@given(st.text(max_size=300))
def test_no_name_makes_the_finder_raise(name: str) -> None:
    finder = ArtifactFinder(environ={"HOME": "/nonexistent"})
    found = finder.find(name, Path("/nonexistent"))
    assert found.name == name
    assert found.known or found.problems


@given(st.binary(max_size=400))
def test_no_content_makes_the_finder_raise(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("m")
    for file in ("config.json", "tokenizer_config.json", "chat_template.jinja"):
        (folder / file).write_bytes(content)
    found = ArtifactFinder(environ={}).find(str(folder), folder)
    assert found.evidence is Evidence.LOCAL
    assert {"config.json", "tokenizer_config.json", "chat_template.jinja"} <= found.files
