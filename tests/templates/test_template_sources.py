"""Which file's template counts, by transformers release."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trl_lint.model.artifact import Evidence
from trl_lint.model.release import Release
from trl_lint.model.value import Unknown
from trl_lint.templates import candidates, processor_template, tokenizer_template
from trl_lint.templates.sources import Part, TemplateText, template_for

from .samples import artifact

EVERYTHING = artifact(
    {
        "config.json": {"model_type": "qwen2_vl"},
        "tokenizer_config.json": {"chat_template": "T"},
        "processor_config.json": {"chat_template": "P"},
        "chat_template.json": {"chat_template": "L"},
    },
    templates={"chat_template.jinja": "J"},
)


@pytest.mark.parametrize(
    ("part", "release", "text"),
    [
        ("tokenizer", "4.46.3", "T"),
        ("tokenizer", "4.47.0", "J"),
        ("tokenizer", "4.57.1", "J"),
        ("tokenizer", "5.20.0", "J"),
        ("processor", "4.46.3", "L"),
        ("processor", "4.47.0", "J"),
        ("processor", "4.51.3", "J"),
        ("processor", "4.52.4", "L"),
        ("processor", "4.57.6", "L"),
        ("processor", "5.0.0", "P"),
        ("processor", "5.20.0", "P"),
    ],
)
def test_precedence_by_release(part: Part, release: str, text: str) -> None:
    wanted = Release.parse(release)
    found = template_for(EVERYTHING, part, wanted)
    assert isinstance(found, TemplateText)
    assert (found.text, found.certain) == (text, True)
    covering = [
        one
        for one in candidates(EVERYTHING, part)
        if (one.since is None or one.since <= wanted) and (one.until is None or wanted < one.until)
    ]
    assert covering[0].text == text


NEW, OLD = Release(5, 20), Release(4, 46, 3)


def test_a_processor_never_reads_the_tokenizers_configuration() -> None:
    only_tokenizer = artifact({"tokenizer_config.json": {"chat_template": "T"}})
    assert processor_template(only_tokenizer, NEW) is None
    assert tokenizer_template(only_tokenizer, NEW) == TemplateText("T", "tokenizer_config.json")


def test_a_tokenizer_never_reads_the_processors_files() -> None:
    found = artifact({"chat_template.json": {"chat_template": "L"}, "processor_config.json": {"chat_template": "P"}})
    assert tokenizer_template(found, NEW) is None


def test_the_old_mllama_processor_takes_its_tokenizers() -> None:
    found = artifact({"config.json": {"model_type": "mllama"}, "tokenizer_config.json": {"chat_template": "T"}})
    assert processor_template(found, Release(4, 48, 3)) == TemplateText("T", "tokenizer_config.json")
    assert processor_template(found, Release(4, 49)) is None


def test_a_jinja_file_is_not_seen_by_old_releases() -> None:
    found = artifact({"tokenizer_config.json": {}}, templates={"chat_template.jinja": "J"})
    assert tokenizer_template(found, OLD) is None
    assert tokenizer_template(found, NEW) == TemplateText("J", "chat_template.jinja")


def test_named_templates() -> None:
    rows = [{"name": "default", "template": "D"}, {"name": "tool_use", "template": "U"}]
    found = tokenizer_template(artifact({"tokenizer_config.json": {"chat_template": rows}}), OLD)
    assert found == TemplateText("D", "tokenizer_config.json", names=("default", "tool_use"))
    none = tokenizer_template(artifact({"tokenizer_config.json": {"chat_template": rows[1:]}}), OLD)
    assert isinstance(none, Unknown)


def test_additional_templates_count_from_their_release() -> None:
    templates = {"chat_template.jinja": "J", "additional_chat_templates/rag.jinja": "R"}
    found = artifact({"tokenizer_config.json": {}}, templates=templates)
    assert tokenizer_template(found, Release(4, 51)) == TemplateText("J", "chat_template.jinja")
    assert tokenizer_template(found, NEW) == TemplateText("J", "chat_template.jinja", names=("default", "rag"))


def test_the_legacy_file_beside_additional_templates_is_refused() -> None:
    found = artifact(
        {"chat_template.json": {"chat_template": "L"}}, templates={"additional_chat_templates/rag.jinja": "R"}
    )
    assert isinstance(processor_template(found, NEW), Unknown)


@pytest.mark.parametrize("value", [None, {}, {"chat_template": None}])
def test_known_to_have_none(value: object) -> None:
    files = {} if value is None else {"tokenizer_config.json": value}
    assert tokenizer_template(artifact(files), NEW) is None


@pytest.mark.parametrize("value", [3, ["x"], [{"name": 1, "template": "x"}], [[]], {"default": 5}, []])
def test_a_value_of_the_wrong_type_is_unknown(value: object) -> None:
    found = tokenizer_template(artifact({"tokenizer_config.json": {"chat_template": value}}), NEW)
    assert isinstance(found, Unknown)


def test_unreadable_files_are_unknown() -> None:
    assert isinstance(tokenizer_template(artifact({"tokenizer_config.json": None}), NEW), Unknown)
    assert isinstance(tokenizer_template(artifact({"tokenizer_config.json": [1]}), NEW), Unknown)
    assert isinstance(processor_template(artifact({"chat_template.json": {}}), NEW), Unknown)
    broken = artifact({"tokenizer_config.json": {}})
    broken = replace(broken, files=broken.files | {"chat_template.jinja"})
    assert isinstance(tokenizer_template(broken, NEW), Unknown)


def test_an_incomplete_cache() -> None:
    config = {"tokenizer_config.json": {"chat_template": "T"}}
    partial = artifact(config, complete=False, evidence=Evidence.CACHE)
    assert tokenizer_template(partial, NEW) == TemplateText("T", "tokenizer_config.json", certain=False)
    assert tokenizer_template(partial, OLD) == TemplateText("T", "tokenizer_config.json")
    looked = artifact(config, complete=False, evidence=Evidence.CACHE, absent=frozenset({"chat_template.jinja"}))
    assert tokenizer_template(looked, NEW) == TemplateText("T", "tokenizer_config.json")
    empty = artifact({"tokenizer_config.json": {}}, complete=False, evidence=Evidence.CACHE)
    assert isinstance(tokenizer_template(empty, NEW), Unknown)
    assert tokenizer_template(empty, OLD) is None


@pytest.mark.parametrize("evidence", [Evidence.NAME, Evidence.NONE])
def test_a_name_says_nothing_of_templates(evidence: Evidence) -> None:
    assert isinstance(tokenizer_template(artifact({}, evidence=evidence), NEW), Unknown)


def test_a_folder_without_a_tokenizer_and_very_old_releases() -> None:
    bare = artifact({"config.json": {}})
    bare = replace(bare, files=frozenset({"config.json"}))
    assert isinstance(tokenizer_template(bare, NEW), Unknown)
    assert isinstance(tokenizer_template(artifact({}), Release(4, 43)), Unknown)
