"""Code actions: each remedy, all safe fixes, and a comment that silences a finding with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from .editor import Editor, editor

pytestmark = pytest.mark.asyncio
RESOLVES = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        code_action=types.CodeActionClientCapabilities(
            data_support=True,
            resolve_support=types.ClientCodeActionResolveOptions(["edit"]),
            code_action_literal_support=types.ClientCodeActionLiteralOptions(
                types.ClientCodeActionKindOptions([types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll])
            ),
        )
    ),
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
    ),
)
WHOLE = types.Range(types.Position(0, 0), types.Position(999, 0))


def titles(actions: list[types.CodeAction]) -> list[str]:
    return [each.title for each in actions]


async def ignore(ed: Editor, name: str) -> str:
    """The text of `name` after its one finding was silenced by the code action."""
    uri = ed.uri(name)
    (action,) = [each for each in await ed.actions(uri, WHOLE, "quickfix") if each.title.startswith("Ignore")]
    ed.apply(action.edit)
    return ed.texts[uri]


@pytest.mark.slow
@pytest.mark.parametrize("capabilities", [None, RESOLVES, "neovim", "visual_studio_code", "emacs"], ids=str)
async def test_a_remedy_is_a_quick_fix_whatever_the_client_can(project: Path, capabilities: object) -> None:
    assert capabilities is None or isinstance(capabilities, str | types.ClientCapabilities)
    async with editor(project, capabilities) as ed:
        await ed.open("train.py")
        uri = ed.uri("train.py")
        position = types.Position(27, 50)
        actions = await ed.actions(uri, types.Range(position, position), "quickfix")
        assert titles(actions) == [
            "For a text-only run, pass the tokenizer: `processing_class=tokenizer` (TRL201)",
            "Ignore assistant-only-loss-on-vlm here, with a reason",
        ]
        assert actions[0].is_preferred
        ed.apply(actions[0].edit)
        fixed = ed.texts[uri]
        assert '    train_dataset=load_dataset("json", data_files="data.jsonl", split="train"),\n' in fixed
        assert "    processing_class=tokenizer,\n)\n" in fixed


@pytest.mark.slow
async def test_there_is_nothing_away_from_the_finding(project: Path) -> None:
    async with editor(project) as ed:
        await ed.open("train.py")
        position = types.Position(2, 0)
        actions = await ed.actions(ed.uri("train.py"), types.Range(position, position))
        assert titles(actions) == ["trl-lint: apply all safe fixes"]


async def test_all_safe_fixes_are_one_action_for_saving(project: Path) -> None:
    async with editor(project, RESOLVES) as ed:
        await ed.open("train.py")
        uri = ed.uri("train.py")
        (action,) = await ed.actions(uri, WHOLE, "source.fixAll")
        assert action.kind == "source.fixAll.trl-lint"
        ed.apply(action.edit)
        assert "    processing_class=tokenizer,\n)\n" in ed.texts[uri]
        assert await ed.actions(uri, WHOLE, "source.organizeImports") == []


async def test_a_finding_is_silenced_in_a_script(project: Path) -> None:
    async with editor(project) as ed:
        await ed.open("train.py")
        text = await ignore(ed, "train.py")
        assert "assistant_only_loss=True),  # trl-lint: ignore[assistant-only-loss-on-vlm] say why\n" in text
        assert await ed.open("again.py", text) == []


@pytest.mark.slow
async def test_a_finding_is_silenced_in_a_recipe(project: Path) -> None:
    async with editor(project) as ed:
        await ed.open("recipe.yaml")
        text = await ignore(ed, "recipe.yaml")
        assert "assistant_only_loss: true  # trl-lint: ignore[assistant-only-loss-on-vlm] say why\n" in text
        assert await ed.open("again.yaml", text) == []


@pytest.mark.slow
async def test_json_takes_no_comment(project: Path) -> None:
    text = '{"model_name_or_path": "qwen3.5-4b-base", "dataset_name": "rows", "assistant_only_loss": true}'
    async with editor(project) as ed:
        assert len(await ed.open("recipe.json", text)) == 1
        assert await ed.actions(ed.uri("recipe.json"), WHOLE) == []
