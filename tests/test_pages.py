"""What a page says is read as it is meant, and a page in the wrong form is told so."""

from __future__ import annotations

from pathlib import Path

import pytest

from trl_lint.packs.registry import BUILTIN, Registry
from trl_lint.testing import complaints, examples, mismatch, run

PAGE = """\
# some-rule

`TRL402`

Finds something.

## Why

```bash
## Examples of a shell comment
```

## Releases

| TRL | what happens |
|---|---|
| all | something |

## What to do

Mend it.

## Examples

```text requirements.txt
trl==1.9.2
```

### Found

```yaml recipe.yaml
model_name_or_path: model
dataset_name: my/texts
packing: true
max_length: null  # error?: TRL402
```

```yaml recipe.yaml unsafe-fixed
model_name_or_path: model
dataset_name: my/texts
packing: true
```

### Not found

```text requirements.txt
trl==0.15.2
```

```text
no file
### and no heading
```
"""


def test_an_example_is_its_files_without_the_comments_and_what_they_state() -> None:
    found, not_found = examples(PAGE)
    assert found.title == "Found"
    assert found.files["requirements.txt"] == "trl==1.9.2\n"
    assert found.files["recipe.yaml"].endswith("max_length: null\n")
    assert [str(each) for each in found.expected] == ["recipe.yaml:4: error?: TRL402"]
    assert set(found.fixed) == {("recipe.yaml", "unsafe-fixed")}
    assert not_found.files == {"requirements.txt": "trl==0.15.2\n"}
    assert not_found.expected == []


def test_several_findings_on_a_line_and_lists_of_findings() -> None:
    page = (
        "## Examples\n### A\n```python a.py\nx = 1  # noqa  # error: TRL101, info?: TRL114\n```\n"
        "```text findings\nb.ipynb:cell 2:3: warning: TRL001\n```\n"
    )
    (example,) = examples(page)
    assert example.files == {"a.py": "x = 1  # noqa\n"}
    assert [str(each) for each in example.expected] == [
        "a.py:1: error: TRL101",
        "a.py:1: info?: TRL114",
        "b.ipynb:cell 2:3: warning: TRL001",
    ]


def test_an_example_is_run_as_a_project(tmp_path: Path) -> None:
    outcome = run(found := examples(PAGE)[0], tmp_path, Registry([BUILTIN]))
    assert mismatch(found, outcome) is None
    assert outcome.findings[0].code == "TRL402"


def test_what_differs_is_said(tmp_path: Path) -> None:
    page = PAGE.replace("null  # error?: TRL402", "null").replace(
        "packing: true\n```\n\n###", "packing: false\n```\n\n###"
    )
    page = page.replace("dataset_name: my/texts\n", "dataset_name: my/texts  # info: TRL101\n", 1)
    wrong = examples(page)[0]
    said = mismatch(wrong, run(wrong, tmp_path, Registry([BUILTIN])))
    assert said is not None
    assert "stated and not found:\n  recipe.yaml:2: info: TRL101" in said
    assert "found and not stated:\n  recipe.yaml:4: error?: TRL402" in said
    assert "recipe.yaml unsafe-fixed:\nmodel_name_or_path" in said


def test_suppressions_and_configuration_count(tmp_path: Path) -> None:
    example = examples(PAGE)[0]
    example.files["recipe.yaml"] = example.files["recipe.yaml"].replace("null", "null  # trl-lint: ignore[TRL402]")
    assert run(example, tmp_path, Registry([BUILTIN])).findings == ()
    example.files["pyproject.toml"] = '[tool.trl-lint]\nignore = ["TRL402"]\n'
    assert [each.code for each in run(example, tmp_path, Registry([BUILTIN])).findings] == []


def test_a_page_in_the_right_form_is_not_complained_of() -> None:
    assert list(complaints(PAGE, "TRL402", "some-rule")) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("# some-rule", "# other-rule", "does not begin with `# some-rule`"),
        ("`TRL402`\n", "`TRL403`\n", "`TRL402` does not stand below"),
        ("Finds something.\n", "Finds something.\n\nAnd more.\n", "one paragraph"),
        ("## What to do", "## Fix", "sections are Why, Releases, Fix, Examples"),
        ("|---|---|\n", "", "no table of releases"),
        ("# error?: TRL402", "# error: TRL101", "no example has a finding of TRL402"),
        ("### Not found", "#### Not found", "no example is free of findings"),
    ],
)
def test_a_page_in_the_wrong_form_is_complained_of(old: str, new: str, complaint: str) -> None:
    assert old in PAGE
    assert any(complaint in each for each in complaints(PAGE.replace(old, new), "TRL402", "some-rule"))


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("## Examples\n### A\n```python a.py\n", "not closed"),
        ("## Examples\n### A\n```text findings\nnothing\n```\n", "states no finding"),
        ("## Examples\n### A\n```python a.py mended\n```\n", "no role"),
        ("## Examples\n```python a.py\nx = 1  # error: TRL101\n```\n### A\n", "shared by all"),
    ],
)
def test_a_page_that_cannot_be_read_is_an_error(page: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        examples(page)
