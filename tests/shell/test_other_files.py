"""Command lines in Makefiles, Dockerfiles, notebooks and Markdown: what they start, at true places."""

from __future__ import annotations

import json

import pytest
from tests.shell.reading import FOLDER, found, one, options, read

from trl_lint.model.source import Kind, Source
from trl_lint.shell.front import launches
from trl_lint.sources.notebook import notebook


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("train:\n\tpython t.py --a 1\n", {"--a": ["1"]}),
        ("train: ; @echo\n\t@-python t.py \\\n\t  --a 1 \\\n\t  --b 2\n", {"--a": ["1"], "--b": ["2"]}),
        ("A = 1\ntrain:\n\tpython t.py --a $(A) --b ${A}\n", {"--a": ["1"], "--b": ["1"]}),
        ("ARGS = --a 1 \\\n  --b '2 3'\ntrain:\n\tpython t.py $(ARGS)\n", {"--a": ["1"], "--b": ["2 3"]}),
        ("ARGS := --a 1\nARGS += --b $(B)\nB = 2\nx:\n\tpython t.py $(ARGS)\n", {"--a": ["1"], "--b": ["2"]}),
        ("A ?= 1\nx:\n\tpython t.py --a $(A)\n", {"--a": ["'1' or `$(A)`, which may be set elsewhere"]}),
        ("ifdef D\nA = 1\nendif\nx:\n\tpython t.py --a $(A)\n", {"--a": ["'1' or `$(A)`, which may be set elsewhere"]}),
        ("x:\n\tpython t.py --a $(A)\n", {"--a": ["`$(A)`, which this file does not set"]}),
        ("x:\n\tpython t.py --a $$B\n", {"--a": ["`$B`, which this file does not set"]}),
        ("x:\n\tpython t.py --a $(shell date)\n", {"--a": ["a function of make"]}),
        ("x:\n\tcd y && python t.py --a 1\n", {"--a": ["1"]}),
    ],
)  # fmt: skip
def test_makefiles(text: str, expected: dict[str, list[str]]) -> None:
    assert options(one(text, Kind.MAKEFILE)) == expected


def test_each_line_of_a_makefile_is_a_shell_of_its_own() -> None:
    (launch,) = read("x:\n\tcd y; A=1\n\tpython t.py --a $$A\n", Kind.MAKEFILE)
    assert (launch.cd, options(launch)) == ("", {"--a": ["`$A`, which this file does not set"]})


def test_what_is_no_recipe_of_a_makefile_starts_nothing() -> None:
    assert read("A = python t.py\n\n# python t.py\n\tpython t.py\n", Kind.MAKEFILE) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM x\nRUN python t.py --a 1\n", {"--a": ["1"]}),
        ("FROM x\nRUN pip install x && \\\n  # why\n  python t.py --a 1 \\\n  --b 2\n", {"--a": ["1"], "--b": ["2"]}),
        ('FROM x\nCMD ["python", "t.py", "--a", "1"]\n', {"--a": ["1"]}),
        ('FROM x\nENTRYPOINT ["python", "t.py"]\nCMD ["--a", "1"]\n', {"--a": ["1"]}),
        ("FROM x\nCMD python t.py --a 1\n", {"--a": ["1"]}),
        ('FROM x\nCMD ["python", "u.py"]\nFROM y\nCMD ["python", "t.py"]\n', {}),
        ("FROM x\nENV A=1\nRUN python t.py --a $A\n", {"--a": ["1"]}),
        ("FROM x\nENV A 1\nRUN python t.py --a $A\n", {"--a": ["1"]}),
        ("FROM x\nARG A=1\nRUN python t.py --a $A\n", {"--a": ["'1' or `$A`, an argument of the build"]}),
        ("FROM x\nARG A\nRUN python t.py --a $A\n", {"--a": ["`$A`, an argument of the build"]}),
        ("FROM x\nRUN <<EOF\npython t.py --a 1\nEOF\nRUN ls\n", {"--a": ["1"]}),
        ("FROM x\nRUN --mount=type=cache,target=/x python t.py --a 1\n", {"--a": ["1"]}),
    ],
)  # fmt: skip
def test_dockerfiles(text: str, expected: dict[str, list[str]]) -> None:
    launch = one(text, Kind.DOCKERFILE)
    assert (launch.target, options(launch)) == ("t.py", expected)


def test_the_folder_of_a_container() -> None:
    assert one("FROM x\nWORKDIR /app\nCOPY . .\nRUN python t.py\n", Kind.DOCKERFILE).cd == "/app"


def cells(*sources: str) -> Source:
    """A notebook with these code cells."""
    content = [{"cell_type": "code", "source": source.splitlines(keepends=True)} for source in sources]
    found, _ = notebook(json.dumps({"cells": content}), "n.ipynb")
    assert found is not None
    return found


def test_notebook_cells() -> None:
    source = cells(
        "import os\n!python t.py --a 1 \\\n    --b 2\nx = 1",
        "%%bash\nA=3\npython t.py \\\n  --a $A\npython t.py --b $A\n",
        "!python t.py --a {value}",
        "print('!python u.py')",
    )
    found = launches(source, FOLDER)
    assert [options(launch) for launch in found] == [
        {"--a": ["1"], "--b": ["2"]},
        {"--a": ["3"]},
        {"--b": ["3"]},
        {"--a": ["a value of the notebook"]},
    ]
    assert [(str(source.place(launch.span)), source.place(launch.span).column) for launch in found] == [
        ("n.ipynb:cell 1:2", 2),
        ("n.ipynb:cell 2:3", 1),
        ("n.ipynb:cell 2:5", 1),
        ("n.ipynb:cell 3:1", 2),
    ]


MARKDOWN = """Text: python t.py --no

```bash
A=1
python t.py --a $A \\
  --b 2
```

```python
import os  # python t.py --no
```

> ```console
> $ python t.py --c 3
> python t.py --no
```

````sh
python t.py \\
  --c 3 \\
  --d 4
````
"""


def test_markdown_blocks() -> None:
    found = read(MARKDOWN, Kind.MARKDOWN)
    assert [options(launch) for launch in found] == [
        {"--a": ["1"], "--b": ["2"]},
        {"--c": ["3"]},
        {"--c": ["3"], "--d": ["4"]},
    ]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.MAKEFILE, "A = --a\nx:\n\t@python t.py $(A) 1 --b 2\n"),
        (Kind.DOCKERFILE, "FROM x\n# python\nRUN \\\n# why\n python t.py --a 1 --b 2\n"),
        (Kind.MARKDOWN, "> ```console\n> $ python t.py --a 1 --b 2\n```\n"),
    ],
)
def test_words_stand_where_they_are_written(kind: Kind, text: str) -> None:
    launch = one(text, kind)
    flags = found(launch).flags
    assert [launch.source.slice(flag.name_span) for flag in flags] == ["--a", "--b"]
    assert launch.source.slice(launch.target_span) == "t.py"
