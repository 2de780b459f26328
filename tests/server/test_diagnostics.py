"""Diagnostics: pushed and pulled, the same as `check` finds, in scripts, recipes and notebooks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lsprotocol import types

from .editor import Editor, editor

pytestmark = pytest.mark.asyncio
PULLS = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(diagnostic=types.DiagnosticClientCapabilities()),
    workspace=types.WorkspaceClientCapabilities(
        diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    ),
)
NOTEBOOKS = types.ClientCapabilities(
    notebook_document=types.NotebookDocumentClientCapabilities(types.NotebookDocumentSyncClientCapabilities())
)


def words(text: str, where: types.Range) -> str:
    """What an ASCII text holds in a range of one line."""
    return text.split("\n")[where.start.line][where.start.character : where.end.character]


async def test_a_script_gets_what_check_finds_where_it_finds_it(project: Path) -> None:
    async with editor(project) as ed:
        (found,) = await ed.open("train.py")
        assert (found.code, found.severity, found.source) == ("TRL201", types.DiagnosticSeverity.Error, "trl-lint")
        assert words(ed.texts[ed.uri("train.py")], found.range) == "assistant_only_loss=True"
        assert "TRL 1.9.2 refuses `assistant_only_loss=True`" in found.message
        assert found.code_description is not None
        assert found.code_description.href.endswith("assistant_only_loss_on_vlm.md")
        places = [each.location for each in found.related_information or ()]
        assert "SFTTrainer" in [words(ed.texts[place.uri], place.range) for place in places]


@pytest.mark.slow
async def test_a_recipe_is_checked_in_yaml_and_in_json(project: Path) -> None:
    recipe = {"model_name_or_path": "qwen3.5-4b-base", "dataset_name": "rows", "assistant_only_loss": True}
    async with editor(project) as ed:
        (found,) = await ed.open("recipe.yaml")
        assert words(ed.texts[ed.uri("recipe.yaml")], found.range) == "assistant_only_loss: true"
        (found,) = await ed.open("recipe.json", json.dumps(recipe, indent=1))
        assert words(ed.texts[ed.uri("recipe.json")], found.range) == '"assistant_only_loss": true'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "language", "text"),
    [
        ("run.sh", "shellscript", "trl sft --config recipe.yaml --packng true\n"),
        ("run.slurm", "bash", "#SBATCH --nodes=1\ntrl sft --config recipe.yaml --packng true\n"),
        ("Makefile", "makefile", "train: data\n\ttrl sft --config recipe.yaml --packng true\n"),
        ("Makefile", "make", "train: data\n\ttrl sft --config recipe.yaml --packng true\n"),
        ("Dockerfile", "dockerfile", "FROM python:3.13\nCMD trl sft --config recipe.yaml --packng true\n"),
    ],
)
async def test_command_lines_are_checked_by_language(project: Path, name: str, language: str, text: str) -> None:
    async with editor(project) as ed:
        found = await ed.open(name, text, language)
        assert ("TRL117", "--packng") in [(each.code, words(text, each.range).split(" ")[0]) for each in found]


async def test_a_file_that_says_nothing_of_trl_has_no_diagnostics(project: Path) -> None:
    async with editor(project) as ed:
        assert await ed.open("other.py", "print('hello')\n") == []
        assert await ed.open("broken.py", "print('hello'\n") == []


async def test_a_client_that_pulls_is_not_pushed_to(project: Path) -> None:
    async with editor(project, PULLS) as ed:
        assert [each.code for each in await ed.open("train.py")] == ["TRL201"]
        # the answer is on the newest text, not on an older one
        found = await ed.edit("train.py", "assistant_only_loss=True", "assistant_only_loss=False")
        assert [each.code for each in found] == ["TRL202"]
        assert [each for each in ed.published if each.uri == ed.uri("train.py")] == []


async def test_the_last_good_analysis_stays_while_the_text_does_not_parse(project: Path) -> None:
    async with editor(project) as ed:
        await ed.open("train.py")
        found = await ed.edit("train.py", "MODEL = ", "# two more lines\nif True:\nMODEL = ")
        assert [each.code for each in found] == ["TRL001", "TRL201"]
        text = ed.texts[ed.uri("train.py")]
        assert words(text, found[1].range) == "assistant_only_loss=True"  # moved with its line
        actions = await ed.actions(ed.uri("train.py"), found[1].range)
        assert [each.title for each in actions if "processing_class" in each.title] == []  # made for another text
        found = await ed.edit("train.py", "if True:\n", "")
        assert [each.code for each in found] == ["TRL201"]


@pytest.mark.slow
async def test_what_is_edited_away_while_the_text_does_not_parse_is_not_shown(project: Path) -> None:
    async with editor(project) as ed:
        await ed.open("train.py")
        found = await ed.edit("train.py", ", assistant_only_loss=True),", ", assistant_onl")
        assert [each.code for each in found] == ["TRL001"]


async def test_suppressions_and_the_configuration_of_the_folder_count(project: Path) -> None:
    (project / "quiet").mkdir()
    (project / "quiet" / "trl-lint.toml").write_text('ignore = ["TRL201"]\n')
    (project / "quiet" / "train.py").write_text((project / "train.py").read_text())
    async with editor(project) as ed:
        await ed.open("train.py")
        found = await ed.edit(
            "train.py",
            "assistant_only_loss=True),",
            "assistant_only_loss=True),  # trl-lint: ignore[assistant-only-loss-on-vlm] ours",
        )
        assert found == []
        assert "TRL201" not in [each.code for each in await ed.open("quiet/train.py")]


@pytest.mark.slow
async def test_an_excluded_file_is_not_checked(project: Path) -> None:
    installed = project / ".venv/lib/python3.12/site-packages/pack"
    installed.mkdir(parents=True)
    (installed / "train.py").write_text((project / "train.py").read_text())
    async with editor(project) as ed:
        assert await ed.open(".venv/lib/python3.12/site-packages/pack/train.py") == []


@pytest.mark.slow
async def test_a_configuration_that_makes_no_sense_is_said_at_its_line(project: Path) -> None:
    (project / "trl-lint.toml").write_text('min-confidence = "certain"\nselct = []\n')
    async with editor(project) as ed:
        assert await ed.open("train.py") == []
        uri = ed.uri("trl-lint.toml")
        await ed.until(lambda: ed.codes(uri))
        (found,) = ed.client.diagnostics[uri]
        assert found.range.start.line == 1
        assert "did you mean `select`?" in found.message
        (project / "trl-lint.toml").unlink()
        ed.disk_changed("trl-lint.toml")
        await ed.until(lambda: not ed.codes(uri) and ed.codes(ed.uri("train.py")) == ["TRL201"])


@pytest.mark.slow
async def test_a_lower_bound_that_is_not_real_is_said_at_the_line_that_gives_it(project: Path) -> None:
    (project / "requirements.txt").write_text("trl>=0.12\n")
    async with editor(project) as ed:
        await ed.open("train.py")
        uri = ed.uri("requirements.txt")
        await ed.until(lambda: "TRL801" in ed.codes(uri))
        assert ed.client.diagnostics[uri][0].range.start.line == 0
        ed.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(ed.uri("train.py")))
        )
        await ed.until(lambda: not ed.codes(uri) and not ed.codes(ed.uri("train.py")))


async def open_notebook(ed: Editor, path: Path) -> list[str]:
    """Opens a notebook as VS Code does; gives the URIs of its cells."""
    cells = json.loads(path.read_text())["cells"]
    uri = path.as_uri()
    uris = [f"vscode-notebook-cell:{path}#{number}" for number in range(len(cells))]
    items = []
    for cell_uri, cell in zip(uris, cells, strict=True):
        code = cell["cell_type"] == "code"
        ed.texts[cell_uri], ed.versions[cell_uri] = "".join(cell["source"]), 1
        items.append(types.TextDocumentItem(cell_uri, "python" if code else "markdown", 1, ed.texts[cell_uri]))
    kinds = {"code": types.NotebookCellKind.Code, "markdown": types.NotebookCellKind.Markup}
    listed = [types.NotebookCell(kinds[cell["cell_type"]], at) for at, cell in zip(uris, cells, strict=True)]
    notebook = types.NotebookDocument(uri, "jupyter-notebook", 1, listed)
    ed.client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(notebook, items))
    return uris


async def test_a_notebook_has_its_diagnostics_in_its_cells(project: Path) -> None:
    async with editor(project, NOTEBOOKS) as ed:
        cells = await open_notebook(ed, project / "train.ipynb")
        await ed.until(lambda: any(map(ed.codes, cells)))
        (cell,) = [each for each in cells if ed.codes(each)]
        (found,) = ed.client.diagnostics[cell]
        assert words(ed.texts[cell], found.range) == "assistant_only_loss=True"
        assert (await ed.lenses(cell))[0] == "TRL 1.9.2 from requirements.txt:1"

        # the remedy is an edit of that cell
        actions = await ed.actions(cell, found.range)
        (remedy,) = [each for each in actions if "processing_class" in each.title]
        ed.apply(remedy.edit)
        assert "processing_class=tokenizer" in ed.texts[cell]

        # a change of the cell's text, and a new cell before it
        ed.versions[cell] += 1
        whole = types.TextDocumentContentChangeWholeDocument(ed.texts[cell])
        edited = types.NotebookDocumentCellContentChanges(
            types.VersionedTextDocumentIdentifier(ed.versions[cell], cell), [whole]
        )
        ed.client.notebook_document_did_change(
            types.DidChangeNotebookDocumentParams(
                types.VersionedNotebookDocumentIdentifier(2, ed.uri("train.ipynb")),
                types.NotebookDocumentChangeEvent(
                    cells=types.NotebookDocumentCellChanges(text_content=[edited]),
                ),
            )
        )
        await ed.until(lambda: not ed.codes(cell))


@pytest.mark.slow
async def test_numbers_of_cells_are_those_of_the_file(project: Path) -> None:
    async with editor(project, NOTEBOOKS) as ed:
        cells = await open_notebook(ed, project / "train.ipynb")
        await ed.until(lambda: any(map(ed.codes, cells)))
        (cell,) = [each for each in cells if ed.codes(each)]
        text = ed.texts[cell]
        line = next(number for number, each in enumerate(text.split("\n")) if "SFTTrainer(" in each)
        position = types.Position(line, text.split("\n")[line].index("SFTTrainer"))
        hover = await ed.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(cell), position)
        )
        assert hover is not None
        assert "SFTTrainer with SFTConfig" in str(hover.contents)


@pytest.mark.slow
async def test_a_virtual_document_of_jupyterlab_is_read_by_its_language(project: Path) -> None:
    name = ".virtual_documents/train.ipynb"
    text = "".join(
        "".join(cell["source"]) + "\n\n"
        for cell in json.loads((project / "train.ipynb").read_text())["cells"]
        if cell["cell_type"] == "code"
    )
    async with editor(project) as ed:
        assert [each.code for each in await ed.open(name, text, "python")] == ["TRL201"]


STARTED = """\
from trl import ModelConfig, ScriptArguments, SFTConfig, SFTTrainer, TrlParser

parser = TrlParser((ScriptArguments, SFTConfig, ModelConfig))
script_args, training_args, model_args = parser.parse_args_and_config()
SFTTrainer(model_args.model_name_or_path, args=training_args, train_dataset=rows)
"""
RECIPE = "model_name_or_path: tiny\ndataset_name: rows\nmax_seq_length: 64\n"


@pytest.mark.slow
@pytest.mark.parametrize("capabilities", [None, PULLS], ids=["pushed to", "pulling"])
async def test_what_a_recipe_does_to_the_script_that_reads_it_stands_in_the_recipe(
    project: Path, capabilities: types.ClientCapabilities | None
) -> None:
    (project / "other.yaml").write_text(RECIPE)
    (project / "run.sh").write_text("python started.py --config other.yaml --load_best_model_at_end True\n")
    (project / "started.py").write_text(STARTED)
    async with editor(project, *(() if capabilities is None else (capabilities,))) as ed:
        assert await ed.open("started.py") == []
        await ed.until(lambda: "TRL812" in ed.codes(ed.uri("run.sh")))
        await ed.until(lambda: "TRL103" in ed.codes(ed.uri("other.yaml")))
        await ed.open("other.yaml")
        if capabilities is None:
            last = [each for each in ed.published if each.uri == ed.uri("other.yaml")][-1]
            assert [(each.code, each.range.start.line) for each in last.diagnostics].count(("TRL103", 2)) == 1
        await ed.edit("started.py", "TrlParser((Script", "print((Script")
        await ed.until(lambda: ed.codes(ed.uri("run.sh")) == [])
