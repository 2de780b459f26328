"""How JupyterLab finds the server."""

from __future__ import annotations

import importlib.util
from importlib.metadata import entry_points

import pytest

from trl_lint.server.jupyter import spec
from trl_lint.server.snapshots import KINDS


def test_it_is_found_by_an_entry_point() -> None:
    (found,) = entry_points(group="jupyter_lsp_spec_v1", name="trl-lint")
    assert found.load() is spec


def test_it_names_languages_that_the_server_reads_each_once() -> None:
    languages = [language for described in spec(None).values() for language in described["languages"]]
    assert languages == ["python", "yaml"]
    assert set(languages) <= KINDS.keys()


def test_another_server_for_yaml_comes_first() -> None:
    (name,) = (name for name, described in spec(None).items() if "yaml" in described["languages"])
    assert name > "yaml-language-server"


def test_without_the_extra_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert spec(None) == {}
