"""Each way in which an argument can be wrong, in each form in which it can be given."""

from __future__ import annotations

from pathlib import Path

import pytest

from trl_lint.engine import Engine, Options
from trl_lint.model.finding import Finding

PINS = "trl==1.15.0\ntransformers==5.16.0\n"

CALL = (
    "from trl import SFTConfig, SFTTrainer\n"
    "trainer = SFTTrainer('my/model', args=SFTConfig(output_dir='out', {name}={value}))\n"
)
REPLACE = (
    "import dataclasses\nfrom trl import SFTConfig, SFTTrainer\nbase = SFTConfig(output_dir='out')\n"
    "args = dataclasses.replace(base, {name}={value})\ntrainer = SFTTrainer('my/model', args=args)\n"
)
SPLAT = (
    "from trl import SFTConfig, SFTTrainer\noptions = {{'output_dir': 'out', '{name}': {value}}}\n"
    "trainer = SFTTrainer('my/model', args=SFTConfig(**options))\n"
)
YAML = "model_name_or_path: my/model\ndataset_name: my/data\nlearning_rate: 1.0e-5\n{name}: {text}\n"
JSON = '{{"model_name_or_path": "my/model", "dataset_name": "my/data", "learning_rate": 1e-5, "{name}": {json}}}\n'
FLAG = "trl sft --model_name_or_path my/model --dataset_name my/data --{name} {text}\n"
ARGUMENTS = (
    "from trl import SFTTrainer\nfrom transformers import TrainingArguments\n"
    "args = TrainingArguments(output_dir='out', {name}={value})\n"
)
LORA = "from trl import SFTTrainer\nfrom peft import LoraConfig\nadapter = LoraConfig(r=8, {name}={value})\n"
TRAINER = "from trl import SFTConfig, SFTTrainer\nSFTTrainer('my/model', args=SFTConfig('out'), {name}={value})\n"

PYTHON = {"call": CALL, "replace": REPLACE, "splat": SPLAT}
# The kind of mistake: name, value as Python, as text, as JSON, and the rule for a Python call, a recipe and a flag.
KINDS = {
    "unknown": ("answer_tag", "1", "1", "1", "TRL101", "TRL116", "TRL117"),
    "misspelt": ("pakcing", "True", "true", "true", "TRL102", "TRL116", "TRL117"),
    "renamed": ("max_seq_length", "512", "512", "512", "TRL103", "TRL116", "TRL117"),
    "removed": ("overwrite_output_dir", "True", "true", "true", "TRL105", "TRL116", "TRL117"),
    "deprecated": ("use_liger_kernel", "True", "true", "true", "TRL107", "TRL121", "TRL121"),
    "value": ("save_strategy", "'never'", "never", '"never"', "TRL113", "TRL113", "TRL113"),
    "choice": ("loss_type", "'best'", "best", '"best"', "TRL511", "TRL511", "TRL511"),
    "deprecated value": ("loss_type", "'chunked_nll'", "chunked_nll", '"chunked_nll"', "TRL114", "TRL114", "TRL114"),
}


def said(folder: Path, name: str, text: str, pins: str = PINS) -> list[Finding]:
    (folder / "requirements.txt").write_text(pins)
    (folder / name).write_text(text)
    engine = Engine(Options(), root=folder)
    found = list(engine.check_file(folder / name, name).findings)
    assert not engine.failed
    return found


def codes(found: list[Finding]) -> set[str]:
    return {finding.code for finding in found if finding.code.startswith(("TRL1", "TRL511"))}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", PYTHON)
def test_python(kind: str, form: str, tmp_path: Path) -> None:
    name, value, *_, code, _, _ = KINDS[kind]
    assert codes(said(tmp_path, "train.py", PYTHON[form].format(name=name, value=value))) == {code}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["recipe.yaml", "recipe.json"])
def test_recipes(kind: str, form: str, tmp_path: Path) -> None:
    name, _, text, json, _, code, _ = KINDS[kind]
    template = YAML if form.endswith("yaml") else JSON
    (tmp_path / "run.sh").write_text(f"trl sft --config {form}\n")
    found = said(tmp_path, form, template.format(name=name, text=text, json=json))
    assert codes(found) | codes(said(tmp_path, "run.sh", f"trl sft --config {form}\n")) == {code}


@pytest.mark.parametrize("kind", KINDS)
def test_flags(kind: str, tmp_path: Path) -> None:
    name, _, text, _, _, _, code = KINDS[kind]
    assert codes(said(tmp_path, "run.sh", FLAG.format(name=name, text=text))) == {code}


@pytest.mark.parametrize(
    ("template", "name", "value", "code"),
    [
        (ARGUMENTS, "answer_tag", "1", "TRL101"),
        (ARGUMENTS, "learning_rat", "1e-5", "TRL102"),
        (ARGUMENTS, "evaluation_strategy", "'no'", "TRL103"),
        (ARGUMENTS, "overwrite_output_dir", "True", "TRL105"),
        (ARGUMENTS, "save_strategy", "'never'", "TRL113"),
        (LORA, "answer_tag", "1", "TRL101"),
        (LORA, "lora_alhpa", "16", "TRL102"),
        (TRAINER, "answer_tag", "1", "TRL101"),
        (TRAINER, "peft_confg", "None", "TRL102"),
        (TRAINER, "tokenizer", "None", "TRL103"),
        (TRAINER, "packing", "True", "TRL104"),
        (TRAINER, "model_init", "None", "TRL105"),
        (TRAINER, "compute_loss_func", "loss", "TRL107"),
    ],
)
def test_other_classes(template: str, name: str, value: str, code: str, tmp_path: Path) -> None:
    assert codes(said(tmp_path, "train.py", template.format(name=name, value=value))) == {code}


OLD = "trl==0.18.2\ntransformers==4.52.4\n"


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        *(
            ("train.py", template.format(name="assistant_only_loss", value="True"), "TRL106")
            for template in PYTHON.values()
        ),
        ("train.py", ARGUMENTS.format(name="trackio_space_id", value="'x'"), "TRL106"),
        ("run.sh", FLAG.format(name="assistant_only_loss", text="true"), "TRL117"),
    ],
)
def test_too_new(file: str, text: str, code: str, tmp_path: Path) -> None:
    assert codes(said(tmp_path, file, text, OLD)) == {code}


def test_a_recipe_with_a_key_that_is_too_new(tmp_path: Path) -> None:
    recipe = YAML.format(name="assistant_only_loss", text="true")
    assert codes(said(tmp_path, "recipe.yaml", recipe + "packing: true\n", OLD)) == {"TRL116"}


def test_a_position_that_shifted(tmp_path: Path) -> None:
    code = "from trl import DPOConfig, DPOTrainer\ntrainer = DPOTrainer('my/model', None, 0.1, DPOConfig('out'))\n"
    assert codes(said(tmp_path, "train.py", code)) == {"TRL115"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("from trl import ORPOConfig", "TRL108"),
        ("from trl import DataCollatorForCompletionOnlyLM", "TRL109"),
        ("from trl import SFTTrainr", "TRL111"),
    ],
)
def test_imported_names(line: str, code: str, tmp_path: Path) -> None:
    assert codes(said(tmp_path, "train.py", line + "\n")) == {code}


def test_an_imported_name_that_is_too_new(tmp_path: Path) -> None:
    assert codes(said(tmp_path, "train.py", "from trl import DistillationTrainer\n", OLD)) == {"TRL110"}
