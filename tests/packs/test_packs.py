"""Third-party rule packs: their rules are rules like any other, and a broken pack takes nothing down."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from trl_lint.cli.backend import Backend
from trl_lint.cli.main import main
from trl_lint.packs import index
from trl_lint.packs.registry import BUILTIN, Registry
from trl_lint.testing import cases
from trl_lint.testing.__main__ import main as run_pages

RULE = """
from trl_lint.api import Rule, Severity, Stage, Verdict

class R(Rule):
    code = "{code}"
    name = "{name}"
    summary = "packing"
    needs = frozenset({{"packing"}})

    def check(self, run):
        {body}
        if run.setting("max_length") is None:
            return
        yield Verdict("x", run.given("packing").span, "no packing here", Severity.WARNING, Stage.SILENT)
"""
PAGE = """\
# {name}

`{code}`

Finds packing.

## Why

Because.

## Releases

| TRL | what happens |
|---|---|
| all | it packs |

## What to do

Do not.

## Examples

### Packing

```text requirements.txt
trl==1.9.2
```

```yaml recipe.yaml
model_name_or_path: m
dataset_name: d
max_length: 100
packing: true  # warning: {code}
```

### Not found: none

```text requirements.txt
trl==1.9.2
```

```yaml recipe.yaml
model_name_or_path: m
dataset_name: d
packing: true
max_length: null
```
"""


@dataclass
class PackBackend(Backend):
    """The built-in rules and those of these packages."""

    packages: tuple[str, ...]

    @cached_property
    def registry(self) -> Registry:
        return Registry([BUILTIN, *self.packages])


Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes a rule (and its page) of a package that can be imported."""
    monkeypatch.syspath_prepend(str(tmp_path / "packs"))
    before = set(sys.modules)

    def write(module: str, code: str, name: str, body: str = "pass", init: str = "") -> None:
        package, *inside = module.split(".")
        folder = tmp_path / "packs" / package
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").write_text(init)
        path = folder.joinpath(*inside)
        path.parent.mkdir(exist_ok=True)
        path.with_suffix(".py").write_text(RULE.format(code=code, name=name, body=body))
        path.with_suffix(".md").write_text(PAGE.format(code=code, name=name))

    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    Path("recipe.yaml").write_text("model_name_or_path: m\ndataset_name: d\nmax_length: 100\npacking: true\n")
    Path("requirements.txt").write_text("trl==1.9.2\n")
    yield write
    for name in set(sys.modules) - before:
        if name.startswith("pack_"):
            del sys.modules[name]


def check(capsys: pytest.CaptureFixture[str], *arguments: str, packages: tuple[str, ...]) -> tuple[int, str, str]:
    code = main(["check", "--output-format", "concise", "-q", *arguments], PackBackend(packages))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_a_rule_of_a_pack_is_a_rule_like_any_other(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("pack_a.no_packing", "ACME001", "no-packing", init='RULE_URL = "https://wiki.example/{name}?{code}"')
    packs = ("pack_a",)
    said = "recipe.yaml:4:1: ACME001[no-packing] warning: no packing here\n"
    assert check(capsys, packages=packs) == (1, said, "")
    for selector in ("ACME", "ACME001", "no-packing"):
        assert check(capsys, "--select", selector, packages=packs)[1] == said
        assert check(capsys, "--ignore", selector, packages=packs) == (0, "", "")
    main(["check", "--output-format", "json"], PackBackend(packs))
    (finding,) = json.loads(capsys.readouterr().out)
    assert finding["url"] == "https://wiki.example/no-packing?ACME001"
    main(["check", "--output-format", "sarif"], PackBackend(packs))
    (rule,) = json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]["rules"]
    assert (rule["helpUri"], rule["help"]["markdown"][:14]) == (finding["url"], "Finds packing.")
    for name in ("ACME001", "no-packing"):
        assert main(["rule", name], PackBackend(packs)) == 0
        assert capsys.readouterr().out.startswith("# no-packing\n")
    with Path("recipe.yaml").open("a") as file:
        file.write("  # trl-lint: ignore[no-packing] agreed\n".lstrip())
    Path("recipe.yaml").write_text(Path("recipe.yaml").read_text().replace("true\n", "true  ", 1))
    assert check(capsys, packages=packs) == (0, "", "")


def test_rules_may_lie_in_family_folders_and_have_an_index(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("pack_b.batches.no_packing", "ACME001", "no-packing")
    folder = Path("../packs/pack_b")
    assert index.main(["pack_b"]) == 0
    assert "pack_b.batches.no_packing" in (folder / "index.json").read_text()
    del sys.modules["pack_b.batches.no_packing"]
    registry = Registry(["pack_b"])
    assert [entry.code for entry in registry.entries] == ["ACME001"]
    assert "pack_b.batches.no_packing" not in sys.modules
    assert check(capsys, packages=("pack_b",))[0] == 1


def test_its_pages_are_its_tests(write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("pack_c.no_packing", "ACME001", "no-packing")
    found = cases("pack_c")
    assert list(map(str, found)) == [
        "no-packing: the form of its page",
        "no-packing: Packing",
        "no-packing: Not found: none",  # what TRL402 finds there is not this pack's business
    ]
    for number, case in enumerate(found):
        (tmp_path / str(number)).mkdir()
        case.check(tmp_path / str(number))
    assert run_pages(["pack_c"]) == 0
    assert capsys.readouterr().out == "3 of 3 hold.\n"
    page = tmp_path / "packs/pack_c/no_packing.md"
    page.write_text(page.read_text().replace("true  # warning: ACME001", "true").replace("## Why", "## What"))
    assert run_pages(["pack_c", "ACME001"]) == 1
    out = capsys.readouterr().out
    assert "its sections are What, Releases" in out
    assert "found and not stated:\n  recipe.yaml:4: warning: ACME001" in out
    assert run_pages(["pack_c", "ACME9"]) == 2
    assert run_pages(["pack_nowhere"]) == 2


@pytest.mark.parametrize(
    ("second", "code", "name", "problem"),
    [
        ("pack_e.b", "ACME001", "other", "`pack_e.b` and `pack_d.no_packing` are both called ACME001"),
        ("pack_e.b", "ACME002", "no-packing", "`pack_e.b` and `pack_d.no_packing` are both called no-packing"),
        ("pack_e.b", "ACME002", "adapter-twice", "are both called adapter-twice"),
        ("pack_e.b", "TRL999", "other", "`pack_e.b` has the code TRL999, but those that begin with TRL belong to"),
        ("pack_e.b", "acme-1", "other", "which are not like `ABC001` and `a-name`"),
    ],
)
def test_a_conflict_is_an_error_and_the_other_rules_work(
    write: Write, capsys: pytest.CaptureFixture[str], second: str, code: str, name: str, problem: str
) -> None:
    write("pack_d.no_packing", "ACME001", "no-packing")
    write(second, code, name)
    status, out, err = check(capsys, packages=("pack_d", "pack_e"))
    assert (status, out.count("\n")) == (2, 1)
    assert out.startswith("recipe.yaml:4:1: ACME001[no-packing]")
    assert err.startswith("error: a rule of the pack `pack_e` is left out: ")
    assert problem in err


def test_a_pack_that_cannot_be_imported_takes_nothing_down(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("pack_f.no_packing", "ACME001", "no-packing")
    write("pack_g.other", "ACME002", "other", init="import nothing_of_this_name")
    write("pack_h.other", "ACME003", "other")
    Path("../packs/pack_h/other.py").write_text("class (")
    status, out, err = check(capsys, packages=("pack_g", "pack_missing", "pack_h", "pack_f"))
    assert (status, out.split(" ")[1]) == (2, "ACME001[no-packing]")
    assert [line.split(" cannot")[0] for line in err.splitlines()] == [
        "error: the rule pack `pack_g`",
        "error: the rule pack `pack_missing`",
        "error: the rule file `pack_h.other`",
    ]
    assert "No module named 'nothing_of_this_name'" in err


def test_a_rule_that_fails_is_a_finding_and_the_others_work(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("pack_i.no_packing", "ACME001", "no-packing")
    write("pack_i.broken", "ACME002", "broken", body="1 / 0")
    status, out, err = check(capsys, packages=("pack_i",))
    assert (status, err) == (2, "")
    assert "TRL002[internal-error] error: the rule `broken` failed (ZeroDivisionError at broken.py:" in out
    assert "ACME001[no-packing]" in out


def test_the_rules_of_a_pack_with_broken_releases_still_work(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("pack_j.no_packing", "ACME001", "no-packing", init="def release_index(): raise ValueError('none')")
    status, out, err = check(capsys, packages=("pack_j",))
    assert (status, "ACME001" in out) == (2, True)
    assert err == "error: the releases of the rule pack `pack_j` cannot be used (ValueError: none)\n"
