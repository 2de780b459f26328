"""Reading packages with `ast`: names, fields, parameters, constants, scripts, templates, requirements."""

from __future__ import annotations

import ast
import hashlib
from typing import Any

import pytest

from trl_lint_rules.facts.extract import configs, constants, names, requirements, scripts, signatures, templates, values
from trl_lint_rules.facts.extract.errors import UnknownShapeError, reading
from trl_lint_rules.facts.extract.tree import Tree

CONFIGS = """
from dataclasses import dataclass, field
from typing import Literal, Optional
import warnings
from transformers import TrainingArguments

@dataclass
class Mixin:
    logging_steps: float = field(default=10)

@dataclass
class Base(Mixin, TrainingArguments):
    beta: float = 0.1
    kept: int = 3
    names: list[str] = field(default_factory=lambda: ["a"])

    def __post_init__(self):
        if self.old is not None:
            warnings.warn("`old` is deprecated, use `beta`.")
        if self.mode == "slow":
            warnings.warn("The `slow` mode is deprecated.")
        if self.beta < 0:
            warnings.warn("beta is odd")

@dataclass
class Sub(Base):
    kept: Optional[int]
    beta: float = -1.5
    mode: Literal["slow", "fast"] = "fast"
    old: Optional[str] = field(default=None, metadata={"help": "unused"})
    picked: str = field(default="x", metadata={"help": "Pick.", "choices": ["x", "y"]})
    hidden: int = field(init=False, default=0)
    computed: int = field(default=len("ab"))
    needed: tuple[int, int] = (1, 2)

class Wrapper(Sub):
    pass
"""


def tree(**files: str) -> Tree:
    """A package `pkg` of these modules; `__init__` is added."""
    paths = {
        f"pkg/{name.replace('__', '/')}.py" if name != "init" else "pkg/__init__.py": text
        for name, text in files.items()
    }
    return Tree("pkg", {"pkg/__init__.py": "", **paths})


def class_of(found: Tree, module: str, name: str) -> ast.ClassDef:
    node = found.bindings(module)[name].node
    assert isinstance(node, ast.ClassDef)
    return node


def fields_of(name: str) -> configs.ConfigClass:
    found = tree(conf=CONFIGS)
    return configs.config_class(found, "pkg.conf", class_of(found, "pkg.conf", name))


def test_fields_are_inherited_in_order() -> None:
    sub = fields_of("Sub")
    assert sub.base == "TrainingArguments"
    assert list(sub.fields)[:4] == ["logging_steps", "beta", "kept", "names"]


def test_defaults() -> None:
    fields = fields_of("Sub").fields
    assert fields["beta"]["d"] == -1.5
    assert fields["kept"]["d"] == 3  # an annotation alone keeps the inherited default
    assert fields["kept"]["t"] == "int | None"
    assert fields["names"]["d"] == ["a"]
    assert fields["names"]["f"] == 1
    assert fields["computed"]["d"] == {"src": "len('ab')"}
    assert fields["needed"]["d"] == {"lit": "(1, 2)"}
    assert fields["hidden"]["n"] == 1


def test_choices_and_deprecations() -> None:
    fields = fields_of("Sub").fields
    assert fields["mode"]["c"] == ["slow", "fast"]
    assert fields["picked"]["c"] == ["x", "y"]
    assert "x" not in fields["beta"]


def test_warnings_of_a_base_speak_of_fields_that_it_has() -> None:
    text = CONFIGS.replace("    kept: int = 3\n", "    kept: int = 3\n    old: str = None\n    mode: str = ''\n")
    found = tree(conf=text)
    fields = configs.config_class(found, "pkg.conf", class_of(found, "pkg.conf", "Base")).fields
    assert "use `beta`" in fields["old"]["x"]
    assert list(fields["mode"]["v"]) == ["slow"]
    assert "x" not in fields["beta"]


def test_an_undecorated_subclass_is_a_config_too() -> None:
    found = tree(conf=CONFIGS)
    node = class_of(found, "pkg.conf", "Wrapper")
    assert configs.is_config(found, "pkg.conf", node)
    assert list(fields_of("Wrapper").fields) == list(fields_of("Sub").fields)


def test_a_shape_that_is_not_understood_is_refused() -> None:
    found = tree(conf="from dataclasses import dataclass, InitVar\n@dataclass\nclass A:\n    x: InitVar[int] = 0\n")
    with pytest.raises(UnknownShapeError, match=r"A\.x"):
        configs.config_class(found, "pkg.conf", class_of(found, "pkg.conf", "A"))


def test_a_default_that_hangs_on_what_is_installed_is_source_text() -> None:
    found = tree(
        conf="from dataclasses import dataclass\n"
        "@dataclass\n"
        "class A:\n"
        "    chosen = 'plain'\n"
        "    if has_torch():\n"
        "        if torch_is_new:\n"
        "            chosen = 'fused'\n"
        "    optim: str = chosen\n"
    )
    fields = configs.config_class(found, "pkg.conf", class_of(found, "pkg.conf", "A")).fields
    assert fields["optim"]["d"] == {"src": "'fused' if has_torch() and torch_is_new else 'plain'"}


FOREIGN = (
    "from dataclasses import dataclass\nfrom transformers import {0}\n@dataclass\nclass {1}({0}):\n    x: int = 0\n"
)


def test_a_foreign_base_may_bring_fields() -> None:
    found = tree(conf=FOREIGN.format("TrainerState", "State"))
    assert not configs.is_config(found, "pkg.conf", class_of(found, "pkg.conf", "State"))
    found = tree(conf=FOREIGN.format("NewArguments", "OwnConfig"))
    with pytest.raises(UnknownShapeError, match=r"^pkg/conf\.py:4: OwnConfig inherits from NewArguments"):
        configs.is_config(found, "pkg.conf", class_of(found, "pkg.conf", "OwnConfig"))
    found = tree(conf=FOREIGN.format("TrainingArguments", "OwnConfig"))
    assert configs.is_config(found, "pkg.conf", class_of(found, "pkg.conf", "OwnConfig"))


def test_what_goes_wrong_in_reading_names_its_place() -> None:
    found = tree(conf="\n\nclass A:\n    pass\n")
    with (
        pytest.raises(UnknownShapeError, match=r"^pkg/conf\.py:3: class A is not understood \(KeyError: 'no'\)$"),
        reading(found, "pkg.conf", "class A", class_of(found, "pkg.conf", "A")),
    ):
        raise KeyError("no")
    with pytest.raises(UnknownShapeError, match=r"^pkg/conf\.py:2: cannot be parsed"):
        tree(conf="x = 1\ny = = 2\n").parsed("pkg.conf")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Optional[Union[str, List[int]]]", "str | list[int] | None"),
        ("None | str", "str | None"),
        ("'Optional[PeftConfig]'", "PeftConfig | None"),
        ("Optional['PeftConfig']", "PeftConfig | None"),
        ("Callable[[dict], str]", "Callable[[dict], str]"),
        ("typing.Any", "Any"),
    ],
)
def test_annotations_have_one_spelling(text: str, wanted: str) -> None:
    assert values.annotation(ast.parse(text, mode="eval").body) == wanted


TRAINERS = """
from transformers.utils.deprecation import deprecate_kwarg
from transformers import Trainer

class BaseTrainer(Trainer):
    pass

class OwnTrainer(BaseTrainer):
    @deprecate_kwarg("tokenizer", "0.16.0", "processing_class", raise_if_both_names=True)
    @_deprecate_arguments(version="1", deprecated_args=["old"])
    def __init__(self, model, args: "OwnConfig" = None, processing_class=None, old=1, *, extra=2, **kwargs):
        pass

class Wrapper(OwnTrainer):
    def __init__(self, *args, **kwargs):
        print("moved")
        super().__init__(*args, **kwargs)
"""


def test_signatures() -> None:
    found = tree(trainers=TRAINERS)
    own = signatures.signature(found, "pkg.trainers", class_of(found, "pkg.trainers", "OwnTrainer"))
    assert own is not None
    assert list(own.parameters) == ["model", "args", "processing_class", "old", "extra"]
    assert own.parameters["model"]["d"] == values.REQUIRED
    assert own.parameters["old"]["x"] == 1
    assert own.parameters["extra"]["k"] == 1
    assert own.renamed == {"tokenizer": "processing_class"}
    assert own.open
    assert signatures.signature(found, "pkg.trainers", class_of(found, "pkg.trainers", "Wrapper")) == own
    assert signatures.signature(found, "pkg.trainers", class_of(found, "pkg.trainers", "BaseTrainer")) is None


LAZY = """
_import_structure = {"data": ["pack"], "trainer": []}
try:
    check()
except Missing:
    pass
else:
    _import_structure["trainer"].extend(["OwnTrainer"])
    _import_structure["trainer"].append("OwnConfig")
    _import_structure["extras"] = ["Sampler"]
if TYPE_CHECKING:
    from .data import never
"""


def test_names_and_homes() -> None:
    found = tree(
        init=LAZY,
        data="def pack(): ...\ndef never(): ...\nimport os\n_hidden = 1\n",
        trainer="class OwnTrainer: ...\nclass OwnConfig: ...\nclass Inner: ...\n",
        extras="from .trainer import *\nclass Sampler: ...\n",
        _private="class Secret: ...\n",
    )
    assert names.names_of(found, "pkg") == ["OwnConfig", "OwnTrainer", "Sampler", "pack"]
    assert names.names_of(found, "pkg.data") == ["never", "os", "pack"]
    homes = names.homes(found, names.exports(found))
    assert homes["OwnTrainer"] == "pkg"
    assert homes["Inner"] in ("pkg.extras", "pkg.trainer")
    assert homes["never"] == "pkg.data"
    assert "Secret" not in homes


def test_names_that_warn() -> None:
    text = "import warnings\ndef old():\n    warnings.warn('`old` is deprecated')\n"
    text += "def new():\n    if x:\n        warnings.warn('deprecated')\n"
    assert names.deprecated(tree(init=text)) == {"pkg": {"old": "`old` is deprecated"}}


CONSTANTS = """
from collections import OrderedDict
from .made import MADE
if TYPE_CHECKING:
    A: OrderedDict = OrderedDict()
else:
    A = OrderedDict([("x", "X" if is_here() else None), ("y", (None, "YFast"))])
MADE.update({"z": "Z"})
ALL = OrderedDict(**{"first": "F"}, **MADE)
MIXED = OrderedDict([*list(A.items()), ("w", "W")])
WRONG = {"b", "x"}
for t in WRONG:
    if t not in A:
        A[t] = "Backend"
OTHER = compute()
"""


def test_constants() -> None:
    found = constants.constants(tree(tables=CONSTANTS, made='MADE = {"m": "M"}\n'), "pkg.tables")
    assert found["A"] == {"x": "X", "y": (None, "YFast"), "b": "Backend"}
    assert found["ALL"] == {"first": "F", "m": "M", "z": "Z"}
    assert found["MIXED"] == {"x": "X", "y": (None, "YFast"), "w": "W"}
    assert "OTHER" not in found


SCRIPT = """
from trl import SFTConfig, ModelConfig
def main(a, b):
    tok = AutoTokenizer.from_pretrained(b.model_name_or_path)
    trainer = SFTTrainer(model=b.model_name_or_path, args=a, processing_class=tok)
def make_parser(subparsers=None):
    dataclass_types = (LocalArguments, SFTConfig, ModelConfig)
    return TrlParser(dataclass_types)
if __name__ == "__main__":
    a, b, _ = make_parser().parse_args_and_config(%s)
"""


@pytest.mark.parametrize(
    ("given", "refuses", "refuses_flags"),
    [
        ("", True, True),
        ("fail_with_unknown_args=False", False, True),
        ("return_remaining_strings=True", False, False),
    ],
)
def test_commands(given: str, refuses: bool, refuses_flags: bool) -> None:
    parser = (
        "class TrlParser:\n    def parse_args_and_config(self):\n"
        "        raise ValueError(f'Unknown arguments from config file: {x}.')\n"
    )
    found = Tree(
        "trl",
        {
            "trl/__init__.py": "",
            "trl/cli/__init__.py": "",
            "trl/cli/commands/__init__.py": "def get_commands():\n    return [TrainingCommand('sft')]\n",
            "trl/scripts/__init__.py": "",
            "trl/scripts/utils.py": parser,
            "trl/scripts/sft.py": SCRIPT % given,
        },
    )
    assert scripts.commands(found)["sft"] == {
        "script": "trl.scripts.sft",
        "parses": [["LocalArguments", "trl.scripts.sft"], ["SFTConfig", "trl"], ["ModelConfig", "trl"]],
        "script_refuses": refuses,
        "refuses": refuses,
        "script_refuses_flags": refuses_flags,
        "refuses_flags": refuses_flags,
        "takes_config": True,
        "trainer": "SFTTrainer",
        "passes": "tokenizer",
        "model": "name",
    }


def test_a_command_that_reads_the_whole_line_itself_knows_no_recipe_and_no_other_flag() -> None:
    main = """
def main():
    parser = TrlParser()
    args = parser.parse_args()
    if args.command == "sft":
        launch_command(launch_command_parser().parse_args([sft_training_script]))
"""
    found = Tree(
        "trl",
        {
            "trl/__init__.py": "",
            "trl/cli.py": main,
            "trl/scripts/__init__.py": "",
            "trl/scripts/utils.py": "class TrlParser:\n    pass\n",
            "trl/scripts/sft.py": SCRIPT % "return_remaining_strings=True",
        },
    )
    entry = scripts.commands(found)["sft"]
    assert (entry["takes_config"], entry["refuses_flags"], entry["script_refuses_flags"]) == (False, True, False)


TEMPLATES = """
one_chat_template = "plain {{ x }}"
two_chat_template = (_CHAT_TEMPLATES_DIR / "two.jinja").read_text(encoding="utf-8")
def get_training_chat_template(tokenizer):
    if tokenizer.chat_template == one_chat_template:
        return one_training_chat_template
    if tokenizer.chat_template == two_chat_template:
        return two_training_chat_template
    raise ValueError
"""


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def trl_with(trainer: str, utils: str = TEMPLATES) -> Tree:
    files = {
        "trl/chat_template_utils.py": utils,
        "trl/chat_templates/two.jinja": "two é",
        "trl/trainer/__init__.py": "",
        "trl/trainer/sft_trainer.py": trainer,
    }
    return Tree("trl", files)


def test_patched_templates() -> None:
    assert templates.patched(trl_with("")) == {
        sha256("plain {{ x }}"): ["one_chat_template", "one_training_chat_template"],
        sha256("two é"): ["two_chat_template", "two_training_chat_template"],
    }
    assert templates.patched(Tree("trl", {})) == {}


def test_marker_tests() -> None:
    assert templates.marker_test(trl_with(""))["kind"] == "none"
    literal = templates.marker_test(trl_with("if '{% generation %}' not in t:\n    get_training_chat_template(t)\n"))
    assert literal == {"kind": "literal", "text": "{% generation %}"}
    utils = TEMPLATES + "def has_generation_markers(t):\n    return re.search(r'gen\\s', t) is not None\n"
    pattern = templates.marker_test(
        trl_with("if has_generation_markers(t):\n    get_training_chat_template(t)\n", utils)
    )
    assert pattern == {"kind": "pattern", "text": r"gen\s"}
    with pytest.raises(UnknownShapeError, match="not known here"):
        templates.marker_test(trl_with("get_training_chat_template(t)\n"))


METADATA = """Metadata-Version: 2.1
Name: trl
Requires-Python: >=3.9
Requires-Dist: accelerate
Requires-Dist: transformers (>=4.31.0,<5)
Requires-Dist: transformers!=4.46.1; python_version > "3.8"
Requires-Dist: peft>=0.8.0; extra == "peft"
Requires-Dist: transformers!=5.1.0; extra == "other"
Requires-Dist: rich

Requires-Dist: datasets>=1
"""


def test_requirements() -> None:
    wanted: dict[str, Any] = {
        "accelerate": "",
        "peft": ">=0.8.0",
        "python": ">=3.9",
        "transformers": ">=4.31.0,<5,!=4.46.1",
    }
    assert requirements.requires(METADATA) == wanted


def test_parameters_that_init_warns_about_are_deprecated() -> None:
    found = tree(
        train="class T:\n"
        "    def __init__(self, old=None, kept=None, other=None):\n"
        "        if old is not None:\n"
        "            warnings.warn('`old` is deprecated.')\n"
        "        if kept is not None:\n"
        "            warnings.warn('kept is slow')\n"
        "        if other:\n"
        "            warnings.warn('an empty `other` is deprecated')\n"
    )
    made = signatures.signature(found, "pkg.train", class_of(found, "pkg.train", "T"))
    assert made is not None
    assert {name: record.get("x") for name, record in made.parameters.items()} == {
        "old": "`old` is deprecated.",
        "kept": None,
        "other": None,
    }
