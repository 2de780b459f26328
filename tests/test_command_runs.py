"""Runs made of a command line and the recipe that it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from trl_lint.configuration.loading import Configurations
from trl_lint.engine import Engine
from trl_lint.expand import expand
from trl_lint.explain import words
from trl_lint.model.run import Origin, Run
from trl_lint.sources.document import Document
from trl_lint.sources.read import read

RECIPE = "model_name_or_path: my/model\ndataset_name: my/data\npacking: true\nlearning_rate: 1.0e-5\n"


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    write("requirements.txt", "trl==1.16.0\ntransformers==5.23.0\n")


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)


def runs(name: str) -> list[Run]:
    path = Path(name).absolute()
    document = read(path, name)
    assert isinstance(document, Document)
    return list(Engine(isolated=True).understand(document.source, path.parent).runs)


def settings(run: Run) -> dict[str, str]:
    return {name: f"{words(s.value)} {s.origin.value}" for name, s in run.settings.items.items()}


def codes(engine: Engine, name: str) -> list[str]:
    return [f"{finding.place}: {finding.code}" for finding in engine.check_file(Path(name).absolute(), name).findings]


def test_flags_lie_over_the_recipe() -> None:
    write("recipes/sft.yaml", RECIPE)
    write("scripts/run.sh", "trl sft --config recipes/sft.yaml --packing False --max_length 10 --num_processes 2\n")
    (run,) = runs("scripts/run.sh")
    assert (run.trainer, run.config, run.command) == ("SFTTrainer", "SFTConfig", "sft")
    assert settings(run) == {
        "model_name_or_path": "'my/model' recipe",
        "dataset_name": "'my/data' recipe",
        "learning_rate": "1e-05 recipe",
        "packing": "False command line",
        "max_length": "10 command line",
    }
    assert words(run.started[0].processes) == "2"
    assert [str(run.source.place(run.settings.items[name].span)) for name in ("dataset_name", "packing")] == [
        "recipes/sft.yaml:2",
        "scripts/run.sh:1",
    ]


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("--bf16 yes", {"bf16": "True"}),
        ("--packing", {"packing": "True"}),
        ("--no_packing", {"packing": "False"}),
        ("--learning-rate 1e-5", {"learning_rate": "1e-05"}),
        ("--max_steps 1e3", {"max_steps": "`1e3`, which the parser does not take for `int`"}),
        ("--lora_target_modules q_proj v_proj", {"lora_target_modules": "['q_proj', 'v_proj']"}),
        ("--lora_target_modules $MODULES", {"lora_target_modules": "[...]"}),
        ("""--model_init_kwargs '{"dtype": "auto"}'""", {"model_init_kwargs": "{'dtype': 'auto'}"}),
        ("--gradient_acc 4", {"gradient_accumulation_steps": "4"}),
        ("--seed 1 --seed 2", {"seed": "2"}),
        ("--loss_type nll", {"loss_type": "'nll'"}),
    ],
)
def test_values_are_read_as_the_parser_reads_them(flags: str, expected: dict[str, str]) -> None:
    write("run.sh", f"trl sft {flags}\n")
    (run,) = runs("run.sh")
    assert {name: words(setting.value) for name, setting in run.settings.items.items()} == expected
    assert all(setting.origin is Origin.FLAG for setting in run.settings.items.values())


def test_one_command_with_three_recipes_is_three_runs() -> None:
    for name in "abc":
        write(f"{name}.yaml", RECIPE.replace("my/model", f"my/{name}"))
    write("run.sh", "for r in a b c; do\n  trl sft --config $r.yaml\ndone\n")
    assert [words(run.model.name) for run in runs("run.sh")] == ["'my/a'", "'my/b'", "'my/c'"]


def test_a_recipe_that_is_not_at_hand_leaves_the_run_open() -> None:
    write("run.sh", "trl sft --config $1 --packing True\ntrl sft --config gone.yaml\n")
    assert [run.settings.open for run in runs("run.sh")] == [
        "the recipe is `$1`, an argument of the script",
        "the recipe `gone.yaml` is not at hand",
    ]


def test_each_finding_is_said_once_of_the_file_it_stands_in() -> None:
    write("sft.yaml", RECIPE + "max_seq_length: 5\n")
    write("run.sh", "trl sft --config sft.yaml --torch_dtype auto\ntrl sft --config sft.yaml\n")
    engine = Engine(isolated=True)
    assert codes(engine, "sft.yaml") == ["sft.yaml:5: TRL116"]
    assert codes(engine, "run.sh") == ["run.sh:1: TRL117"]


def test_a_recipe_that_no_command_names_is_judged_by_its_keys() -> None:
    write("sft.yaml", RECIPE + "max_seq_length: 5\n")
    (run,) = runs("sft.yaml")
    assert (run.trainer, run.command) == ("SFTTrainer", None)


def test_the_command_says_what_a_recipe_is_for() -> None:
    write("some.yaml", "model_name_or_path: my/model\ndataset_name: my/data\nloss_type: sigmoid\n")
    assert runs("some.yaml") == []
    write("run.sh", "trl dpo --config some.yaml\n")
    assert [run.trainer for run in runs("some.yaml")] == ["DPOTrainer"]


def test_a_suppression_may_stand_above_a_continued_command_or_behind_its_last_line() -> None:
    command = "trl sft --dataset_name my/data \\\n  --torch_dtype auto \\\n  --seed 1{}\n"
    comment = "# trl-lint: ignore[unknown-command-flag] why"
    engine = Engine(isolated=True)
    for text in (f"{comment}\n{command.format('')}", command.format(f"  {comment}")):
        write("run.sh", text)
        assert shown(engine, "run.sh") == []
    write("run.sh", f"{comment}\n\n{command.format('')}")
    assert sorted(shown(engine, "run.sh")) == ["TRL010", "TRL117"]


def shown(engine: Engine, name: str) -> list[str]:
    from trl_lint.configuration.settings import Configuration
    from trl_lint.configuration.vocabulary import Vocabulary
    from trl_lint.policy import Policy

    vocabulary = Vocabulary.of((entry.code, entry.name) for entry in engine.registry.entries)
    policy = Policy(Configuration(root=Path.cwd()), lambda: vocabulary)
    checked = engine.check_file(Path(name).absolute(), name)
    return [finding.code for finding in policy.shown(checked.findings, checked.source, Path(name).absolute())]


def test_changed_files_bring_in_what_they_are_run_with() -> None:
    write("sft.yaml", RECIPE)
    write("train.py", "from trl import TrlParser\n")
    write("run.sh", "python train.py --config sft.yaml\n")
    write("trl.sh", "trl sft --config sft.yaml\n")

    def affected(name: str) -> set[str]:
        return {str(Path(path).absolute().relative_to(Path.cwd())) for path in expand([name], Configurations())}

    assert affected("run.sh") == {"run.sh", "sft.yaml", "train.py"}
    assert affected("trl.sh") == {"trl.sh", "sft.yaml"}
    assert affected("sft.yaml") == {"sft.yaml", "run.sh", "trl.sh", "train.py"}
