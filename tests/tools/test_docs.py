"""The docs program makes tables and outputs anew, and says where they are not current."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from docs import cli, consequential, markdown, outputs, releases, tables

RECIPE = "model_name_or_path: model\ndataset_name: my/texts\npacking: true\nmax_length: null\n"
ROWS = [
    tables.Row("TRL201", "some-rule", "one | two", "rules/trl_lint_rules/masks/some_rule.md", "safe"),
    tables.Row("TRL401", "other-rule", "another thing", "rules/trl_lint_rules/packing/other_rule.md", ""),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "example").mkdir()
    (tmp_path / "example" / "recipe.yaml").write_text(RECIPE)
    (tmp_path / "example" / "requirements.txt").write_text("trl==1.9.2\n")
    return tmp_path


def test_the_program_writes_once_and_is_current_then(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "README.md").write_text(
        "# Read me\n\n<!-- rules -->\n<!-- /rules -->\n\n"
        "<!-- output: trl-lint check example --output-format concise -->\n```text\nbefore this\n```\nend\n"
    )
    assert cli.main(["--check"], root) == 1
    assert "README.md is not current" in capsys.readouterr().out
    assert not (root / "docs" / "rules.md").exists()
    assert cli.main([], root) == 0
    assert cli.main(["--check"], root) == 0
    text = (root / "README.md").read_text()
    assert "[packing-without-max-length](rules/trl_lint_rules/packing/packing_without_max_length.md)" in text
    assert "example/recipe.yaml:4:1: TRL402" in text
    assert "before this" not in text
    assert text.endswith("```\nend\n")
    assert "](../rules/trl_lint_rules/" in (root / "docs" / "rules.md").read_text()


def test_a_stale_output_is_shown(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "README.md").write_text("<!-- output: trl-lint check example -->\n```text\n```\n")
    cli.main([], root)
    (root / "example" / "requirements.txt").write_text("trl==1.16.0\n")
    capsys.readouterr()
    assert cli.main(["--check"], root) == 1
    assert "TRL 1.9.2" in (shown := capsys.readouterr().out)
    assert "TRL 1.16.0" in shown


def test_an_output_does_not_depend_on_where_it_is_made(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = outputs.run("trl-lint check example", root)
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("VIRTUAL_ENV", str(root))
    monkeypatch.chdir(root / "docs")
    assert outputs.run("trl-lint check example", root) == plain
    assert os.environ["COLUMNS"] == "50"
    assert Path.cwd() == root / "docs"
    assert str(root) not in plain


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("ls", "only trl-lint"),
        ("trl-lint check --fix example", "would change files"),
        ("trl-lint rule no-such-rule", "no rule is called"),
    ],
)
def test_a_command_that_must_not_run_or_fails(root: Path, command: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        outputs.run(command, root)


def test_the_program_fails_on_a_document_that_makes_no_sense(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "README.md").write_text("<!-- output: trl-lint --version -->\nno block\n")
    assert cli.main([], root) == 2
    assert "README.md: line 1: no fenced block" in capsys.readouterr().err


def test_the_fence_and_its_word_are_kept_and_longer_than_any_inside() -> None:
    text = "<!-- output: x -->\n\n```console\nold\n```\nafter"
    made = outputs.with_outputs(text, lambda command: f"{command}\n```\ninside\n```\n")
    assert made == "<!-- output: x -->\n\n````console\nx\n```\ninside\n```\n````\nafter"
    assert outputs.with_outputs(made, lambda command: f"{command}\n```\ninside\n```\n") == made


def test_markers_inside_fenced_blocks_are_text() -> None:
    text = "```markdown\n<!-- output: x -->\n<!-- rules -->\n```\n"
    assert outputs.with_outputs(text, lambda command: pytest.fail(command)) == text
    assert tables.with_table(text, ROWS, "") == text


def test_a_table_links_from_where_the_document_lies() -> None:
    lines = tables.with_table("a\n<!-- rules -->\nold\n<!-- /rules -->\nb", ROWS, "docs/deep").split("\n")
    assert lines == [
        "a",
        "<!-- rules -->",
        "",
        "| codes | about | rules | such as |",
        "|---|---|---|---|",
        "| TRL2xx | [Which tokens are trained](../rules.md#which-tokens-are-trained) | 1 | "
        "[some-rule](../../rules/trl_lint_rules/masks/some_rule.md) |",
        "| TRL4xx | [Packing, padding-free batches, batch arithmetic]"
        "(../rules.md#packing-padding-free-batches-batch-arithmetic) | 1 | "
        "[other-rule](../../rules/trl_lint_rules/packing/other_rule.md) |",
        "",
        "<!-- /rules -->",
        "b",
    ]


@pytest.mark.parametrize("text", ["<!-- rules -->", "<!-- /rules -->\n<!-- rules -->", "<!-- rules -->\n" * 2])
def test_markers_of_a_table_come_in_pairs(text: str) -> None:
    with pytest.raises(ValueError, match="once each"):
        tables.with_table(text, ROWS, "")


def test_the_index_has_a_part_for_each_family() -> None:
    text = tables.index(ROWS)
    assert "| TRL201 | [some-rule](../rules/trl_lint_rules/masks/some_rule.md) | one \\| two | safe |" in text
    assert text.index("## Which tokens are trained") < text.index("some-rule") < text.index("## Packing")


def test_every_page_that_a_table_links_to_is_there() -> None:
    assert all((cli.ROOT / row.page).is_file() for row in tables.rows())


def test_a_block_that_is_never_closed_is_an_error() -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(markdown.prose(["a", "```", "b"]))


def test_what_each_release_changed() -> None:
    text = releases.page()
    sections = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    assert list(sections)[-1] == "0.9.6", "0.9.3 and 0.9.4 changed nothing"
    assert "- **gone** from `trl`: `DataCollatorForCompletionOnlyLM`" in sections["0.20.0"]
    assert "`vllm_mode` `'server'` → `'colocate'`" in sections["1.0.0"]
    assert "**removed** from `GKDConfig`, `SFTConfig`: `max_seq_length`" in sections["0.20.0"]
    assert "needs `python>=3.11`" in sections["1.15.0"]
    assert "0.19.1" not in sections


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[[change]]\nnumber = 2\nwhat = "x"\nreleases = "1"\neffect = "none"\n', "the numbers are not 1 to 1"),
        ('[[change]]\nnumber = 1\nwhat = "x"\nreleases = "1"\neffect = "y"\n', "change 1 is shown by nothing"),
        ('[[change]]\nnumber = 1\nwho = "x"\neffect = "none"\n', "change 1 says who"),
        ("[[change\n", "consequential.toml"),
    ],
)
def test_a_broken_list_of_changes_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    file = tmp_path / "changes.toml"
    file.write_text(text)
    monkeypatch.setattr(consequential, "FILE", file)
    with pytest.raises(ValueError, match=reason):
        consequential.load()
