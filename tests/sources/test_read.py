"""Reading files: what comes back is a document, or a problem with its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.model.source import Kind
from trl_lint.model.target import Problem
from trl_lint.sources import read as reading
from trl_lint.sources.document import Document, kind_of
from trl_lint.sources.read import from_bytes, from_text, read


def problem(raw: bytes, kind: Kind | None = Kind.PYTHON) -> Problem:
    made = from_bytes(raw, "f", kind)
    assert isinstance(made, tuple)
    return made[0]


def document(raw: bytes, kind: Kind = Kind.PYTHON) -> Document:
    made = from_bytes(raw, "f", kind)
    assert isinstance(made, Document)
    return made


def test_text_keeps_its_line_ends_and_loses_its_byte_order_mark() -> None:
    made = document(b"\xef\xbb\xbfx = 1\r\ny = 2\rz = 3\n")
    assert made.source.text == "x = 1\r\ny = 2\rz = 3\n"
    assert (made.encoding, made.bom) == ("utf-8", True)


@pytest.mark.parametrize(
    "line", [b"# coding: latin-1", b"# -*- coding: iso-8859-15 -*-", b"#!/bin/x\n# vim: fileencoding=cp1252"]
)
def test_a_declared_encoding_is_used(line: bytes) -> None:
    assert document(line + b"\nx = '\xe9'\n").source.text.endswith("x = 'é'\n")


@pytest.mark.parametrize(
    ("raw", "row", "part"),
    [
        (b"x = 1\ny = '\xe9'\n", 2, "0xe9 is not valid utf-8"),
        (b"# coding: nonsense\n", 1, "encoding declaration"),
        (b"\xef\xbb\xbf# coding: latin-1\n", 1, "encoding declaration"),
        (b"# coding: rot13\n", 1, "rot-13"),
        (b"# coding: punycode\n", 1, "punycode"),
        ("import trl".encode("utf-16"), 1, "UTF-16"),
    ],
)
def test_what_python_would_not_decode_is_a_problem(raw: bytes, row: int, part: str) -> None:
    found = problem(raw)
    assert found.place.row == row
    assert part in found.message
    assert found.severity == "error"


def test_the_column_of_a_bad_byte_counts_characters() -> None:
    assert problem("é = ".encode() + b"\xff").place.column == 5


def test_an_interpreter_line_decides_where_the_name_does_not() -> None:
    made = from_bytes(b"#!/usr/bin/env python3\nimport trl\n", "train", kind_of("train"))
    assert isinstance(made, Document)
    assert made.source.kind is Kind.PYTHON
    shell = from_bytes(b"#!/bin/bash\ntrl sft\n", "train", None)
    assert isinstance(shell, Document)
    assert shell.source.kind is Kind.SHELL
    assert "not of a kind" in problem(b"hello", None).message


def test_missing_folders_and_links(tmp_path: Path) -> None:
    (tmp_path / "link.py").symlink_to(tmp_path / "gone.py")
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "x").write_text("")
    messages = {}
    for name in ("absent.py", "link.py", "folder.py", "x/y.py"):
        found = read(tmp_path / name, name)
        assert isinstance(found, tuple)
        messages[name] = found[0].message
    assert messages["absent.py"] == "the file does not exist"
    assert "link" in messages["link.py"]
    assert "directory" in messages["folder.py"]
    assert "cannot be read" in messages["x/y.py"]
    assert isinstance(read(Path("a\0b.py"), "a"), tuple)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.py")
    found = read(tmp_path / "p.py", "p.py")
    assert isinstance(found, tuple)
    assert "regular" in found[0].message


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_text("x")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    found = read(path, "a.py")
    assert isinstance(found, tuple)
    assert "permission" in found[0].message


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMIT", 10)
    (tmp_path / "a.py").write_bytes(b"x" * 10)
    (tmp_path / "b.py").write_bytes(b"x" * 11)
    assert isinstance(read(tmp_path / "a.py", "a.py"), Document)
    found = read(tmp_path / "b.py", "b.py")
    assert isinstance(found, tuple)
    assert "larger" in found[0].message


def test_text_of_an_editor_is_not_decoded_again() -> None:
    made = from_text("# coding: latin-1\nx = 'é'\n", "f.py", Kind.PYTHON)
    assert "é" in made.source.text
    assert from_text("not json", "f.ipynb", Kind.NOTEBOOK).problems[0].severity == "error"


@given(st.binary(max_size=200), st.sampled_from([*Kind, None]))
def test_no_bytes_make_it_raise(raw: bytes, kind: Kind | None) -> None:
    made = from_bytes(raw, "f", kind)
    assert isinstance(made, Document) or made


@given(st.text(max_size=60), st.sampled_from(list(Kind)))
def test_no_text_makes_it_raise(text: str, kind: Kind) -> None:
    assert from_text(text, "f", kind).source.path == "f"
