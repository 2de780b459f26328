"""Each kind of manifest: the releases that it stands for, and the line that says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Project

TrlOf = Callable[[str, str], str]

UV_LOCK = """version = 1

[[package]]
name = "trl-extras"
version = "9.9.9"

[[package]]
name = "trl"
version = "1.9.2"
source = { registry = "https://pypi.org/simple" }
dependencies = [
    { name = "transformers" },
]

[package.optional-dependencies]
peft = [{ name = "peft" }]

[[package]]
name = "zstd"
version = "1.0"
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("torch\ntrl==1.9.2\n", "1.9.2 @ requirements.txt:2"),
        ("trl==1.9.2  # trl==0.20\n", "1.9.2 @ requirements.txt:1"),
        ("# trl==0.20.0\ntorch\n", "1.16.0 @ assumed"),
        ("trl==1.9.2 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n", "1.9.2 @ requirements.txt:1"),
        ("trl[peft]>=1.9,<1.15 ; python_version >= '3.10'\n", "1.9.0 1.9.2 1.10.0 @ requirements.txt:1"),
        (
            "trl==0.20.0 ; sys_platform == 'darwin'\ntrl==1.9.2 ; sys_platform != 'darwin'\n",
            "0.20.0 @ requirements.txt:1",
        ),
        ("trl>=1.9\ntrl<1.15\n", "1.9.0 1.9.2 1.10.0 @ requirements.txt:1"),
        ("-e git+https://github.com/huggingface/trl.git#egg=trl\n", "1.16.0 @ requirements.txt:1 beyond"),
        ("git+https://github.com/huggingface/trl.git@v0.21.0\r\n", "0.21.0 @ requirements.txt:1"),
        ("--extra-index-url https://example.org/trl==0.20.0\ntrl==1.9.2\n", "1.9.2 @ requirements.txt:2"),
        ("trl\n", "1.16.0 @ assumed"),
        ("trl-lint==0.20.0\n", "1.16.0 @ assumed"),
    ],
)
def test_requirements(trl_of: TrlOf, text: str, expected: str) -> None:
    assert trl_of("requirements.txt", text) == expected


def test_requirements_include_other_files(project: Project, trl_of: TrlOf) -> None:
    project.write("more/base.txt", "-c ../constraints.txt\n-r ../requirements.txt\ntrl>=1.9\n")
    project.write("constraints.txt", "trl<1.10\n")
    assert trl_of("requirements.txt", "-r more/base.txt\n") == "1.9.0 1.9.2 @ constraints.txt:1"


def test_a_constraint_pins_a_bare_name(project: Project, trl_of: TrlOf) -> None:
    project.write("constraints.txt", "trl==1.9.2\n")
    assert trl_of("requirements.txt", "trl\n-cconstraints.txt\n") == "1.9.2 @ constraints.txt:1"


def test_powershell_writes_utf_16(project: Project) -> None:
    (project.root / "requirements.txt").write_bytes("torch\r\ntrl==1.9.2\r\n".encode("utf-16"))
    assert [str(release) for release in project.target().trl.releases] == ["1.9.2"]


def test_several_requirements_files(project: Project) -> None:
    project.write("requirements-dev.txt", "trl==0.20.0\n")
    project.write("requirements-train.txt", "trl==1.9.2\n")
    project.write("requirements/all.txt", "trl==1.9.2\n")
    assert str(project.target().trl.place) == "requirements-dev.txt:1"
    assert project.target().trl.notes == (
        "requirements-train.txt:1 says `==1.9.2`",
        "requirements/all.txt:1 says `==1.9.2`",
    )
    project.write("requirements.txt", "trl==1.9.2\n")
    target = project.target().trl
    assert str(target.place) == "requirements.txt:1"
    assert target.notes == ("requirements-dev.txt:1 says `==0.20.0`",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (UV_LOCK, "1.9.2 @ uv.lock:9"),
        (UV_LOCK.replace('"1.9.2"', '"1.10.0.dev0"').replace("registry", "git"), "1.10.0 @ uv.lock:9"),
        (UV_LOCK.replace('version = "1.9.2"\n', ""), "problem"),
        (
            UV_LOCK.replace('version = "1.9.2"\n', "").replace(
                'registry = "https://pypi.org/simple"', 'git = "https://github.com/huggingface/trl?rev=v0.21.0#0a1b"'
            ),
            "0.21.0 @ uv.lock:7",
        ),
        (
            UV_LOCK.replace('version = "1.9.2"\n', "").replace(
                'registry = "https://pypi.org/simple"', 'editable = "."'
            ),
            "1.16.0 @ uv.lock:7 beyond",
        ),
        (UV_LOCK + '\n[[package]]\nname = "trl"\nversion = "0.20.0"\n', "0.20.0 1.9.2 @ uv.lock:9"),
    ],
)
def test_uv_lock(project: Project, trl_of: TrlOf, text: str, expected: str) -> None:
    if expected == "problem":
        project.write("uv.lock", text)
        assert [str(problem.place) for problem in project.target().problems] == ["uv.lock:7"]
    else:
        assert trl_of("uv.lock", text) == expected


def test_other_locks(trl_of: TrlOf, project: Project) -> None:
    poetry = '[[package]]\nname = "trl"\nversion = "1.9.2"\n\n[package.source]\ntype = "git"\nurl = "https://x/trl"\n'
    assert trl_of("poetry.lock", poetry) == "1.9.2 @ poetry.lock:3"
    (project.root / "poetry.lock").unlink()
    pylock = "lock-version = '1.0'\n[[packages]]\nname = 'trl'\nversion = '1.9.2'\nwheels = []\n"
    assert trl_of("pylock.toml", pylock) == "1.9.2 @ pylock.toml:4"
    (project.root / "pylock.toml").unlink()
    pipfile = '{\n"_meta": {},\n"default": {\n"trl": {\n"hashes": [],\n"version": "==1.9.2"\n}},\n"develop": {}}\n'
    assert trl_of("Pipfile.lock", pipfile) == "1.9.2 @ Pipfile.lock:6"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "packages:\n- conda: https://conda.anaconda.org/conda-forge/noarch/trl-1.9.2-pyhd8ed1ab_0.conda\n",
            "1.9.2 @ pixi.lock:2",
        ),
        (
            "packages:\n- pypi: https://x/a/trl-1.9.2-py3-none-any.whl\n  name: trl\n  version: 1.9.2\n",
            "1.9.2 @ pixi.lock:4",
        ),
        ("- pypi: https://x/a/trl-1.9.2.tar.gz\n- pypi: https://x/a/ctrl-0.20.0.tar.gz\n", "1.9.2 @ pixi.lock:1"),
        ("- conda: https://x/trl-0.20.0-0.conda\n- conda: https://x/trl-1.9.2-0.conda\n", "0.20.0 1.9.2 @ pixi.lock:1"),
    ],
)
def test_pixi_lock(trl_of: TrlOf, text: str, expected: str) -> None:
    assert trl_of("pixi.lock", text) == expected


PYPROJECT_CASES = [
    (
        '[project]\nname = "x"\ndependencies = [\n  "torch",\n  # "trl==0.20.0",\n  "trl[peft]~=1.9.0",\n]\n',
        "1.9.0 1.9.2 @ {}:6",
    ),
    ('[project.optional-dependencies]\ntrain = ["trl==1.9.2"]\n', "1.9.2 @ {}:2"),
    (
        '[project]\ndependencies = ["trl>=1.15"]\n[project.optional-dependencies]\nold = ["trl==0.20.0"]\n',
        "1.15.0 1.16.0 @ {}:2",
    ),
    ('[project]\ndependencies = ["trl"]\n[project.optional-dependencies]\nold = ["trl==0.20.0"]\n', "0.20.0 @ {}:4"),
    ('[dependency-groups]\nall = [{include-group = "train"}]\ntrain = [\n"trl==1.9.2"]\n', "1.9.2 @ {}:4"),
    ('[tool.uv]\noverride-dependencies = ["trl==1.9.2"]\n[project]\ndependencies = ["trl<1"]\n', "1.9.2 @ {}:2"),
    (
        '[project]\ndependencies = ["trl>=1.9"]\n[tool.uv]\nconstraint-dependencies = ["trl<1.10"]\n',
        "1.9.0 1.9.2 @ {}:2",
    ),
    (
        '[project]\ndependencies = ["trl"]\n[tool.uv.sources]\ntrl = { git = "https://x/trl", tag = "v0.21.0" }\n',
        "0.21.0 @ {}:4",
    ),
    (
        '[project]\ndependencies = ["trl"]\n[tool.uv.sources]\ntrl = { path = "../trl", editable = true }\n',
        "1.16.0 @ {}:4 beyond",
    ),
    ('[tool.poetry.dependencies]\npython = "^3.10"\ntrl = "^0.22"\n', "0.22.0 0.22.1 0.22.2 @ {}:3"),
    ('[tool.poetry.dependencies]\ntrl = { version = "~1.9", extras = ["peft"] }\n', "1.9.0 1.9.2 @ {}:2"),
    ('[tool.poetry.dependencies]\ntrl = { git = "https://x/trl.git", branch = "main" }\n', "1.16.0 @ {}:2 beyond"),
    (
        '[tool.poetry.dependencies]\ntrl = [{version = "0.20.0", python = "<3.11"}, {version = "1.9.2"}]\n',
        "0.20.0 @ {}:2",
    ),
    ('[tool.poetry.group.train.dependencies]\ntrl = "1.9.2"\n', "1.9.2 @ {}:2"),
    ('[tool.poetry.dependencies.trl]\nversion = "1.9.2"\n', "1.9.2 @ {}:1"),
    ('[project]\nname = "trl"\nversion = "1.10.0.dev0"\n', "1.16.0 @ {}:2 beyond"),
    ('[tool.trl-lint]\nselect = ["trl==1.9.2"]\n', "1.16.0 @ assumed"),
    (
        'project = 3\ndependency-groups = ["trl"]\n[tool]\nuv = ["trl"]\npoetry = {dependencies = {trl = 3}}\n',
        "1.16.0 @ assumed",
    ),
]


@pytest.mark.parametrize(("text", "expected"), PYPROJECT_CASES)
def test_pyproject(trl_of: TrlOf, text: str, expected: str) -> None:
    assert trl_of("pyproject.toml", text) == expected.format("pyproject.toml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[options]\ninstall_requires =\n    torch\n    trl>=1.15  # new\n", "1.15.0 1.16.0 @ setup.cfg:4"),
        ("[options.extras_require]\ntrain =\n  trl==1.9.2\n[options]\ninstall_requires = trl\n", "1.9.2 @ setup.cfg:3"),
        ("[options]\ninstall_requires =\n    # trl==0.20.0\n    torch\n[other]\nx = trl==0.19.1\n", "1.16.0 @ assumed"),
    ],
)
def test_setup_cfg(trl_of: TrlOf, text: str, expected: str) -> None:
    assert trl_of("setup.cfg", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('from setuptools import setup\nsetup(install_requires=["torch",\n "trl==1.9.2"])\n', "1.9.2 @ setup.py:3"),
        (
            'deps = ["trl>=1.15"] + ["torch"]\nimport setuptools\nsetuptools.setup(install_requires=[*deps])\n',
            "1.15.0 1.16.0 @ setup.py:1",
        ),
        ('setup(extras_require={"train": ["trl==1.9.2"]})\n', "1.9.2 @ setup.py:1"),
        (
            '_deps = [\n  "torch==2.6.0",\n  "trl[vllm]==0.20.0",\n]\ndeps = {b: a for a, b in []}\n'
            'install_requires = [deps["trl"]]\nsetup(install_requires=install_requires, keywords="trl rlhf")\n',
            "0.20.0 @ setup.py:3",
        ),
        ('setup(description="trl==0.20.0 is what we tested with", classifiers=["trl"])\n', "1.16.0 @ assumed"),
    ],
)
def test_setup_py(trl_of: TrlOf, text: str, expected: str) -> None:
    assert trl_of("setup.py", text) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("environment.yml", "dependencies:\n  - python=3.11\n  - trl=1.9\n", "1.9.0 1.9.2 @ environment.yml:3"),
        ("environment.yml", "dependencies:\n- conda-forge::trl >=1.9,<1.10\n", "1.9.0 1.9.2 @ environment.yml:2"),
        (
            "environment.yaml",
            "dependencies:\n  - pip\n  - pip:\n    - torch\n    - 'trl[peft]==1.9.2'  # pinned\n  - numpy\n",
            "1.9.2 @ environment.yaml:5",
        ),
        ("environment.yml", "dependencies:\n  # - trl=0.20\n  - trl-tools=0.20\n", "1.16.0 @ assumed"),
        ("Dockerfile", "FROM x\nRUN pip install torch \\\n  # the trainer\n  'trl==1.9.2'\n", "1.9.2 @ Dockerfile:4"),
        ("Dockerfile", "ARG V=1.9.2\nRUN uv pip install --system trl==${V}\n", "1.9.2 @ Dockerfile:2"),
        ("gpu.Dockerfile", "RUN apt update && pip3 install -U trl==1.9.2; true\n", "1.9.2 @ gpu.Dockerfile:1"),
        ("Dockerfile", "# RUN pip install trl==0.20.0\nRUN pip uninstall -y trl==0.19.1\n", "1.16.0 @ assumed"),
    ],
)
def test_conda_and_containers(trl_of: TrlOf, name: str, text: str, expected: str) -> None:
    assert trl_of(name, text) == expected


def test_conda_includes_requirements_of_its_pip_list(project: Project, trl_of: TrlOf) -> None:
    project.write("pip.txt", "trl==1.9.2\n")
    assert trl_of("environment.yml", "dependencies:\n  - trl-x\n  - pip:\n    - -r pip.txt\n") == "1.9.2 @ pip.txt:1"


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ("uv.lock", "requirements.txt"),
        ("poetry.lock", "requirements.txt"),
        ("requirements.txt", "pyproject.toml"),
        ("pyproject.toml", "setup.cfg"),
        ("setup.cfg", "setup.py"),
        ("setup.py", "requirements/all.txt"),
        ("requirements/all.txt", "environment.yml"),
        ("environment.yml", "Dockerfile"),
    ],
)
def test_order_within_a_folder(project: Project, stronger: str, weaker: str) -> None:
    texts = {
        "uv.lock": '[[package]]\nname = "trl"\nversion = "{}"\n',
        "poetry.lock": '[[package]]\nname = "trl"\nversion = "{}"\n',
        "requirements.txt": "trl=={}\n",
        "requirements/all.txt": "trl=={}\n",
        "pyproject.toml": '[project]\ndependencies = ["trl=={}"]\n',
        "setup.cfg": "[options]\ninstall_requires =\n  trl=={}\n",
        "setup.py": "setup(install_requires=['trl=={}'])\n",
        "environment.yml": "dependencies:\n  - trl=={}\n",
        "Dockerfile": "RUN pip install trl=={}\n",
    }
    project.write(stronger, texts[stronger].format("1.9.2"))
    project.write(weaker, texts[weaker].format("0.20.0"))
    target = project.target().trl
    assert str(target.newest) == "1.9.2"
    assert target.place is not None
    assert target.place.path == stronger
    assert [note.partition(":")[0] for note in target.notes] == [weaker]
