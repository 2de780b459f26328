"""The action, the GitLab job and the container file: valid by their schemas, and their commands really run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "pipeline"
RECIPE = "model_name_or_path: m\ndataset_name: d\npacking: true\nmax_length: null\n"
BASH = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-actions", ROOT / "action.yml"),
        ("vendor.github-workflows", EXAMPLES / "github-workflow.yml"),
        ("vendor.gitlab-ci", EXAMPLES / "gitlab-ci.yml"),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_they_meet_the_schemas_of_their_forges(schema: str, path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_workflow_gives_the_action_what_it_takes() -> None:
    inputs = load(ROOT / "action.yml")["inputs"]
    steps = load(EXAMPLES / "github-workflow.yml")["jobs"]["trl-lint"]["steps"]
    given = {key for step in steps if step["uses"].startswith("OWNER/trl-lint") for key in step.get("with", {})}
    assert given <= inputs.keys()


def test_no_input_is_pasted_into_a_script() -> None:
    for step in load(ROOT / "action.yml")["runs"]["steps"]:
        assert "${{" not in step["run"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "sub").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "requirements.txt").write_text("trl==1.9.2\n")
    (folder / "sub" / "recipe.yaml").write_text(RECIPE)
    return folder


def bash(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=folder, env={**kept, **environment}, capture_output=True, text=True, timeout=600, check=False
    )


@BASH
@pytest.mark.slow
@pytest.mark.xdist_group("packaging")
def test_the_steps_of_the_action_install_and_annotate(project: Path, tmp_path: Path) -> None:
    action = load(ROOT / "action.yml")
    defaults = {name: value["default"] for name, value in action["inputs"].items()}
    install, check = (step["run"] for step in action["runs"]["steps"])
    runner = {"RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(ROOT)}

    def inputs(**given: str) -> dict[str, str]:
        values = {**defaults, "python": sys.executable, **given}
        return {f"INPUT_{name.upper().replace('-', '_')}": value for name, value in values.items()}

    done = bash(install, project, **runner, **inputs())
    assert done.returncode == 0, done.stderr
    done = bash(check, project, **runner, **inputs())
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("::error title=trl-lint (TRL402),file=sub/recipe.yaml,line=4,")
    given = inputs(**{"output-format": "sarif", "output-file": "out.sarif", "args": "--exit-zero", "paths": "sub ."})
    done = bash(check, project, **runner, **given)
    assert (done.returncode, done.stdout) == (0, "")
    (result,) = json.loads((project / "out.sarif").read_text())["runs"][0]["results"]
    assert result["ruleId"] == "TRL402"
    hostile = inputs(paths="$(touch hacked) ; touch hacked")
    assert bash(check, project, **runner, **hostile).returncode == 1
    assert not (project / "hacked").exists()


@BASH
@pytest.mark.slow
@pytest.mark.xdist_group("packaging")
def test_the_gitlab_job_writes_its_report_and_fails(project: Path, tmp_path: Path) -> None:
    job = load(EXAMPLES / "gitlab-ci.yml")["trl-lint"]
    lines = [line.replace("/tmp/trl-lint", str(tmp_path / "made")) for line in job["before_script"] + job["script"]]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = bash("\n".join(lines), project, PATH=path, TRL_LINT=str(ROOT), TRL_LINT_ARGS="--min-confidence possible")
    assert done.returncode == 1, done.stderr
    (issue,) = json.loads((project / job["artifacts"]["reports"]["codequality"]).read_text())
    assert issue["location"]["path"] == "sub/recipe.yaml"
    assert "Found 1 error" in done.stdout


def test_the_image_gets_all_that_the_wheel_needs_and_no_more() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    kept = {line[1:] for line in ignored if line.startswith("!")}
    assert ignored[0] == "*"
    assert all((ROOT / name).exists() for name in kept)
    project = (ROOT / "pyproject.toml").read_text()
    assert {"README.md", "LICENSE", "linter", "rules", "pyproject.toml"} == kept
    assert 'packages = ["linter/trl_lint", "rules/trl_lint_rules"]' in project
