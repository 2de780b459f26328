"""What is fuzzed: a file of a small project is broken, and the whole project is checked, and fixed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from trl_lint.configuration.errors import ConfigurationError
from trl_lint.configuration.loading import read as read_configuration
from trl_lint.configuration.settings import Configuration
from trl_lint.configuration.vocabulary import Vocabulary
from trl_lint.edits.apply import apply
from trl_lint.engine import Engine
from trl_lint.model.finding import Severity
from trl_lint.packs.registry import Registry
from trl_lint.policy import Policy
from trl_lint.sources.document import Document, kind_of
from trl_lint.sources.read import from_bytes, read

from .seeds import seeds

SLOWEST = 2.0  # seconds of processor time for one input

_SCRIPT = """\
from datasets import load_dataset
from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer

tokenizer = AutoTokenizer.from_pretrained("model")
tokenizer.pad_token = tokenizer.eos_token
args = SFTConfig(output_dir="out", assistant_only_loss=True, max_length=64)  # trl-lint: ignore[TRL105] a test
trainer = SFTTrainer("model", args=args, train_dataset=load_dataset("json", data_files="data.jsonl", split="train"))
"""
_PROJECT = {
    "train.py": _SCRIPT,
    "requirements.txt": "trl==1.9.2\ntransformers==5.14.1\n",
    "data.jsonl": '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n',
    "model/config.json": '{"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"]}',
    "model/tokenizer_config.json": '{"tokenizer_class": "Qwen2Tokenizer", "eos_token": "<|im_end|>"}',
    "model/chat_template.jinja": "{% for m in messages %}{{ m.content }}{% endfor %}",
}
SOURCES = ("train.py", "train.ipynb", "recipe.yaml", "recipe.json", "run.sh")
MANIFESTS = (
    "requirements.txt", "uv.lock", "poetry.lock", "pylock.toml", "Pipfile.lock", "pixi.lock", "pyproject.toml",
    "setup.cfg", "setup.py", "environment.yml", "Dockerfile",
)  # fmt: skip
EVIDENCE = (
    "data.jsonl", "model/config.json", "model/tokenizer_config.json", "model/preprocessor_config.json",
    "model/tokenizer.json", "model/chat_template.jinja",
)  # fmt: skip


class FailedError(AssertionError):
    """What an input did that no input may do."""


class Target:
    """Breaks the file `name` of a project in `folder`, again and again."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self.registry = Registry()
        self.vocabulary = Vocabulary.of((entry.code, entry.name) for entry in self.registry.entries)
        project = {**_PROJECT, "model/tokenizer.json": seeds("tokenizer.json")[0].decode()}
        for path, text in project.items():
            if path != name and not (path == "requirements.txt" and name in MANIFESTS):
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text, encoding="utf-8")

    def __call__(self, raw: bytes) -> None:
        """Raises FailedError, or whatever the linter raises, where the linter does not stand this input."""
        started = time.process_time()
        if self.name in SOURCES:
            self._source(raw)
        else:
            self._beside(raw)
        taken = time.process_time() - started
        if taken > SLOWEST:
            raise FailedError(f"{taken:.1f} s")

    def _source(self, raw: bytes) -> None:
        document = from_bytes(raw, self.name, kind_of(Path(self.name)))
        if isinstance(document, Document):
            self._check(document, Configuration(root=self.folder))

    def _beside(self, raw: bytes) -> None:
        path = self.folder / self.name
        path.write_bytes(raw)
        document = read(self.folder / "train.py", "train.py")
        if not isinstance(document, Document):
            raise FailedError("the script cannot be read")
        configuration = None
        with contextlib.suppress(ConfigurationError):  # the clear message of exit code 2
            if self.name == "pyproject.toml":
                configuration = read_configuration(path)
            self._check(document, configuration or Configuration(root=self.folder))

    def _check(self, document: Document, configuration: Configuration) -> None:
        engine = Engine(root=self.folder, registry=self.registry, isolated=True)
        checked = engine.check_document(document, self.folder)
        if engine.failed:
            raise FailedError("; ".join(f.message for f in checked.findings if f.code == "TRL002"))
        policy = Policy(configuration, lambda: self.vocabulary)
        for finding in policy.shown(checked.findings, checked.source, self.folder / document.source.path):
            if finding.severity not in Severity:
                raise FailedError(f"{finding.code} has no severity")
            for fix in (finding.fix, *finding.fixes):
                if fix is not None and all(edit.span.path == document.source.path for edit in fix.edits):
                    self._fixed(document, apply(document, fix.edits))

    def _fixed(self, document: Document, raw: bytes) -> None:
        source = document.source
        if not isinstance(from_bytes(raw, source.path, source.kind), Document):
            raise FailedError("a fix makes the file unreadable")


def _target(name: str) -> Callable[[Path], Target]:
    return lambda folder: Target(name, folder)


TARGETS: Mapping[str, Callable[[Path], Target]] = MappingProxyType(
    {name: _target(name) for name in (*SOURCES, *MANIFESTS, *EVIDENCE)}
)
