"""Columns in the unit that the client asked for: an astral character before a fix must not corrupt the line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from trl_lint.server.positions import Lines

from .editor import editor

UNITS = ("utf-8", "utf-16", "utf-32")
TEXTS = st.text(alphabet="ab😀é\n\r\x0c\u2028 ", max_size=40)


@given(text=TEXTS, unit=st.sampled_from(UNITS))
def test_every_offset_comes_back(text: str, unit: str) -> None:
    lines = Lines(text, unit)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n" and not (text[offset - 1 : offset] == "\r" and offset < len(text)):
            assert lines.offset(lines.position(offset)) == offset


@given(text=TEXTS, unit=st.sampled_from(UNITS))
def test_columns_count_the_units_of_the_encoding(text: str, unit: str) -> None:
    lines = Lines(text, unit)
    for offset in range(len(text) + 1):
        position = lines.position(offset)
        start = lines.offset(types.Position(position.line, 0))
        raw = text[start:offset].encode({"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[unit])
        assert position.character == len(raw) // {"utf-8": 1, "utf-16": 2, "utf-32": 4}[unit]


def test_a_position_outside_of_its_line_or_of_the_text_is_brought_back() -> None:
    lines = Lines("ab\r\ncd")
    assert lines.offset(types.Position(0, 99)) == 2
    assert lines.offset(types.Position(9, 0)) == 6


@pytest.mark.asyncio
@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
async def test_a_fix_behind_astral_characters_lands_where_it_belongs(project: Path, unit: str) -> None:
    text = (project / "train.py").read_text()
    text = text.replace("trainer = SFTTrainer(\n    model=MODEL,", "title = '😀😀'; trainer = SFTTrainer(model=MODEL,")
    text = text.replace(
        '\n    train_dataset=load_dataset("json", data_files="data.jsonl", split="train"),\n)',
        ' train_dataset=load_dataset("json", data_files="data.jsonl", split="train"))',
    ).replace("\n    args=", " args=")
    assert "'😀😀'; trainer = SFTTrainer(model=MODEL, args=SFTConfig(" in text
    offered = types.ClientCapabilities(general=types.GeneralClientCapabilities(position_encodings=[unit]))
    async with editor(project, offered) as ed:
        assert ed.unit == unit
        (found,) = await ed.open("train.py", text)
        uri = ed.uri("train.py")
        lines = Lines(text, unit)
        assert text[lines.offset(found.range.start) : lines.offset(found.range.end)] == "assistant_only_loss=True"
        (remedy,) = [each for each in await ed.actions(uri, found.range) if "processing_class" in each.title]
        ed.apply(remedy.edit)
        assert ed.texts[uri] == text.replace('split="train"))', 'split="train"), processing_class=tokenizer)')


@pytest.mark.asyncio
@pytest.mark.slow
async def test_a_form_feed_ends_no_line(project: Path) -> None:
    async with editor(project) as ed:
        text = (project / "train.py").read_text().replace("MODEL = ", "PAGE = '\u2028'\n\x0c\nMODEL = ")
        (found,) = await ed.open("train.py", text)
        line = ed.texts[ed.uri("train.py")].split("\n")[found.range.start.line]
        assert "assistant_only_loss=True" in line
        (found,) = await ed.edit("train.py", "assistant_only_loss=True", "assistant_only_loss=False")
        assert found.code == "TRL202"
        (found,) = await ed.edit("train.py", "assistant_only_loss=False", "assistant_only_loss=True")
        assert "assistant_only_loss=True" in ed.texts[ed.uri("train.py")].split("\n")[found.range.start.line]
