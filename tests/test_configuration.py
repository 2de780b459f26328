"""Where the configuration is found, what it may say, and which rules it selects."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.configuration.errors import ConfigurationError
from trl_lint.configuration.loading import Configurations, read
from trl_lint.configuration.patterns import PatternSet, pattern_problem
from trl_lint.configuration.selection import check_selectors, fixable, selected
from trl_lint.configuration.settings import DEFAULT_EXCLUDE, Configuration, Layer
from trl_lint.configuration.vocabulary import Vocabulary
from trl_lint.model.finding import Confidence
from trl_lint.model.span import Place

RULES = Vocabulary.of([("TRL201", "assistant-only-loss-on-vlm"), ("TRL202", "no-markers"), ("TRL301", "image-data")])


@pytest.fixture(autouse=True)
def _in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str | bytes) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path.absolute()


def test_everything_that_may_be_said() -> None:
    path = write(
        "pyproject.toml",
        """
[project]
name = "x"

[tool.trl-lint]
select = ["TRL2"]
extend-select = ["image-data"]
ignore = ["TRL202"]
extend-ignore = ["TRL010"]
fixable = ["ALL"]
unfixable = ["TRL201"]
exclude = ["old"]
extend-exclude = ["older"]
include = ["*.py"]
respect-gitignore = false
force-exclude = true
target-trl = ">=0.20"
target-transformers = "5.1"
min-confidence = "certain"
output-format = "json"
unsafe-fixes = true
online = true

[tool.trl-lint.per-file-ignores]
"tests/*" = ["TRL3"]
""",
    )
    found = read(path)
    assert found is not None
    assert found.layers == (Layer(("TRL2",), ("image-data",), ("TRL202", "TRL010"), ("ALL",), ("TRL201",)),)
    assert found.per_file_ignores == (("tests/*", ("TRL3",)),)
    assert (found.exclude, found.include) == (("old", "older"), ("*.py",))
    assert (found.respect_gitignore, found.force_exclude, found.unsafe_fixes, found.online) == (False, True, True, True)
    assert (found.target_trl, found.target_transformers) == (">=0.20", "5.1")
    assert (found.min_confidence, found.output_format) == (Confidence.CERTAIN, "json")
    assert found.place("target-trl") == Place("pyproject.toml", 17)
    assert found.place("nothing") is None


def test_defaults_where_nothing_is_said() -> None:
    found = read(write("trl-lint.toml", ""))
    assert found is not None
    assert found.exclude == DEFAULT_EXCLUDE
    assert found.min_confidence is Confidence.POSSIBLE
    assert read(write("pyproject.toml", "[tool.other]\nname = 'trl-lint'\n")) is None


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("trl-lint.toml", "\nselct = []\n", "trl-lint.toml:2: `selct` is no setting; did you mean `select`?"),
        ("trl-lint.toml", "min_confidence = 'certain'\n", "did you mean `min-confidence`?"),
        ("trl-lint.toml", "[tool.trl-lint]\n", "trl-lint.toml:1: `tool` is no setting: this file is all trl-lint's"),
        ("trl-lint.toml", "zzz = 1\n", "trl-lint.toml:1: `zzz` is no setting"),
        ("trl-lint.toml", "select = 'TRL2'\n", "trl-lint.toml:1: `select` must be a list of strings"),
        ("trl-lint.toml", "select = [2]\n", "`select` must be a list of strings"),
        ("trl-lint.toml", "online = 'yes'\n", "`online` must be true or false"),
        (
            "trl-lint.toml",
            "output-format = 'xml'\n",
            "one of full, concise, json, github, gitlab, junit, sarif, not 'xml'",
        ),
        ("trl-lint.toml", "min-confidence = 'sure'\n", "must be one of certain, possible, not 'sure'"),
        ("trl-lint.toml", "target-trl = 1.9\n", "`target-trl` must be a string"),
        ("trl-lint.toml", "per-file-ignores = ['x']\n", "`per-file-ignores` must be a table of lists"),
        ("trl-lint.toml", "exclude = ['[z-a]']\n", "`exclude` holds '[z-a]', which is no file pattern"),
        ("trl-lint.toml", "a = \n", "trl-lint.toml:1: not valid TOML: Invalid value"),
        ("trl-lint.toml", "\n\nselect = [", "trl-lint.toml:3: not valid TOML"),
        ("trl-lint.toml", b"# \xff\n", "trl-lint.toml:1: not UTF-8"),
        ("pyproject.toml", "\n[tool]\ntrl-lint = 3\n", "pyproject.toml:3: `tool.trl-lint` must be a table"),
        ("pyproject.toml", '[tool."trl-lint"]\nonline = 1\n', "pyproject.toml:2: `online` must be true or false"),
        ("pyproject.toml", "tool.trl-lint.online = 1\n", "pyproject.toml:1: `online` must be true or false"),
        ("pyproject.toml", "# trl-lint\n[tool\n", "pyproject.toml:2: not valid TOML"),
    ],
)
def test_what_makes_no_sense_is_said_with_file_and_line(name: str, text: str | bytes, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(write(name, text))
    assert message in str(caught.value)


def test_a_file_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match=r"gone\.toml: cannot be read: No such file"):
        read(Path("gone.toml"))


def test_the_nearest_file_decides_alone() -> None:
    write("pyproject.toml", "[tool.trl-lint]\ntarget-trl = '1'\nonline = true\n")
    write("a/pyproject.toml", "[project]\nname = 'a'\n")
    write("a/b/trl-lint.toml", "target-trl = '2'\n")
    write("a/b/pyproject.toml", "[tool.trl-lint]\ntarget-trl = '3'\n")
    write("a/b/c/.trl-lint.toml", "target-trl = '4'\n")
    write("a/b/c/trl-lint.toml", "target-trl = '5'\n")
    found = Configurations()

    def target(folder: str) -> str | None:
        return found.of(str(Path(folder).absolute())).target_trl

    assert [target(folder) for folder in (".", "a", "a/b", "a/b/c", "a/b/c/d")] == ["1", "1", "2", "4", "4"]
    assert not found.of(str(Path("a/b").absolute())).online
    assert found.of(str(Path("a").absolute())) is found.of(str(Path().absolute()))


def test_one_file_or_none_may_be_asked_for() -> None:
    write("trl-lint.toml", "target-trl = '1'\n")
    other = write("conf/own.toml", "target-trl = '2'\n")
    here = str(Path().absolute())
    assert Configurations(only=other).of(here).target_trl == "2"
    assert Configurations(only=other).of(here).root == Path.cwd()
    assert Configurations(isolated=True).of(here).target_trl is None


@pytest.mark.parametrize(
    ("layers", "on"),
    [
        ([], {"TRL201", "TRL202", "TRL301", "TRL010", "TRL011"}),
        ([Layer(select=("TRL2",))], {"TRL201", "TRL202"}),
        ([Layer(select=("ALL",), ignore=("TRL2", "TRL0"), extend_select=("TRL202",))], {"TRL202", "TRL301"}),
        ([Layer(ignore=("no-markers", "TRL01"))], {"TRL201", "TRL301"}),
        ([Layer(select=("TRL201",), ignore=("ALL",))], {"TRL201"}),
        ([Layer(select=("TRL201",), ignore=("TRL201",))], set()),
        # The command line comes after the file: it selects anew, or refines.
        ([Layer(select=("TRL2",)), Layer(select=("TRL3",))], {"TRL301"}),
        ([Layer(select=("TRL2",)), Layer(extend_select=("trl301",))], {"TRL201", "TRL202", "TRL301"}),
        ([Layer(ignore=("TRL201",)), Layer(select=("TRL2",))], {"TRL201", "TRL202"}),
        ([Layer(select=("TRL2",)), Layer(ignore=("TRL201",))], {"TRL202"}),
    ],
)
def test_selection_follows_ruff(layers: list[Layer], on: set[str]) -> None:
    assert selected(layers, RULES) - {"TRL001", "TRL002"} == on


def test_unreadable_files_are_said_unless_ignored_by_name() -> None:
    assert "TRL001" in selected([Layer(select=("TRL201",))], RULES)
    assert "TRL001" not in selected([Layer(ignore=("unparsable-file",))], RULES)


def test_fixable_narrows_and_unfixable_removes() -> None:
    assert fixable([], RULES) == frozenset(RULES.names)
    assert fixable([Layer(fixable=("TRL2",), unfixable=("TRL201",))], RULES) == {"TRL202"}


def test_a_selector_that_means_no_rule_is_an_error_at_its_line() -> None:
    found = read(write("trl-lint.toml", "online = true\nignore = ['TRL2', 'TRL9']\n"))
    assert found is not None
    with pytest.raises(ConfigurationError, match=r"^trl-lint\.toml:2: unknown rule selector `TRL9`"):
        check_selectors(found, RULES)
    given = Configuration(Path.cwd(), layers=(Layer(select=("no-marker",), origin="command line"),))
    with pytest.raises(ConfigurationError, match=r"^command line: .*did you mean `no-markers`"):
        check_selectors(given, RULES)
    per_file = read(write("trl-lint.toml", "[per-file-ignores]\n'x.py' = ['nope']\n"))
    assert per_file is not None
    with pytest.raises(ConfigurationError, match=r"^trl-lint\.toml:1: unknown rule selector `nope`"):
        check_selectors(per_file, RULES)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("build", "build", True),
        ("build", "src/build", True),
        ("build", "builder", False),
        ("*.py", "a/b.py", True),
        ("a/b.py", "a/b.py", True),
        ("./a/b.py", "a/b.py", True),
        ("a/b.py", "z/a/b.py", False),
        ("a/*.py", "a/b/c.py", True),
        ("**/c.py", "c.py", True),
        ("a/**/c.py", "a/c.py", True),
        ("a/**/c.py", "a/x/y/c.py", True),
        ("t?st_[ab].py", "test_a.py", True),
        ("t?st_[!ab].py", "test_a.py", False),
        ("a/b/", "a/b", True),
    ],
)
def test_patterns(pattern: str, path: str, matches: bool) -> None:
    assert PatternSet.of((pattern,), "/root [x]").matches(f"/root [x]/{path}", Path(path).name) is matches


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_a_pattern_or_a_problem(pattern: str, name: str) -> None:
    if pattern_problem([pattern]) is None:
        assert PatternSet.of((pattern,), "/r").matches(f"/r/{name}", name) in (True, False)
