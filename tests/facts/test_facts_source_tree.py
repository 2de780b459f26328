"""`--facts-from`: a TRL or transformers that lies in a folder is one of the known releases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from trl_lint.cli.main import main
from trl_lint.model.release import Release
from trl_lint_rules import facts
from trl_lint_rules.facts import source_tree, store
from trl_lint_rules.facts.source_tree import SourceTreeError

TRL = {
    "trl/__init__.py": '__version__ = "unknown"\n_import_structure = {"trainer": ["SFTConfig", "SFTTrainer"]}\n',
    "trl/cli/__init__.py": "",
    "trl/cli/commands/__init__.py": "",
    "trl/trainer/__init__.py": "from .sft_config import SFTConfig\nfrom .sft_trainer import SFTTrainer\n",
    "trl/trainer/sft_config.py": (
        "from dataclasses import dataclass\nfrom transformers import TrainingArguments\n"
        "@dataclass\nclass SFTConfig(TrainingArguments):\n    brand_new: int = 3\n    max_length: int = 7\n"
    ),
    "trl/trainer/sft_trainer.py": "class SFTTrainer:\n    def __init__(self, model, args=None, brand_new=None): ...\n",
}
AUTO = {
    "configuration_auto": "CONFIG_MAPPING_NAMES = {'newtype': 'NewConfig'}\n",
    "modeling_auto": (
        "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES = {'newtype': 'NewForCausalLM'}\n"
        "MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES = {'x': 'X'}\n"
        "MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES = {'x': 'X'}\n"
    ),
    "processing_auto": "PROCESSOR_MAPPING_NAMES = {'x': 'X'}\n",
    "tokenization_auto": "TOKENIZER_MAPPING_NAMES = {'x': 'X'}\n",
    "image_processing_auto": "IMAGE_PROCESSOR_MAPPING_NAMES = {'x': 'X'}\n",
}
TRANSFORMERS = {
    "src/transformers/__init__.py": '__version__ = "99.1.0.dev0"\n',
    "src/transformers/training_args.py": (
        "from dataclasses import dataclass\n@dataclass\nclass TrainingArguments:\n    output_dir: str = 'x'\n"
    ),
    "src/transformers/trainer_utils.py": "",
    "src/transformers/debug_utils.py": "",
    **{f"src/transformers/models/auto/{name}.py": text for name, text in AUTO.items()},
}


def laid(root: Path, files: dict[str, str]) -> Path:
    """These files, below `root`."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(autouse=True)
def _only_the_shipped_facts_afterwards() -> Iterator[None]:
    yield
    store.lay_over({})


def test_a_newer_release_is_known_besides_the_published_ones(tmp_path: Path) -> None:
    newest = facts.releases("trl")[-1]
    before = facts.config_fields("SFTConfig", newest, Release(5, 4))
    (read,) = source_tree.lay_over([laid(tmp_path, {**TRL, "VERSION": "99.0.0.dev0\n"})])
    assert (read.package, read.version, read.release) == ("trl", "99.0.0.dev0", Release(99, 0))
    assert read.path == str(tmp_path / "trl")
    assert read.beyond == f"trl 99.0.0.dev0 is newer than the newest published release known ({newest})"
    assert facts.releases("trl")[-2:] == (newest, Release(99, 0))
    fields = facts.config_fields("SFTConfig", Release(99, 0), Release(5, 4))
    assert fields is not None
    assert list(fields)[-2:] == ["brand_new", "max_length"]
    assert (fields["brand_new"].since, fields["brand_new"].until) == (Release(99, 0), None)
    assert fields["max_length"].default == 7
    made = facts.parameters("SFTTrainer", Release(99, 0))
    assert made is not None
    assert list(made) == ["model", "args", "brand_new"]
    assert facts.names("trl", Release(99, 0)) == frozenset({"SFTConfig", "SFTTrainer"})
    assert facts.requires(Release(99, 0)) == facts.requires(newest)
    assert facts.config_fields("SFTConfig", newest, Release(5, 4)) is not None
    store.lay_over({})
    assert facts.config_fields("SFTConfig", newest, Release(5, 4)) == before
    assert facts.releases("trl")[-1] == newest


def test_a_changed_copy_of_a_published_release_takes_its_place(tmp_path: Path) -> None:
    count = len(facts.releases("trl"))
    (read,) = source_tree.lay_over([laid(tmp_path, {**TRL, "VERSION": "1.9.2\n"})])
    assert read.beyond is None
    assert len(facts.releases("trl")) == count
    assert list(facts.parameters("SFTTrainer", Release(1, 9, 2)) or ()) == ["model", "args", "brand_new"]
    assert "brand_new" not in (facts.parameters("SFTTrainer", Release(1, 9, 1)) or ())
    assert "brand_new" not in (facts.parameters("SFTTrainer", Release(1, 10)) or ())


def test_transformers_below_src(tmp_path: Path) -> None:
    (read,) = source_tree.lay_over([laid(tmp_path, TRANSFORMERS)])
    assert (read.package, read.release) == ("transformers", Release(99, 1))
    assert list(facts.training_arguments(Release(99, 1))) == ["output_dir"]
    model = facts.model_type("newtype", Release(99, 1))
    assert model is not None
    assert model.causal_lm == "NewForCausalLM"
    assert facts.model_type("newtype", facts.releases("transformers")[-2]) is None


METADATA = "Metadata-Version: 2.1\nName: trl\nVersion: {}\nRequires-Dist: transformers>=4.99\n\nA description"
PYPROJECT = '[project]\nname = "trl"\nversion = "98.1"\ndependencies = ["transformers>=4.98", "datasets"]\n'


@pytest.mark.parametrize(
    ("files", "version", "transformers"),
    [
        ({"trl-98.0.1.dist-info/METADATA": METADATA.format("98.0.1")}, "98.0.1", ">=4.99"),
        (
            {
                "trl-0.9.6.dist-info/METADATA": METADATA.format("0.9.6"),
                "trl-98.0.1+g12.dist-info/METADATA": METADATA.format("98.0.1+g12"),
                "VERSION": "3",
            },
            "98.0.1+g12",
            ">=4.99",
        ),
        ({"pyproject.toml": PYPROJECT}, "98.1", ">=4.98"),
        ({"setup.py": "__version__ = '98.2.0.dev0'\nsetup(version=__version__)\n"}, "98.2.0.dev0", None),
        ({"setup.py": "setup(name='trl', version='98.3')\n", "pyproject.toml": "[project"}, "98.3", None),
        ({"version.txt": "98.4\n"}, "98.4", None),
    ],
)
def test_who_says_the_version_and_the_requirements(
    tmp_path: Path, files: dict[str, str], version: str, transformers: str | None
) -> None:
    (read,) = source_tree.lay_over([laid(tmp_path, {**TRL, **files})])
    assert read.version == version
    published = facts.requires(facts.releases("trl")[-2])["transformers"]
    assert facts.requires(read.release)["transformers"] == (transformers or published)


def test_an_editable_install_leads_to_its_checkout(tmp_path: Path) -> None:
    checkout = laid(tmp_path / "my checkout", {**TRL, "VERSION": "99.0"})
    url = f'{{"url": "{checkout.as_uri()}", "dir_info": {{"editable": true}}}}'
    site = laid(tmp_path / "venv/lib/python3.11/site-packages", {"trl-99.0.dist-info/direct_url.json": url})
    for path in (site, tmp_path / "venv"):
        (tree,) = source_tree.read(path)
        assert tree.root == checkout


def test_the_folder_of_the_package_itself(tmp_path: Path) -> None:
    (tree,) = source_tree.read(laid(tmp_path, {**TRL, "VERSION": "99.0"}) / "trl")
    assert (tree.root, tree.release) == (tmp_path, Release(99, 0))


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "neither trl nor transformers"),
        (TRL, "nothing says which version"),
        ({**TRL, "VERSION": "main"}, "nothing says which version"),
        (
            {**TRL, "VERSION": "99.0", "trl/trainer/odd.py": "def f(:\n"},
            r"trl 99\.0 is not understood: trl/trainer/odd\.py:1: cannot be parsed",
        ),
        ({**TRL, "VERSION": "99.0", "trl/deep.py": "(" * 5000}, r"trl/deep\.py:1: cannot be parsed"),
        (
            {**TRL, "VERSION": "99.0", "trl/cli/commands/__init__.py": "TrainingCommand()\n"},
            r"trl/cli/__init__\.py: the command line is not understood \(IndexError",
        ),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, files: dict[str, str], reason: str) -> None:
    with pytest.raises(SourceTreeError, match=reason):
        source_tree.lay_over([laid(tmp_path, files)])


def test_folders_that_are_none_or_hold_the_same_package(tmp_path: Path) -> None:
    with pytest.raises(SourceTreeError, match="no such folder"):
        source_tree.read(tmp_path / "none")
    one = laid(tmp_path / "one", {**TRL, "VERSION": "99.0"})
    two = laid(tmp_path / "two", {**TRL, "VERSION": "98.0"})
    with pytest.raises(SourceTreeError, match=r"trl lies in .*one and in .*two"):
        source_tree.lay_over([one, two])
    (one / "trl/binary.py").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceTreeError, match=r"binary\.py: cannot be read"):
        source_tree.read(one)


def test_a_source_that_is_a_pipe_or_a_link_to_nothing(tmp_path: Path) -> None:
    laid(tmp_path, {**TRL, "VERSION": "99.0"})
    (tmp_path / "trl/away.py").symlink_to(tmp_path / "nowhere.py")
    with pytest.raises(SourceTreeError, match=r"away\.py: no file of source code"):
        source_tree.read(tmp_path)


SCRIPT = "from trl import SFTConfig\nargs = SFTConfig(brand_new=3, packing=True)\n"


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    laid(tmp_path, {**TRL, "VERSION": "99.0.0.dev0", "project/train.py": SCRIPT})
    monkeypatch.chdir(tmp_path / "project")
    flags = ["train.py", "--isolated", "--output-format"]
    assert main(["check", *flags, "concise", "--target-trl", "1.16.0"]) == 1
    assert "`brand_new`" in capsys.readouterr().out
    assert main(["check", *flags, "concise", "--facts-from", ".."]) == 1
    told = capsys.readouterr().out
    assert "SFTConfig of TRL 99.0.0 has no argument `packing`" in told
    assert "brand_new" not in told
    assert main(["runs", *flags, "text", "--facts-from", "../trl"]) == 0
    assert "trl 99.0.0.dev0 as read from" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--facts-from", "nowhere"], "there is no such folder"),
        (["--facts-from", "..", "--target-trl", "1.9"], "--target-trl too"),
    ],
)
def test_the_command_line_is_used_wrongly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, flags: list[str], told: str
) -> None:
    laid(tmp_path, {**TRL, "VERSION": "99.0.0.dev0", "project/train.py": SCRIPT})
    monkeypatch.chdir(tmp_path / "project")
    assert main(["check", "train.py", *flags]) == 2
    assert told in capsys.readouterr().err


def test_upgrade_to_a_checkout(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {**TRL, "VERSION": "99.0.0.dev0", "project/train.py": SCRIPT, "project/requirements.txt": "trl==1.16.0\n"}
    laid(tmp_path, files)
    monkeypatch.chdir(tmp_path / "project")
    assert main(["upgrade", "train.py", "--isolated", "--facts-from", ".."]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "SFTConfig of TRL 99.0.0 has no argument `packing`" in told
    assert "99.0.0.dev0 as read from" in told
    assert main(["upgrade", "train.py", "--isolated", "--facts-from", "..", "--to", "1.16"]) == 2
    assert "which release is meant, --to 1.16 too" in capsys.readouterr().err
    assert main(["upgrade", "train.py", "--isolated"]) == 2
    assert "name the release to move to" in capsys.readouterr().err
