"""One training run that a source would launch, as understood. The centre of the design."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from pathlib import Path

from trl_lint.dataclass import dataclass, field
from trl_lint.model.launch import Launch
from trl_lint.model.source import Source
from trl_lint.model.span import Span
from trl_lint.model.value import Arm, Call, Guard, Instance, Known, Mutation, Unknown, Value


class Origin(enum.Enum):
    """Where a setting came from."""

    KEYWORD = "keyword"
    POSITIONAL = "positional"
    SPLAT = "**dict"
    ASSIGNED = "assigned afterwards"
    YAML = "recipe"
    FLAG = "command line"
    PARSER_DEFAULT = "parser default"
    READ = "config file or namespace"


@dataclass(frozen=True, slots=True)
class Setting:
    """A named value, its place, and where it came from. `span` covers key and value, `value_span` the value."""

    name: str
    value: Value
    span: Span
    value_span: Span
    origin: Origin = Origin.KEYWORD
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """The arguments of one call (or the keys of a recipe). `open` says why there may be others; `outside` that it is
    only what someone passes on the command line, where mostly nobody does."""

    items: Mapping[str, Setting] = field(default_factory=dict)
    open: str | None = None
    outside: bool = False

    def get(self, name: str) -> Setting | None:
        """The setting of this name, if the code gives one."""
        return self.items.get(name)


class How(enum.Enum):
    """How a model or processing class reaches the trainer."""

    ABSENT = "absent"  # the argument is not given, or None
    NAME = "name"  # a string: the trainer loads it
    LOADED = "loaded"  # `SomeClass.from_pretrained(name)`
    MADE = "made"  # built from a configuration, `SomeClass(config)`
    OTHER = "other"  # an object that is known to be something else (a string as processing class ...)
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ModelUse:
    """The model that the trainer gets.

    `loader` is the dotted class (`transformers.AutoModelForCausalLM`); `name` the repository or path;
    `nameless` says that the instance lost its `_name_or_path`; `adapted` that it is a PeftModel already.
    """

    how: How
    name: Value = field(default_factory=lambda: Unknown("no model is named"))
    loader: str | None = None
    span: Span | None = None
    revision: Value = field(default_factory=lambda: Known(None))
    nameless: bool = False
    adapted: bool = False
    instance: Instance | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProcessingUse:
    """The processing class that the trainer gets, or an object of that kind that the code makes.

    `loader`: `transformers.AutoTokenizer`, `transformers.AutoProcessor`, a concrete class; `part` is
    `tokenizer` for `processor.tokenizer`. `edits` are what the code did to it before the trainer was made.
    """

    how: How
    loader: str | None = None
    name: Value = field(default_factory=lambda: Unknown("no name"))
    part: str | None = None
    span: Span | None = None
    edits: tuple[Mutation, ...] = ()
    instance: Instance | None = None
    variable: str | None = None
    revision: Value = field(default_factory=lambda: Known(None))
    reason: str = ""


@dataclass(frozen=True)
class Run:
    """One run: a trainer with its config, or one of them alone (a partial run).

    `trainer` and `config` are class names of TRL (`SFTTrainer`, `SFTConfig`, or `TrainingArguments`);
    `settings` the config's arguments, `arguments` the trainer's. `spare` are the tokenizers and processors
    that the code makes for this model and does not pass. `anchor` is where a finding on the run as a whole goes.
    """

    source: Source
    anchor: Span
    trainer: str | None = None
    trainer_call: Call | None = None
    config: str | None = None
    config_call: Call | None = None
    settings: Settings = field(default_factory=Settings)
    arguments: Settings = field(default_factory=Settings)
    model: ModelUse = field(default_factory=lambda: ModelUse(How.UNKNOWN))
    processing: ProcessingUse = field(default_factory=lambda: ProcessingUse(How.UNKNOWN))
    spare: tuple[ProcessingUse, ...] = ()
    train_dataset: Value = field(default_factory=lambda: Unknown("no data set"))
    eval_dataset: Value = field(default_factory=lambda: Known(None))
    guards: tuple[Guard, ...] = ()
    when: tuple[Arm, ...] = ()
    patched_by: str | None = None  # "unsloth" where that package patches the trainers
    recipe: bool = False  # settings stand in a YAML or JSON recipe, or are flags of the `trl` command
    command: str | None = None  # the sub-command of `trl` that a command line names
    script: bool = False  # that command's script is started by itself
    folder: Path | None = None  # from which the paths of a command line are meant
    started: tuple[Launch, ...] = ()  # the command lines that start this run
    assumed: str | None = None  # what nothing in the project says, and the whole run rests on
