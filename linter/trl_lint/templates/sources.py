"""Which chat template a tokenizer or a processor has after `from_pretrained`, by transformers release.

Source: `PreTrainedTokenizerBase._from_pretrained` (tokenization_utils_base.py) and
`ProcessorMixin.get_processor_dict` / `from_args_and_dict` (processing_utils.py), read in the published wheels of
transformers 4.44.0, 4.45.2, 4.46.0, 4.47.0, 4.48.0, 4.49.0, 4.50.0, 4.51.0, 4.52.1, 4.53.0, 4.54.0, 4.55.0,
4.56.0, 4.57.0, 4.57.6, 5.0.0 and 5.20.0:

- tokenizer: `tokenizer_config.json["chat_template"]`; from 4.47 `chat_template.jinja` replaces it; from 4.52
  also `additional_chat_templates/NAME.jinja` (with them the attribute is a dict by name). `chat_template.json` is
  never read.
- processor: `chat_template.json` before `processor_config.json["chat_template"]`; from 4.47 `chat_template.jinja`
  before both; from 4.52 `chat_template.json` before `chat_template.jinja` (and `additional_chat_templates/`,
  refused beside `chat_template.json`); from 5.0 `processor_config.json` before all. There is no way from
  `tokenizer_config.json` to a processor, except for mllama before 4.49, whose processor starts with its
  tokenizer's template; qwen2_audio's has one in its code.
- before 4.44 a tokenizer without a template had its class's default one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from trl_lint.artifacts.metadata import is_extra_template
from trl_lint.dataclass import dataclass
from trl_lint.model.artifact import Artifact, Evidence
from trl_lint.model.release import Release
from trl_lint.model.value import Unknown

Part = Literal["tokenizer", "processor"]

DEFAULT = "default"
_JINJA = "chat_template.jinja"
_LEGACY = "chat_template.json"
_TOKENIZER = "tokenizer_config.json"
_PROCESSOR = "processor_config.json"
_TOKENIZER_FILES = ("tokenizer.json", _TOKENIZER, "tokenizer.model", "vocab.json", "vocab.txt", "spiece.model")


class _Era(NamedTuple):
    """The files that count from `since` to before `until`, the first that has a template deciding."""

    since: Release | None
    until: Release | None
    order: tuple[str, ...]
    extras: bool  # additional_chat_templates/ counts


_ERAS: Mapping[Part, tuple[_Era, ...]] = {
    "tokenizer": (
        _Era(None, Release(4, 47), (_TOKENIZER,), False),
        _Era(Release(4, 47), Release(4, 52), (_JINJA, _TOKENIZER), False),
        _Era(Release(4, 52), None, (_JINJA, _TOKENIZER), True),
    ),
    "processor": (
        _Era(None, Release(4, 47), (_LEGACY, _PROCESSOR), False),
        _Era(Release(4, 47), Release(4, 52), (_JINJA, _LEGACY, _PROCESSOR), False),
        _Era(Release(4, 52), Release(5, 0), (_LEGACY, _JINJA, _PROCESSOR), True),
        _Era(Release(5, 0), None, (_PROCESSOR, _LEGACY, _JINJA), True),
    ),
}
_CLASS_DEFAULTS_UNTIL = Release(4, 44)
_MLLAMA_COPIES_UNTIL = Release(4, 49)
_TEMPLATE_IN_CODE = frozenset({"qwen2_audio"})
_MAX_NAMED = 32


@dataclass(frozen=True)
class TemplateText:
    """The chat template that would be used where none is named.

    `names` are all the names of the attribute where it is a dict, empty where it is this one string. `certain` is
    False where a file that would come first may exist without being known of (a cache that holds only some files).
    """

    text: str
    file: str
    name: str = DEFAULT
    names: tuple[str, ...] = ()
    certain: bool = True


@dataclass(frozen=True)
class TemplateCandidate:
    """One template of an artifact, and the transformers releases (`since` <= release < `until`) that read it."""

    text: str
    file: str
    since: Release | None
    until: Release | None
    name: str = DEFAULT


class _Missing(NamedTuple):
    """A file has no template: `sure` is False where the file may exist unseen."""

    sure: bool


_Found = dict[str, str] | Unknown | _Missing


def candidates(artifact: Artifact, part: Part) -> tuple[TemplateCandidate, ...]:
    """All templates that some release reads: for one release, the first that covers it comes first."""
    found = []
    for era in _ERAS[part]:
        for file in era.order:
            named = _read(artifact, file, era)
            if isinstance(named, dict):
                found += [TemplateCandidate(text, file, era.since, era.until, name) for name, text in named.items()]
    return tuple(found)


def tokenizer_template(artifact: Artifact, transformers: Release) -> TemplateText | Unknown | None:
    """The `chat_template` of `AutoTokenizer.from_pretrained(artifact)`; see `template_for`."""
    return template_for(artifact, "tokenizer", transformers)


def processor_template(artifact: Artifact, transformers: Release) -> TemplateText | Unknown | None:
    """The `chat_template` of `AutoProcessor.from_pretrained(artifact)`, if that is a processor; see `template_for`."""
    return template_for(artifact, "processor", transformers)


def template_for(artifact: Artifact, part: Part, transformers: Release) -> TemplateText | Unknown | None:
    """The template that `part` has with this release of transformers.

    None means known to have none; `Unknown` that it cannot be known, and why.
    """
    if artifact.evidence in (Evidence.NONE, Evidence.NAME):
        return Unknown(f"the files of {artifact.name} are not known")
    era = next(e for e in _ERAS[part] if _covers(e, transformers))
    certain = True
    for file in era.order:
        found = _read(artifact, file, era)
        if isinstance(found, Unknown):
            return found
        if isinstance(found, dict):
            return _chosen(found, file, certain)
        certain = certain and found.sure
    return _none(artifact, part, transformers, certain)


def _none(artifact: Artifact, part: Part, transformers: Release, certain: bool) -> TemplateText | Unknown | None:
    """The answer where no file gives a template."""
    if part == "processor" and artifact.model_type == "mllama" and transformers < _MLLAMA_COPIES_UNTIL:
        return template_for(artifact, "tokenizer", transformers)
    if part == "processor" and artifact.model_type in _TEMPLATE_IN_CODE:
        return Unknown(f"the processor of {artifact.model_type} has a template in its code")
    if not certain:
        return Unknown(f"not all files of {artifact.name} are known")
    if transformers < _CLASS_DEFAULTS_UNTIL:
        return Unknown(f"transformers before {_CLASS_DEFAULTS_UNTIL} had default templates")
    if not any(file in artifact.files for file in _TOKENIZER_FILES):
        return Unknown(f"{artifact.name} holds no tokenizer")
    return None


def _covers(era: _Era, release: Release) -> bool:
    return (era.since is None or era.since <= release) and (era.until is None or release < era.until)


def _chosen(named: dict[str, str], file: str, certain: bool) -> TemplateText | Unknown:
    if DEFAULT not in named:
        return Unknown(f"{file} has only the templates {', '.join(named)}, none of them the default")
    if len(named) == 1:
        return TemplateText(named[DEFAULT], file, certain=certain)
    return TemplateText(named[DEFAULT], file, names=tuple(named), certain=certain)


def _read(artifact: Artifact, file: str, era: _Era) -> _Found:
    if file == _JINJA:
        return _from_templates(artifact, era)
    if file not in artifact.files:
        return _Missing(artifact.lacks(file))
    content = artifact.json_files.get(file)
    if not isinstance(content, Mapping):
        return Unknown(f"{file} could not be read")
    if file == _LEGACY and "chat_template" not in content:
        return Unknown(f"{file} has no key chat_template")
    if file == _LEGACY and era.extras and any(map(is_extra_template, artifact.files)):
        return Unknown(f"{file} beside additional_chat_templates/ is refused")
    return _from_value(content.get("chat_template"), file)


def _from_templates(artifact: Artifact, era: _Era) -> _Found:
    named = dict(_extras(artifact)) if era.extras else {}
    if _JINJA in artifact.files:
        named = {DEFAULT: artifact.templates.get(_JINJA), **named}
    texts = {name: text for name, text in named.items() if text is not None}
    if len(texts) < len(named):
        return Unknown("a .jinja file could not be read")
    return texts if texts else _Missing(artifact.lacks(_JINJA))


def _extras(artifact: Artifact) -> Iterator[tuple[str, str | None]]:
    for file in sorted(artifact.files):
        if is_extra_template(file):
            yield file.rpartition("/")[2].removesuffix(".jinja"), artifact.templates.get(file)


def _from_value(value: object, file: str) -> _Found:
    """The `chat_template` of a JSON file: a string, or a list of named ones, or absent."""
    if value is None:
        return _Missing(True)
    if isinstance(value, str):
        return {DEFAULT: value}
    if isinstance(value, Mapping):
        rows = list(value.items())
    elif isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        rows = [(row.get("name"), row.get("template")) for row in value]
    else:
        return Unknown(f"the chat_template of {file} is neither a text nor a list of named ones")
    named = {name: text for name, text in rows[:_MAX_NAMED] if isinstance(name, str) and isinstance(text, str)}
    if not named or len(rows) > len(named):
        return Unknown(f"the chat_template of {file} is neither a text nor a list of named ones")
    return named
