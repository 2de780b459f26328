"""Where nothing may be said of names and arguments, and that it is said where the reason for silence is taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from trl_lint.engine import Engine, Options

PINS = "trl==1.15.0\ntransformers==5.16.0\n"
BARE = "from trl import SFTConfig\nargs = SFTConfig(output_dir='out', max_seq_length=512)\n"

# What the code is prepared for: each of these passes an argument, or imports a name, that TRL 1.15 does not have.
GUARDED = {
    "a test on the signature": """
import inspect
from trl import SFTConfig
options = {"output_dir": "out"}
if "max_seq_length" in inspect.signature(SFTConfig).parameters:
    options["max_seq_length"] = 512
args = SFTConfig(**options)
""",
    "a test on the signature, in a helper": """
import inspect
from trl import SFTConfig
def known(cls, **options):
    return {name: value for name, value in options.items() if name in inspect.signature(cls).parameters}
args = SFTConfig(**known(SFTConfig, output_dir="out", max_seq_length=512))
""",
    "a test on the fields": """
import dataclasses
from trl import SFTConfig
names = {field.name for field in dataclasses.fields(SFTConfig)}
length = "max_length" if "max_length" in names else "max_seq_length"
args = SFTConfig(output_dir="out", **{length: 512})
""",
    "hasattr": """
from trl import SFTConfig
if hasattr(SFTConfig, "max_seq_length"):
    args = SFTConfig(output_dir="out", max_seq_length=512)
else:
    args = SFTConfig(output_dir="out", max_length=512)
""",
    "except TypeError": """
from trl import SFTConfig
try:
    args = SFTConfig(output_dir="out", max_seq_length=512)
except TypeError:
    args = SFTConfig(output_dir="out", max_length=512)
""",
    "in the handler of a TypeError": """
from trl import SFTConfig
try:
    args = SFTConfig(output_dir="out", max_length=512)
except TypeError:
    args = SFTConfig(output_dir="out", max_seq_length=512)
""",
    "except ImportError": """
try:
    from trl import DataCollatorForCompletionOnlyLM
except ImportError:
    DataCollatorForCompletionOnlyLM = None
""",
    "in the handler of an ImportError": """
try:
    from trl.experimental.orpo import ORPOConfig
except ImportError:
    from trl import ORPOConfig
""",
    "a test on the version": """
import trl
from packaging.version import Version
from trl import SFTConfig
if Version(trl.__version__) >= Version("0.20"):
    args = SFTConfig(output_dir="out", max_length=512)
else:
    args = SFTConfig(output_dir="out", max_seq_length=512)
""",
    "a test on the version, by metadata": """
from importlib.metadata import version
from packaging.version import parse
from trl import SFTConfig
old = parse(version("trl")) < parse("0.20")
args = SFTConfig(output_dir="out", max_seq_length=512) if old else SFTConfig(output_dir="out", max_length=512)
""",
    "a class of the project with the same name": """
from dataclasses import dataclass
@dataclass
class SFTConfig:
    output_dir: str
    max_seq_length: int = 512
args = SFTConfig(output_dir="out", max_seq_length=512)
""",
    "a class of the project's package with the same name": """
from configs import SFTConfig
args = SFTConfig(output_dir="out", max_seq_length=512)
""",
    "a subclass with fields of its own": """
from dataclasses import dataclass
from trl import SFTConfig
@dataclass
class Config(SFTConfig):
    max_seq_length: int = 512
args = Config(output_dir="out", max_seq_length=512)
""",
    "a trainer of the project with parameters of its own": """
from trl import SFTTrainer
class Trainer(SFTTrainer):
    def __init__(self, *args, answer_tag=None, **kwargs):
        super().__init__(*args, **kwargs)
trainer = Trainer("my/model", answer_tag="<answer>")
""",
}


def said(folder: Path, files: dict[str, str], name: str) -> set[str]:
    """The codes of the rules on names and arguments that are found in the file `name`."""
    for other, text in files.items():
        (folder / other).write_text(text)
    engine = Engine(Options(), root=folder)
    found = engine.check_file(folder / name, name).findings
    assert not engine.failed
    return {finding.code for finding in found if finding.code.startswith("TRL1")}


def test_the_argument_is_found_without_a_guard(tmp_path: Path) -> None:
    assert said(tmp_path, {"requirements.txt": PINS, "train.py": BARE}, "train.py") == {"TRL103"}


@pytest.mark.parametrize("guard", GUARDED)
def test_guarded_code(guard: str, tmp_path: Path) -> None:
    assert said(tmp_path, {"requirements.txt": PINS, "train.py": GUARDED[guard]}, "train.py") == set()


PARSING = """
from dataclasses import dataclass
from transformers import HfArgumentParser
from trl import ModelConfig, SFTConfig, SFTTrainer, TrlParser

@dataclass
class ScriptArguments:
    dataset: str = "my/data"
    max_seq_length: int = 512

script_args, training_args, model_args = TrlParser((ScriptArguments, SFTConfig, ModelConfig)).parse_args_and_config()
trainer = SFTTrainer(model_args.model_name_or_path, args=training_args)
"""
RECIPE = "model_name_or_path: my/model\nlearning_rate: 1.0e-5\npacking: true\nmax_seq_length: 512\n"


def test_arguments_of_the_script_in_the_same_parser(tmp_path: Path) -> None:
    files = {
        "requirements.txt": PINS,
        "train.py": PARSING,
        "recipe.yaml": RECIPE,
        "run.sh": "python train.py --config recipe.yaml\n",
    }
    assert said(tmp_path, files, "train.py") == set()
    assert said(tmp_path, files, "run.sh") == set()


def test_a_recipe_of_the_command_is_judged(tmp_path: Path) -> None:
    files = {"requirements.txt": PINS, "recipe.yaml": RECIPE, "run.sh": "trl sft --config recipe.yaml\n"}
    assert said(tmp_path, files, "recipe.yaml") == {"TRL116"}


# Recipes of other tools, which share many keys with TRL's.
ELSEWHERE = {
    "axolotl": """
base_model: my/model
datasets:
  - path: my/data
    type: chat_template
sequence_len: 2048
sample_packing: true
micro_batch_size: 2
learning_rate: 2e-5
max_seq_length: 512
gradient_checkpointing: true
""",
    "LLaMA-Factory": """
model_name_or_path: my/model
stage: sft
do_train: true
finetuning_type: lora
dataset: identity
template: llama3
cutoff_len: 2048
overwrite_output_dir: true
learning_rate: 1.0e-4
warmup_ratio: 0.1
""",
    "ms-swift": """
model: my/model
train_type: lora
dataset: my/data
torch_dtype: bfloat16
max_length: 2048
learning_rate: 1e-4
""",
    "TrainingArguments": """
output_dir: out
learning_rate: 2e-5
evaluation_strategy: steps
overwrite_output_dir: true
per_device_train_batch_size: 8
""",
}


@pytest.mark.parametrize("tool", ELSEWHERE)
def test_recipes_of_other_tools(tool: str, tmp_path: Path) -> None:
    assert said(tmp_path, {"requirements.txt": PINS, "config.yaml": ELSEWHERE[tool]}, "config.yaml") == set()
