"""Hovers and code lenses: what the linter knows, and from which line."""

from __future__ import annotations

from pathlib import Path

import pytest

from .editor import editor

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]


async def test_a_setting_says_its_value_its_line_its_default_and_since_when_it_is(project: Path) -> None:
    text = (project / "train.py").read_text().replace("assistant_only_loss=True", "assistant_only_loss=ONLY")
    async with editor(project) as ed:
        await ed.open("train.py", text.replace("MODEL = ", "ONLY = True\nMODEL = "))
        hover = await ed.hover("train.py", "assistant_only_loss=ONLY")
        assert "**assistant\\_only\\_loss** = `True`" in hover
        assert "[line 29](" in hover
        assert "[line 7](" in hover  # where ONLY is given
        assert "in trl 1.9.2, SFTConfig takes it; its default is `False`" in hover
        assert "SFTConfig has it since trl 0.19.0" in hover
        assert (
            "what it does: only the tokens that the chat template marks as the assistant's count for the loss" in hover
        )
        # the finding there, too
        assert "**error** TRL201" in hover
        assert "releases: this project has trl 1.9.2 (requirements.txt:1)" in hover


async def test_an_argument_that_the_release_does_not_take_says_which_do(project: Path) -> None:
    text = (project / "train.py").read_text().replace("assistant_only_loss=True", "max_seq_length=512")
    async with editor(project) as ed:
        await ed.open("train.py", text)
        hover = await ed.hover("train.py", "max_seq_length=512")
        assert "trl 1.9.2: SFTConfig does not take it" in hover
        assert "SFTConfig has it " in hover


async def test_arguments_of_the_trainer_and_of_transformers_are_known_too(project: Path) -> None:
    async with editor(project) as ed:
        await ed.open("train.py")
        assert "SFTTrainer takes it" in await ed.hover("train.py", "train_dataset=")
        hover = await ed.hover("train.py", "output_dir=")
        assert "TrainingArguments" in hover
        assert "has it in every known release of transformers" in hover


async def test_the_trainer_shows_the_run_as_it_is_understood(project: Path) -> None:
    async with editor(project) as ed:
        await ed.open("train.py")
        hover = await ed.hover("train.py", "SFTTrainer(")
        assert "**SFTTrainer with SFTConfig**" in hover
        assert "processing class: not given: TRL loads it by the model's name" in hover


async def test_a_recipe_has_hovers(project: Path) -> None:
    async with editor(project) as ed:
        await ed.open("recipe.yaml")
        assert "its default is `False`" in await ed.hover("recipe.yaml", "assistant_only_loss")


async def test_there_is_nothing_to_say_of_other_code(project: Path) -> None:
    async with editor(project) as ed:
        await ed.open("train.py")
        assert await ed.hover("train.py", "from datasets") == ""


async def test_a_lens_names_the_target_and_the_line_that_says_so(project: Path) -> None:
    async with editor(project) as ed:
        await ed.open("train.py")
        assert await ed.lenses(ed.uri("train.py")) == [
            "TRL 1.9.2 from requirements.txt:1",
            "transformers 5.14.1 from requirements.txt:2",
        ]
        (project / "requirements.txt").unlink()
        (project / "uv.lock").write_text('version = 1\n\n[[package]]\nname = "trl"\nversion = "1.9.2"\n')
        ed.disk_changed("uv.lock")
        await ed.until(lambda: len(ed.published) > 1)
        first, second = await ed.lenses(ed.uri("train.py"))
        assert first == "TRL 1.9.2 from uv.lock:5"
        assert second.startswith("transformers ")
        assert "assumed" in second
