"""Modules of the project and config files: what is read of them, and where it stands."""

from __future__ import annotations

import textwrap

import pytest

from trl_lint.model.module import Module
from trl_lint.model.source import Kind, Source
from trl_lint.python.front import understand

from .reading import Anything, Maybe, arguments, calls, instance, plain

KINDS = {"py": Kind.PYTHON, "yaml": Kind.YAML, "json": Kind.JSON}


class Files:
    """A project in memory; every path is seen from its root."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files
        self.asked: list[str] = []

    def _source(self, path: str) -> Source | None:
        text = self.files.get(path)
        return Source(path, KINDS[path.rpartition(".")[2]], textwrap.dedent(text)) if text is not None else None

    def data(self, path: str, beside_script: bool = False) -> Source | None:
        return self._source(path)

    def fields(self, dotted: str) -> frozenset[str] | None:
        return None

    def module(self, name: str, level: int, importer: str) -> Source | None:
        self.asked.append("." * level + name)
        folder = importer.rpartition("/")[0] if level else ""
        base = "/".join(part for part in (folder, *name.split(".")) if part)
        return self._source(f"{base}/__init__.py") or self._source(f"{base}.py")


def project(text: str, files: dict[str, str]) -> Module:
    head = "from trl import SFTConfig, SFTTrainer\n"
    return understand(Source("train.py", Kind.PYTHON, head + textwrap.dedent(text)), Files(files))


def found(text: str, files: dict[str, str]) -> dict[str | None, object]:
    (call,) = [call for call in calls(project(text, files)) if call.span.path == "train.py"]
    return arguments(call)


CONFIG = "A = 1\nB = {'lr': 2}\ndef double(x):\n    return 2 * x\nclass C:\n    lr = 3\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("from config import A\nSFTConfig(x=A)", 1),
        ("from config import A as a\nSFTConfig(x=a)", 1),
        ("import config\nSFTConfig(x=config.A)", 1),
        ("import config as c\nSFTConfig(x=c.B['lr'])", 2),
        ("from config import *\nSFTConfig(x=A)", 1),
        ("from config import double\nSFTConfig(x=double(4))", 8),
        ("from config import C\nSFTConfig(x=C.lr)", 3),
        ("import config\nconfig.A = 5\nSFTConfig(x=config.A)", 5),
        ("def main():\n    from config import A\n    SFTConfig(x=A)\nmain()", 1),
        ("from config import missing\nSFTConfig(x=missing)", Anything("`missing` of the project's module `config`")),
    ],
)
def test_names_of_a_module(text: str, value: object) -> None:
    assert found(text, {"config.py": CONFIG}) == {"x": value}


def test_packages_and_relative_imports() -> None:
    files = {
        "pkg/__init__.py": "from .inner import A\n",
        "pkg/inner.py": "from . import other\nA = other.B\n",
        "pkg/other.py": "B = 7\n",
    }
    text = "import pkg.other\nfrom pkg import A, inner\nSFTConfig(x=A, y=inner.A, z=pkg.other.B)"
    assert found(text, files) == {"x": 7, "y": 7, "z": 7}


def test_folders_without_an_init_file() -> None:
    files = {"space/conf.py": "A = 1\n"}
    assert found("from space import conf\nfrom space.conf import A\nSFTConfig(x=conf.A, y=A)", files) == {
        "x": 1,
        "y": 1,
    }


def test_modules_that_import_each_other() -> None:
    files = {"a.py": "X = 1\nimport b\nY = b.Z\n", "b.py": "import a\nZ = a.X + 1\n"}
    assert found("import a\nSFTConfig(x=a.Y)", files) == {"x": 2}


def test_a_config_and_a_trainer_of_other_files() -> None:
    files = {
        "config.py": "from trl import SFTConfig\nARGS = SFTConfig(max_length=64)\n",
        "build.py": "from trl import SFTTrainer\ndef build(model, args):\n    return SFTTrainer(model, args=args)\n",
    }
    module = project("from config import ARGS\nfrom build import build\nbuild('tiny', ARGS)", files)
    (trainer,) = calls(module, "SFTTrainer")
    assert trainer.span.path == "build.py"
    made = instance(trainer.arguments[1].value).call
    assert made is not None
    assert (made.span.path, arguments(made)) == ("config.py", {"max_length": 64})
    assert module.source.slice(made.span) == "SFTConfig(max_length=64)"
    assert [step.span.path for step in trainer.arguments[1].value.trail] == ["config.py", "train.py", "train.py"]


def test_a_module_is_run_as_one_that_is_imported() -> None:
    files = {"config.py": "A = 1\nif __name__ == '__main__':\n    A = 2\ndef uncalled():\n    SFTConfig(y=1)\n"}
    assert found("from config import A\nSFTConfig(x=A)", files) == {"x": 1}


def test_names_of_two_files_are_told_apart() -> None:
    files = {"config.py": "A = 1\ndef get():\n    return A\ndef put():\n    global A\n    A = 3\n"}
    text = "A = 2\nfrom config import get, put\nbefore = get()\nput()\nSFTConfig(x=A, y=before)"
    result = found(text, files)
    assert result["x"] == 2
    assert result["y"] in (1, Anything("`A` has several values"))


def test_branches_of_two_files_are_told_apart() -> None:
    """Both tests stand at the same offset of their files."""
    same = "from where import flag\n" + "#" * 15 + "\nif flag:\n    A = 1\nelse:\n    A = 2\n"
    text = "if flag:\n    B = 1\nelse:\n    B = 2\nfrom config import A\nSFTConfig(x=A, y=B)"
    (call,) = calls(project(text, {"config.py": same}))
    branches = {
        arm.branch
        for argument in call.arguments
        for option in getattr(argument.value, "options", ())
        for arm in option.when
    }
    assert len(branches) == 2


def test_libraries_are_not_looked_for_in_the_project() -> None:
    files = Files({"trl.py": "SFTConfig = 1\n", "torch/__init__.py": ""})
    module = understand(Source("train.py", Kind.PYTHON, "import torch\nfrom trl import SFTConfig\nSFTConfig()"), files)
    assert calls(module)
    assert files.asked == []


def test_a_module_that_does_not_parse_is_not_known() -> None:
    result = found("from config import A\nSFTConfig(x=A)", {"config.py": "A = 1\ndef (:\n"})
    assert result == {"x": Anything("`A` of the project's module `config`")}


def test_dataclasses_of_another_file() -> None:
    files = {"args.py": "from dataclasses import dataclass\n@dataclass\nclass Mine:\n    lr: float = 1e-5\n"}
    text = "from args import Mine\nfrom trl import TrlParser\nm, = TrlParser(Mine).parse_args_and_config([])\n"
    assert found(text + "SFTConfig(x=m.lr)", files) == {"x": 1e-5}


DATA = {"conf.yaml": "train:\n  lr: 2\n  more: [1, on]\nname: tiny\n", "conf.json": '{"train": {"lr": 2}}'}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("import yaml\nwith open('conf.yaml') as f:\n    c = yaml.safe_load(f)\nx = c['train']['lr']", 2),
        ("import yaml\nc = yaml.safe_load(open('conf.yaml'))\nx = c['train']['more']", [1, True]),
        ("import json\nc = json.load(open('conf.json'))\nx = c['train']['lr']", 2),
        ("import json, pathlib\nx = json.loads(pathlib.Path('conf.json').read_text())['train']['lr']", 2),
        ("from omegaconf import OmegaConf\nx = OmegaConf.load('conf.yaml').train.lr", 2),
        (
            "import yaml\nc = yaml.safe_load(open('gone.yaml'))\nx = c",
            Anything("the file `gone.yaml`, which is not at hand"),
        ),
        ("import yaml\nx = yaml.safe_load(open('conf.yaml', 'w'))", Anything("what a file holds that is not known")),
    ],
)
def test_config_files(text: str, value: object) -> None:
    assert found(f"{text}\nSFTConfig(x=x)", DATA) == {"x": value}


def test_a_value_of_a_config_file_knows_its_line() -> None:
    module = project("import yaml\nc = yaml.safe_load(open('conf.yaml'))\nSFTConfig(**c['train'])", DATA)
    (call,) = calls(module)
    first = call.arguments[0]
    assert (first.name, plain(first.value), first.via) == ("lr", 2, "read")
    assert str(module.source.place(first.span)) == "conf.yaml:2"
    assert [step.what for step in first.value.trail] == ["`lr` of conf.yaml"]


def test_what_hydra_reads_may_be_overridden() -> None:
    text = """
        import hydra
        @hydra.main(config_path="conf", config_name="train")
        def main(cfg):
            SFTConfig(x=cfg.trainer.lr, y=cfg.trainer.gone)
        main()
    """
    result = found(text, {"conf/train.yaml": "trainer:\n  lr: 2\n"})
    assert result["x"] == Maybe((2, Anything("Hydra's command line")))
    assert isinstance(result["y"], Anything)


def test_many_and_large_modules_are_bounded() -> None:
    files = {f"m{n}.py": f"import m{n + 1}\nX = {n}\n" for n in range(200)}
    files["large.py"] = "X = 1\n" * 100_000
    result = found("import m0, large\nSFTConfig(x=m0.X, y=large.X)", files)
    assert result == {"x": 0, "y": "large.X"}  # a name of which nothing more is known
