"""The hook in the real tools: what is refused, what passes, and what an unchanged script hangs on."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable

import pytest

from .conftest import ROOT, Project

pytestmark = pytest.mark.slow

EXAMPLE = ROOT / "examples" / "founding-case"
WITHOUT_TOKENIZER = """\
from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

trainer = SFTTrainer(
    model="qwen3.5-4b-base",
    args=SFTConfig(output_dir="answers", assistant_only_loss=True),
    train_dataset=load_dataset("json", data_files="data.jsonl", split="train"),
)
trainer.train()
"""
MARKED = "{% for m in messages %}{% generation %}{{ m.content }}{{ eos_token }}{% endgeneration %}{% endfor %}"


def take(project: Project, *names: str) -> None:
    """Copy files of the founding case into the project."""
    for name in names:
        if (EXAMPLE / name).is_dir():
            shutil.copytree(EXAMPLE / name, project.folder / name)
        else:
            shutil.copy(EXAMPLE / name, project.folder / name)


def test_the_defect_is_refused_and_its_fix_passes(project: Project) -> None:
    take(project, "train.py", "data.jsonl", "requirements.txt", "qwen3.5-4b-base")
    refused = project.commit()
    assert refused.returncode != 0
    assert "error[TRL201]: TRL 1.9.2 refuses `assistant_only_loss=True`" in refused.stdout
    assert "--> train.py:" in refused.stdout
    assert "processing_class=tokenizer" in refused.stdout
    assert len(project.git("log", "--oneline").splitlines()) == 1

    script = (project.folder / "train.py").read_text(encoding="utf-8")
    project.write(
        "train.py", script.replace("    model=MODEL,\n", "    model=MODEL,\n    processing_class=tokenizer,\n")
    )
    passed = project.commit()
    assert passed.returncode == 0, passed.stdout
    assert len(project.git("log", "--oneline").splitlines()) == 2


def test_notebooks_and_recipes_are_refused_too(project: Project) -> None:
    take(project, "train.ipynb", "recipe.yaml", "data.jsonl", "requirements.txt", "qwen3.5-4b-base")
    refused = project.commit()
    assert refused.returncode != 0
    assert "--> train.ipynb:cell 4:" in refused.stdout
    assert "--> recipe.yaml:" in refused.stdout


def test_changed_releases_and_templates_alter_the_verdict_on_an_unchanged_script(project: Project) -> None:
    take(project, "data.jsonl", "qwen3.5-4b-base")
    project.write("app/train.py", WITHOUT_TOKENIZER)
    project.write("qwen3.5-4b-base/chat_template.jinja", MARKED)
    project.write("requirements.txt", "trl==1.12.0\ntransformers==5.14.1\n")
    passed = project.commit()
    assert passed.returncode == 0, passed.stdout

    project.write("requirements.txt", "trl==1.9.2\ntransformers==5.14.1\n")
    refused = project.commit("requirements.txt")
    assert refused.returncode != 0
    assert "error[TRL201]" in refused.stdout
    assert "--> app/train.py:" in refused.stdout
    project.git("reset", "--quiet", "--hard")

    project.write("qwen3.5-4b-base/chat_template.jinja", MARKED.replace("generation", "raw"))
    refused = project.commit("qwen3.5-4b-base/chat_template.jinja")
    assert refused.returncode != 0
    assert "error[TRL203]" in refused.stdout
    assert "--> app/train.py:" in refused.stdout


STARTED = """\
from datasets import load_dataset
from settings import PACKING
from trl import ModelConfig, ScriptArguments, SFTConfig, SFTTrainer, TrlParser

parser = TrlParser((ScriptArguments, SFTConfig, ModelConfig))
script_args, training_args, model_args = parser.parse_args_and_config()
training_args.packing = PACKING
trainer = SFTTrainer(
    model_args.model_name_or_path, args=training_args, train_dataset=load_dataset(script_args.dataset_name)["train"]
)
trainer.train()
"""


def test_each_part_of_a_run_is_judged_when_it_alone_changes(project: Project) -> None:
    project.write("requirements.txt", "trl==1.5.1\ntransformers==5.8.0\n")
    project.write("train.py", STARTED)
    project.write("settings.py", "PACKING = False\n")
    project.write("recipe.yaml", "model_name_or_path: tiny\ndataset_name: data\nmax_length: null\n")
    project.write("run.sh", "accelerate launch train.py --config recipe.yaml\n")
    passed = project.commit()
    assert passed.returncode == 0, passed.stdout

    def refused(name: str, text: str, expected: str) -> None:
        before = (project.folder / name).read_text(encoding="utf-8")
        project.write(name, text)
        stopped = project.commit(name)
        assert stopped.returncode != 0, stopped.stdout
        assert expected in stopped.stdout
        project.git("reset", "--quiet", "--hard")
        assert (project.folder / name).read_text(encoding="utf-8") == before

    refused("settings.py", "PACKING = True\n", "error[TRL402]")
    refused("run.sh", "accelerate launch train.py --config recipe.yaml --load_best_model_at_end True\n", "--> run.sh:1")
    refused("recipe.yaml", "model_name_or_path: tiny\ndataset_name: data\nmax_seq_length: 64\n", "--> recipe.yaml:3")


def test_other_files_pass(project: Project) -> None:
    project.write("package.json", '{"name": "datasets"}\n')
    project.write("ci.yaml", "datasets: [unrelated]\n")
    project.write("util.py", "x = 1\n")
    project.write("pyproject.toml", "[project]\nname = 'p'\nversion = '1'\n")
    passed = project.commit()
    assert passed.returncode == 0, passed.stdout


def test_a_warm_run_is_quick(project: Project, record_property: Callable[[str, object], None]) -> None:
    take(project, "train.py", "data.jsonl", "requirements.txt", "qwen3.5-4b-base")
    project.git("add", ".")
    project.run("run", "trl-lint")
    took = []
    for _ in range(5):
        start = time.perf_counter()
        refused = project.run("run", "trl-lint")
        took.append(time.perf_counter() - start)
        assert refused.returncode == 1, refused.stdout
    record_property("measured", f"a warm run of the hook by {project.hook.tool.name}: {min(took):.2f} s")
    assert min(took) < 5


def test_the_fixing_hook_mends_and_stops_the_commit(project: Project) -> None:
    configuration = project.folder / ".pre-commit-config.yaml"
    configuration.write_text(configuration.read_text(encoding="utf-8").replace("id: trl-lint", "id: trl-lint-fix"))
    take(project, "train.py", "data.jsonl", "requirements.txt", "qwen3.5-4b-base")
    stopped = project.commit()
    assert stopped.returncode != 0
    assert "processing_class=tokenizer,\n" in (project.folder / "train.py").read_text(encoding="utf-8")
    passed = project.commit()
    assert passed.returncode == 0, passed.stdout
