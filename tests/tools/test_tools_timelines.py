"""Timelines keep everything; the program builds, checks, extends and explains the facts."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts import build, check, cli, registry, write
from trl_lint.model.release import Release
from trl_lint_rules.facts.extract import timeline
from trl_lint_rules.facts.extract.layer import Layer
from trl_lint_rules.facts.extract.values import same

DATA = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.floats(-2, 2), st.sampled_from(["a", "b", {"d": 1}]))
GROUPS = st.dictionaries(st.sampled_from(["", "x", "y", "z", "w"]), DATA, min_size=1)
SNAPSHOTS = st.lists(
    st.dictionaries(st.sampled_from(["f.json"]), st.dictionaries(st.sampled_from("gh"), GROUPS, min_size=1))
)


@given(SNAPSHOTS)
@settings(deadline=None)
def test_folding_loses_nothing(snapshots: list[Any]) -> None:
    folded = timeline.fold(snapshots)
    for place, snapshot in enumerate(snapshots):
        found = timeline.unfold(folded, place)
        expected = {path: groups for path, groups in snapshot.items() if groups}
        assert {p: {g: list(k.items()) for g, k in sorted(gs.items())} for p, gs in found.items()} == {
            p: {g: list(k.items()) for g, k in sorted(gs.items())} for p, gs in expected.items()
        }
        assert all(same(found[p][g][k], v) for p, gs in expected.items() for g, ks in gs.items() for k, v in ks.items())


def test_spans_are_short() -> None:
    folded = timeline.fold([{"f": {"g": {"x": 1}}}, {"f": {"g": {"x": 1, "y": "v"}}}, {"f": {"g": {"y": "v"}}}])
    assert folded == {"f": {"g": {"x": [[0, 1]], "y": [[1, None, "v"]]}}}


def test_the_order_of_keys_is_common_where_it_can_be() -> None:
    assert timeline.merged_order([["a", "b", "d"], ["a", "c", "d"]]) == ["a", "b", "c", "d"]
    folded = timeline.fold([{"f": {"g": {"a": 0, "b": 0}}}, {"f": {"g": {"b": 0, "a": 0}}}])
    assert folded["f"]["g"]["*"] == [[0, 0, ["a", "b"]]]


def trl_files(config: str, trainer: str) -> dict[str, str]:
    return {
        "trl/__init__.py": '_import_structure = {"trainer": ["OwnConfig", "SFTTrainer"]}\n',
        "trl/cli/__init__.py": "",
        "trl/cli/commands/__init__.py": "",
        "trl/trainer/__init__.py": "from .sft_trainer import SFTTrainer\nfrom .own_config import OwnConfig\n",
        "trl/trainer/own_config.py": "from dataclasses import dataclass\n@dataclass\nclass OwnConfig:\n" + config,
        "trl/trainer/sft_trainer.py": f"class SFTTrainer:\n    def __init__(self, {trainer}): ...\n",
    }


RELEASES = {
    "1.0.0": trl_files("    beta: float = 0.1\n    gone: int = 1\n", "model, tokenizer=None, peft_config=None"),
    "1.1.0": trl_files("    beta: float = 0.1\n    gone: int = 1\n", "model, tokenizer=None, peft_config=None"),
    "1.2.0": trl_files("    beta: float = 0.0\n    extra: str = 'x'\n", "model, peft_config=None"),
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that holds all that would come from the package index."""
    folder = tmp_path / "cache"
    folder.mkdir()
    for release, files in RELEASES.items():
        with zipfile.ZipFile(registry.kept(folder, "trl", Release.parse(release)), "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
            day = zipfile.ZipInfo(f"trl-{release}.dist-info/METADATA", (2026, 1, int(release[2]) + 1, 0, 0, 0))
            archive.writestr(day, "Requires-Dist: transformers>=4.56\n")
    monkeypatch.setattr(registry, "published", lambda package: [Release.parse(text) for text in RELEASES])
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.json")}


def run(data: Path, cache: Path, *arguments: str) -> int:
    return cli.main(["--data", str(data), "--cache", str(cache), *arguments])


def test_build_twice_and_by_adding_gives_the_same_bytes(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(tmp_path / "one", cache, "build", "trl") == 0
    assert run(tmp_path / "two", cache, "build", "trl") == 0
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    monkeypatch.setattr(registry, "published", lambda package: [Release(1, 0), Release(1, 2)])
    assert run(tmp_path / "less", cache, "build", "trl") == 0
    assert files_of(tmp_path / "less") != files_of(tmp_path / "one")
    assert run(tmp_path / "less", cache, "add", "trl", "1.1.0") == 0
    assert files_of(tmp_path / "less") == files_of(tmp_path / "one")
    assert '"1.2.0":"2026-01-03"' in (tmp_path / "one" / "releases.json").read_text()


def test_check(
    tmp_path: Path, cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(tmp_path, cache, "build", "trl") == 0
    assert run(tmp_path, cache, "check", "trl") == 0
    assert capsys.readouterr().out == ""
    file = tmp_path / "trl/configs/OwnConfig.json"
    file.write_text(file.read_text().replace("0.1", "0.2"))
    assert run(tmp_path, cache, "check", "trl") == 1
    assert "trl 1.0.0: shipped, then computed: OwnConfig.beta: default 0.2 -> 0.1" in capsys.readouterr().out
    newer = [*(Release.parse(text) for text in RELEASES), Release(1, 3)]
    monkeypatch.setattr(registry, "published", lambda package: newer)
    assert run(tmp_path, cache, "check", "trl") == 1
    assert "published but not known: trl 1.3.0" in capsys.readouterr().err


def test_diff_in_words(tmp_path: Path, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, cache, "build", "trl") == 0
    assert run(tmp_path, cache, "diff", "trl", "1.1.0", "1.2.0") == 0
    said = capsys.readouterr().out.splitlines()
    assert "OwnConfig.beta: default 0.1 -> 0.0" in said
    assert "OwnConfig.gone: removed (default 1)" in said
    assert 'OwnConfig.extra: new (default "x")' in said
    assert "SFTTrainer.tokenizer: removed (default null)" in said
    assert "SFTTrainer: other positions of peft_config" in said
    assert run(tmp_path, cache, "diff", "trl", "1.0.0", "1.1.0") == 0
    assert capsys.readouterr().out == ""


def test_failures_are_told(tmp_path: Path, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    registry.kept(cache, "trl", Release(1, 1)).write_bytes(b"no archive")
    assert run(tmp_path, cache, "build", "trl") == 2
    assert "not a readable archive of trl 1.1.0" in capsys.readouterr().err
    assert run(tmp_path, cache, "diff", "trl", "1.0.0", "9.9.9") == 2


def test_a_clash_of_names_on_case_insensitive_file_systems_is_refused(tmp_path: Path) -> None:
    with pytest.raises(write.CaseClashError):
        write.write(tmp_path, "trl", {}, {"configs/Ab.json": {}, "configs/aB.json": {}})


def test_the_sample_of_a_check() -> None:
    known = [Release(1, minor) for minor in range(10)]
    assert check.sample(known) == [Release(1, 0), Release(1, 3), Release(1, 6), Release(1, 9)]
    assert check.sample(known[:2]) == known[:2]


def test_a_program_without_shipped_facts(tmp_path: Path) -> None:
    assert build.shipped(tmp_path, "trl") == ({}, {})
    assert list(check.check(tmp_path, tmp_path, ["trl"], everything=True)) == ["trl: nothing is shipped"]


@given(SNAPSHOTS.filter(bool), st.data())
@settings(deadline=None)
def test_a_release_laid_over_the_others_is_as_if_it_were_shipped(snapshots: list[Any], data: st.DataObject) -> None:
    known = [Release(1, number) for number in range(len(snapshots))]
    place = data.draw(st.integers(0, len(snapshots) - 1))
    expected = timeline.fold(snapshots).get("f.json", {})
    others = [snapshot for number, snapshot in enumerate(snapshots) if number != place]
    layer = Layer(known[place], snapshots[place], tuple(known[:place] + known[place + 1 :]))
    assert layer.releases == tuple(known)
    assert layer.over("f.json", timeline.fold(others).get("f.json", {})) == expected
    replaced = [*snapshots[:place], {"f.json": {"g": {"old": "x"}}}, *snapshots[place + 1 :]]
    layer = Layer(known[place], snapshots[place], tuple(known))
    assert layer.over("f.json", timeline.fold(replaced).get("f.json", {})) == expected


def test_source_that_is_not_understood_is_one_line_with_release_and_place(
    tmp_path: Path, cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = registry.kept(cache, "trl", Release(1, 2))
    with zipfile.ZipFile(archive, "a") as opened:
        text = "from dataclasses import dataclass, InitVar\n@dataclass\nclass NewConfig:\n    x: InitVar[int] = 0\n"
        opened.writestr("trl/trainer/new_config.py", text)
    assert run(tmp_path, cache, "build", "trl") == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert told == "facts: trl 1.2.0: trl/trainer/new_config.py:4: NewConfig.x is no field (InitVar[int])"
