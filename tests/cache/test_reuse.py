"""A check with the cache says what one without it says, and checks nothing again that is as it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trl_lint.cache import Verdicts
from trl_lint.cache.store import FOLDER, Store
from trl_lint.digests import digest
from trl_lint.engine import Checked, Engine

SCRIPT = """\
from datasets import load_dataset
from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer

rows = load_dataset("json", data_files="rows.jsonl", split="train")
args = SFTConfig(output_dir="out", max_seq_length=8, assistant_only_loss=True)
tokenizer = AutoTokenizer.from_pretrained("./model")
trainer = SFTTrainer("./model", args=args, train_dataset=rows, processing_class=tokenizer)
trainer.train()
"""
SHARED = """\
from trl import SFTConfig, SFTTrainer

def train(model, length):
    SFTTrainer(model, args=SFTConfig(lenght=length)).train()
"""
READS = """\
from trl import ModelConfig, ScriptArguments, SFTConfig, SFTTrainer, TrlParser

script, training, model = TrlParser((ScriptArguments, SFTConfig, ModelConfig)).parse_args_and_config()
SFTTrainer(model.model_name_or_path, args=training, train_dataset=script.dataset_name).train()
"""
TEMPLATE = "{% for m in messages %}{{ m.role }}: {{ m.content }}{% endfor %}"
MARKED = "{% for m in messages %}{{ m.role }}: {% generation %}{{ m.content }}{% endgeneration %}{% endfor %}"
ROW = {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
FILES = {
    "pyproject.toml": "[project]\nname = 'p'\n",
    "requirements.txt": "trl==1.9.2\ntransformers==5.14.1\n",
    "train.py": SCRIPT,
    "other.py": SCRIPT.replace("max_seq_length=8", "max_length=8"),
    "silenced.py": "import trl  # trl-lint: ignore[unknown-argument]\n",
    "shared.py": SHARED,
    "main.py": "from shared import train\n\ntrain('./model', 3)\n",
    "reads.py": READS,
    "run.sh": "python reads.py --config recipe.yaml --max_length 5\n",
    "recipe.yaml": "model_name_or_path: ./model\ndataset_name: d\nlearning_rat: 1.0e-5\n",
    "rows.jsonl": json.dumps(ROW) + "\n",
    "model/config.json": json.dumps({"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"]}),
    "model/tokenizer_config.json": json.dumps({"tokenizer_class": "Qwen2Tokenizer", "chat_template": TEMPLATE}),
    "README.md": "words\n",
}
# The checked files are written down; a check that must not happen fails.
WATCHED = """
import trl_lint.cli.verdicts as verdicts
real = verdicts.check_one
def check_one(session, file):
    open(WATCH, "a").write(file.shown + "\\n")
    return real(session, file)
verdicts.check_one = check_one
"""


class Project:
    """A project on disk, and its cache beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.cache = folder / "cache"
        self.watch = folder / "watch"
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def check(self, *flags: str, **variables: str) -> str:
        """What a check prints, in a process of its own."""
        code = (
            f"WATCH = {str(self.watch)!r}\n{WATCHED}\nimport sys\nfrom trl_lint.cli.main import main\nsys.exit(main())"
        )
        environment = {**os.environ, "HF_HUB_CACHE": os.devnull, **variables}
        command = [sys.executable, "-c", code, "check", *flags]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stderr
        return done.stdout + done.stderr

    def cached(self, *flags: str, **variables: str) -> str:
        return self.check("--cache-dir", str(self.cache), *flags, **variables)

    def checked(self) -> list[str]:
        """The files that were checked since this was asked for last."""
        found = self.watch.read_text().split() if self.watch.exists() else []
        self.watch.unlink(missing_ok=True)
        return sorted(found)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


EVERY = ["main.py", "other.py", "reads.py", "recipe.yaml", "shared.py", "silenced.py", "train.py"]


def test_cold_warm_and_without_a_cache(project: Project) -> None:
    for form in ("full", "json"):
        plain = project.check("--no-cache", "--output-format", form)
        assert project.checked() == EVERY
        assert project.cached("--output-format", form) == plain
        assert project.checked() == (EVERY if form == "full" else [])
        assert project.cached("--output-format", form) == plain
        assert project.checked() == []


def test_a_changed_script_is_checked_alone(project: Project) -> None:
    project.cached()
    project.checked()
    project.write("train.py", SCRIPT.replace("max_seq_length", "max_length"))
    assert project.cached() == project.check("--no-cache")
    assert project.checked() == sorted(["train.py", *EVERY])
    for _ in range(2):
        project.cached()
        assert project.checked() == []


def test_what_does_not_matter(project: Project) -> None:
    before = project.cached()
    project.write("README.md", "other words\n")
    (project.folder / "__pycache__").mkdir()
    for path in project.folder.rglob("*.*"):
        os.utime(path, (1, 1))
    project.checked()
    assert project.cached() == before
    assert project.checked() == []
    project.cached(PYTHONHASHSEED="7", COLUMNS="90", NO_COLOR="1")
    assert project.checked() == []


CHANGES: dict[str, tuple[str, str]] = {
    "the pinned release": ("requirements.txt", "trl==0.12.2\ntransformers==4.46.0\n"),
    "a lock file that was not there": ("uv.lock", '[[package]]\nname = "trl"\nversion = "0.12.2"\n'),
    "an imported module": ("shared.py", SHARED.replace("lenght", "lenghth")),
    "a package that is found before the module": (
        "shared/__init__.py",
        SHARED.replace("lenght", "max_length"),
    ),
    "the metadata of the model": (
        "model/tokenizer_config.json",
        json.dumps({"tokenizer_class": "Qwen2Tokenizer", "chat_template": MARKED}),
    ),
    "a file of the model that was not there": ("model/chat_template.jinja", MARKED),
    "the rows": ("rows.jsonl", '{"text": "a"}\n'),
    "the recipe": ("recipe.yaml", FILES["recipe.yaml"].replace("learning_rat", "learning_rate")),
    "the command that starts a script": ("run.sh", "python reads.py --config recipe.yaml --max_lenght 5\n"),
    "a command that was not there": ("scripts/again.sh", "python reads.py --config recipe.yaml --paking true\n"),
    "the target in the configuration": ("pyproject.toml", "[tool.trl-lint]\ntarget-trl = '0.12.2'\n"),
    "the selected rules": ("pyproject.toml", "[tool.trl-lint]\nselect = ['TRL203']\n"),
    "a suppression": ("other.py", SCRIPT.replace("rows = ", "# trl-lint: ignore-file[x]\nrows = ")),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_matters(project: Project, change: str) -> None:
    before = project.cached()
    project.write(*CHANGES[change])
    after = project.cached()
    assert after != before
    assert after == project.check("--no-cache")
    assert after == project.cached()


@pytest.mark.slow
def test_what_is_gone_matters_too(project: Project) -> None:
    for name in ("rows.jsonl", "model/tokenizer_config.json", "run.sh"):
        project.cached()
        (project.folder / name).unlink()
        assert project.cached() == project.check("--no-cache")


@pytest.mark.slow
def test_where_models_are_looked_for_matters(project: Project) -> None:
    project.cached()
    for variables in ({"HF_HUB_CACHE": str(project.folder)}, {"VIRTUAL_ENV": "/nowhere"}, {"HF_HOME": "/nowhere"}):
        project.checked()
        project.cached(**variables)
        assert project.checked() == EVERY


@pytest.mark.slow
@pytest.mark.parametrize("flags", [("--target-trl", "0.12.2"), ("--target-transformers", "4.46"), ("--jobs", "3")])
def test_flags(project: Project, flags: tuple[str, ...]) -> None:
    project.cached()
    assert project.cached(*flags) == project.check("--no-cache", *flags)
    assert project.cached(*flags) == project.check("--no-cache", *flags)


@pytest.mark.slow
def test_what_changes_files_takes_nothing_from_the_cache(project: Project) -> None:
    project.cached()
    project.checked()
    assert project.cached("--diff") == project.check("--no-cache", "--diff")
    assert project.checked() == sorted([*EVERY, *EVERY])


def test_the_folder_of_the_cache(project: Project) -> None:
    project.check()
    folder = project.folder / FOLDER
    assert (folder / ".gitignore").read_text() == "*\n"
    project.checked()
    project.check()
    assert project.checked() == []
    # It is neither checked itself nor part of what is listed.
    assert project.check("--no-cache") == project.check("--no-cache", ".")
    subprocess.run([sys.executable, "-m", "trl_lint", "clean"], cwd=project.folder, check=True)
    assert not folder.exists()


@pytest.mark.slow
@pytest.mark.parametrize("change", [lambda raw: raw[:-9], lambda raw: os.urandom(len(raw))])
def test_a_broken_cache_is_none(project: Project, change: Callable[[bytes], bytes]) -> None:
    plain = project.cached()
    for path in project.cache.rglob("*"):
        if path.is_file():
            path.write_bytes(change(path.read_bytes()))
    project.checked()
    assert project.cached() == plain
    assert project.checked() == EVERY
    assert project.cached() == plain
    assert project.checked() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_bytes_in_the_cache_give_the_same_verdict_or_none(
    project: Project, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    """Files are replaced by anything, even with a checksum that fits."""
    monkeypatch.chdir(project.folder)
    path = project.folder / "shared.py"
    raw = path.read_bytes()
    checked = Engine(root=project.folder).check_file(path, "shared.py")
    assert checked.findings
    store = Store(project.cache)
    verdicts = Verdicts(store, "tool")
    name = verdicts.name(path, "shared.py", raw, "judge")
    monkeypatch.setattr("trl_lint.disk.recorded", lambda: {("kind", str(path), 0): "file"})
    verdicts.keep({name: checked})
    found = Verdicts(store, "tool").find(name, path, "shared.py", raw)
    assert found is not None
    assert same(found, checked)
    files = sorted(file for file in project.cache.rglob("*") if file.is_file() and file.parent != project.cache)
    file = data.draw(st.sampled_from(files))
    key = file.parent.name + file.name
    old = store.get(key) or b""
    at = data.draw(st.integers(0, len(old)))
    new = old[:at] + data.draw(st.binary(max_size=6)) + old[data.draw(st.integers(at, len(old))) :]
    if data.draw(st.booleans()):
        store.put(key, new)
    else:
        file.write_bytes(new)
    again = Verdicts(store, "tool").find(name, path, "shared.py", raw)
    # With a checksum that fits, a message may be another; what must hold is that a verdict comes or none.
    assert again is None or isinstance(again, Checked)
    assert again is None or store.get(key) == new


def same(one: Checked, other: Checked) -> bool:
    return (one.findings, one.elsewhere, one.runs, one.document) == (
        other.findings,
        other.elsewhere,
        other.runs,
        other.document,
    )


def test_names_differ_in_everything_that_matters(tmp_path: Path) -> None:
    one, other = Verdicts(Store(tmp_path), "1"), Verdicts(Store(tmp_path), "2")
    names = {
        one.name(tmp_path, "a", b"raw", "judge"),
        other.name(tmp_path, "a", b"raw", "judge"),
        one.name(tmp_path / "b", "a", b"raw", "judge"),
        one.name(tmp_path, "b", b"raw", "judge"),
        one.name(tmp_path, "a", b"law", "judge"),
        one.name(tmp_path, "a", b"raw", "other"),
    }
    assert len(names) == 6
    assert digest("ab", "c") != digest("a", "bc")
