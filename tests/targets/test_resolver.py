"""Which statement wins, and which pairs of releases follow from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from trl_lint.model.release import Release
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Place
from trl_lint.model.target import Basis, Target
from trl_lint.targets.describe import describe
from trl_lint.targets.index import Overrides
from trl_lint.targets.resolver import TargetResolver, check_specifier

from .conftest import INDEX, TRL, Project, releases


def pairs(target: Target) -> str:
    return ", ".join(f"{pair.trl}+{pair.transformers}" for pair in target.environments)


def test_nothing_says_anything(project: Project) -> None:
    target = project.target()
    assert describe(target.trl) == "trl 1.16.0, the newest known (nothing in the project names a release)"
    assert describe(target.transformers) == (
        "transformers 5.18.1, the newest known that TRL's own requirement allows, `transformers>=4.56.2` (assumed)"
    )
    assert pairs(target) == "1.16.0+5.18.1"


def test_the_precedence_from_top_to_bottom(project: Project) -> None:
    place = Place("pyproject.toml", 7)
    project.write("requirements.txt", "trl==1.0.0\n")
    project.install("trl-0.9.6.dist-info")
    script = '# /// script\n# dependencies = ["trl==1.9.2"]\n# ///\n'
    both = Overrides(trl="1.16.0", configured_trl="1.15.0", trl_place=place)
    assert describe(project.target(script, overrides=both).trl) == "trl 1.16.0 (--target-trl)"
    configured = project.target(script, overrides=Overrides(configured_trl="1.15.0", trl_place=place))
    assert describe(configured.trl) == "trl 1.15.0 (pyproject.toml:7)"
    assert describe(project.target(script).trl) == "trl 1.9.2 (train.py:2)"
    assert describe(project.target().trl) == "trl 1.0.0 (requirements.txt:1)"
    (project.root / "requirements.txt").unlink()
    assert describe(project.target().trl) == "trl 0.9.6 (installed: site/trl-0.9.6.dist-info)"


def test_the_nearest_folder_that_pins_wins_for_each_package(project: Project) -> None:
    project.write("requirements.txt", "trl==0.20.0\ntransformers==4.56.2\n")
    project.write("apps/sft/requirements.txt", "trl==1.9.2\n")
    project.write("apps/requirements.txt", "trl\n")
    target = project.target(folder="apps/sft/src")
    assert (str(target.trl.place), str(target.transformers.place)) == (
        "apps/sft/requirements.txt:1",
        "requirements.txt:2",
    )
    assert pairs(target) == "1.9.2+4.56.2"
    assert str(project.target(folder="apps").trl.place) == "requirements.txt:1"


def test_the_search_ends_at_the_repository(project: Project) -> None:
    project.write("requirements.txt", "trl==0.20.0\n")
    (project.root / "inner" / ".git").mkdir(parents=True)
    resolver = TargetResolver(INDEX, environment=[])
    source = Source("x.py", Kind.PYTHON, "")
    assert resolver.resolve(source, project.root / "inner").trl.basis is Basis.ASSUMED


def test_a_workspace_lock_above_a_member(project: Project) -> None:
    project.write("packages/a/pyproject.toml", '[project]\nname = "a"\ndependencies = ["trl>=0.20"]\n')
    member = '[[package]]\nname = "a"\nsource = {{ editable = "packages/{}" }}\n'
    lock = member + '[[package]]\nname = "trl"\nversion = "1.9.2"\n'
    project.write("uv.lock", lock.format("b"))
    assert project.target(folder="packages/a").trl.basis is Basis.REQUIREMENT
    project.write("uv.lock", lock.format("a"))
    assert describe(project.target(folder="packages/a").trl) == "trl 1.9.2 (uv.lock:6)"
    names = [path.name for path in project.resolver().dependencies(project.root / "packages/a")]
    assert names == ["uv.lock", "pyproject.toml"]


def test_a_range_is_judged_on_every_release_with_its_newest_transformers(project: Project) -> None:
    project.write("requirements.txt", "torch\n\ntrl>=0.22,<1.16\n")
    target = project.target()
    assert describe(target.trl) == "trl 0.22 to 1.15 allowed by requirements.txt:3 (`trl>=0.22,<1.16`)"
    assert [pair.trl for pair in target.environments] == list(target.trl.releases)
    assert {pair.transformers for pair in target.environments} == {Release(5, 18, 1)}
    assert target.transformers.basis is Basis.DERIVED


def test_a_transformers_range_is_judged_on_the_newest_trl(project: Project) -> None:
    project.write("requirements.txt", "trl>=1.10\ntransformers>=5,<5.18.1\n")
    assert pairs(project.target()) == ("1.10.0+5.18.0, 1.15.0+5.10.1, 1.16.0+5.0.0, 1.16.0+5.10.1, 1.16.0+5.18.0")


def test_a_transformers_pin_excludes_what_does_not_go_with_it(project: Project) -> None:
    project.write("requirements.txt", "trl>=0.20\ntransformers==4.46.3\n")
    target = project.target()
    assert str(target.trl.newest) == "1.10.0"
    assert Release(0, 22, 1) not in target.trl.releases
    assert target.trl.notes == ("`transformers==4.46.3` (requirements.txt:2) leaves trl up to 1.10.0",)
    assert pairs(target).endswith("1.10.0+4.46.3")


def test_an_impossible_pair_of_pins_is_believed(project: Project) -> None:
    project.write("requirements.txt", "trl==1.16.0\ntransformers==4.46.3\n")
    target = project.target()
    assert pairs(target) == "1.16.0+4.46.3"
    assert target.transformers.notes == ("trl 1.16.0 asks for `transformers>=4.56.2`: the pin is believed",)


def test_a_farther_transformers_pin_yields_to_a_nearer_trl(project: Project) -> None:
    project.write("requirements.txt", "transformers==4.46.3\n")
    project.write("new/requirements.txt", "trl==1.16.0\n")
    target = project.target(folder="new")
    assert pairs(target) == "1.16.0+5.18.1"
    assert "transformers==4.46.3" in target.transformers.notes[0]
    upgraded = project.target(overrides=Overrides(trl="1.16.0"))
    assert pairs(upgraded) == "1.16.0+5.18.1"


def test_the_newest_trl_that_goes_with_the_only_pin(project: Project) -> None:
    project.write("requirements.txt", "trl\ntransformers==4.46.3\n")
    target = project.target()
    assert describe(target.trl) == (
        "trl 1.10.0, the newest known (requirements.txt:1 names no release; "
        "that goes with `transformers==4.46.3` (requirements.txt:2))"
    )
    assert pairs(target) == "1.10.0+4.46.3"


def test_a_contradiction_is_a_problem_and_decides_nothing(project: Project) -> None:
    project.write("requirements.txt", "trl>=1.0\ntrl<0.9\n")
    target = project.target()
    assert target.trl.basis is Basis.ASSUMED
    assert [f"{problem.place} {problem.message}" for problem in target.problems] == [
        "requirements.txt:1 `trl>=1.0` (requirements.txt:1), `trl<0.9` (requirements.txt:2): "
        "no release of trl satisfies this"
    ]


def test_a_pin_that_is_no_version_is_ignored_with_its_place(project: Project) -> None:
    project.write("requirements.txt", "torch\ntrl==newest\n")
    project.write("pyproject.toml", '[project]\ndependencies = ["trl==1.9.2"]\n')
    target = project.target()
    assert str(target.trl.place) == "pyproject.toml:2"
    assert [str(problem.place) for problem in target.problems] == ["requirements.txt:2"]


def test_installed_packages(project: Project) -> None:
    project.install("trl-1.9.2.dist-info")
    project.install("trl_lint-0.20.0.dist-info")
    project.install("transformers-5.0.0.dist-info")
    assert pairs(project.target()) == "1.9.2+5.0.0"
    metadata = project.site_packages / "trl-1.9.2.dist-info"
    (metadata / "direct_url.json").write_text('{"url": "file:///src/trl", "dir_info": {"editable": true}}')
    assert describe(project.target().trl).startswith("trl judged as 1.16.0: an editable install (installed: site/trl")
    (metadata / "direct_url.json").write_text('{"url": "https://x/trl", "vcs_info": {"requested_revision": "v1.9.2"}}')
    assert project.target().trl.beyond is None
    (metadata / "direct_url.json").write_text("[broken")
    assert project.target().trl.beyond is None


def test_transformers_installed_without_trl_says_nothing(project: Project) -> None:
    project.install("transformers-4.46.3.dist-info")
    assert pairs(project.target()) == "1.16.0+5.18.1"
    project.write("requirements.txt", "trl==1.9.2\n")
    assert pairs(project.target()) == "1.9.2+4.46.3"


def test_virtual_environments_are_found(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    (project.root / "other/lib/python3.12/site-packages/trl-0.20.0.dist-info").mkdir(parents=True)
    source = Source("x.py", Kind.PYTHON, "")

    def newest() -> str:
        return str(TargetResolver(INDEX, root=project.root).resolve(source, project.root / "src").trl.newest)

    monkeypatch.setenv("VIRTUAL_ENV", str(project.root / "other"))
    assert newest() == "0.20.0"
    (project.root / ".venv/lib/python3.12/site-packages/trl-1.9.2.dist-info").mkdir(parents=True)
    assert newest() == "1.9.2"


def test_what_a_user_may_ask_for(project: Project) -> None:
    def asked(text: str) -> str:
        return " ".join(map(str, project.target(overrides=Overrides(trl=text)).trl.releases))

    assert asked("1.9") == asked("1.9.*".replace("1.9.*", "==1.9.*")) == "1.9.0 1.9.2"
    assert asked("1.9.2") == asked("v1.9.2") == "1.9.2"
    assert asked(">=1.15,<2") == "1.15.0 1.16.0"
    assert asked("newest") == "1.16.0"
    assert asked(">=0") == TRL
    assert [check_specifier(text) for text in ("1.9", "1.9.2", ">=1", "newest")] == [None] * 4
    assert "no version" in str(check_specifier("abc"))
    assert check_specifier(" ")


def test_a_lock_with_two_releases_names_both(project: Project) -> None:
    block = '[[package]]\nname = "trl"\nversion = "{}"\n'
    project.write("uv.lock", block.format("0.20.0") + block.format("1.9.2"))
    assert describe(project.target().trl) == "trl 0.20.0 and 1.9.2 (uv.lock:3)"


def test_a_stand_in_shows_what_is_written(project: Project) -> None:
    project.write("requirements.txt", "trl==0.29.0\n")
    assert describe(project.target().trl) == "trl 0.29.1 (requirements.txt:1: `trl==0.29.0`)"


def test_beyond_what_is_known(project: Project) -> None:
    project.write("requirements.txt", "trl==2.0.0\n")
    target = project.target()
    assert target.trl.releases == releases("1.16.0")
    assert describe(target.trl) == (
        "trl judged as 1.16.0: trl 2.0.0 is newer than the newest release known (1.16.0) (requirements.txt:1)"
    )


def test_each_manifest_is_read_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project.write("requirements.txt", "-r base.txt\n")
    base = project.write("base.txt", "trl==1.9.2\n")
    resolver = project.resolver()
    source = Source("x.py", Kind.PYTHON, "")
    first = resolver.resolve(source, project.root)
    path.write_text("trl==0.20.0\n")
    assert resolver.resolve(source, project.root) == first
    assert str(resolver.resolve(source, project.root / "sub").trl.newest) == "1.9.2"
    assert resolver.dependencies(project.root) == (path, base)


def test_the_last_environment_is_todays_installation(project: Project) -> None:
    for text in ("trl>=0.9\ntransformers>=4.40\n", "trl\n", "trl<1\ntransformers<5\n", "transformers==5.18.0\n"):
        project.write("requirements.txt", text)
        target = project.target()
        last = target.environments[-1]
        assert (last.trl, last.transformers) == (target.trl.newest, target.transformers.newest)
        assert list(target.environments) == sorted(target.environments, key=lambda pair: (pair.trl, pair.transformers))


def test_relative_folders(project: Project) -> None:
    project.write("requirements.txt", "trl==1.9.2\n")
    assert str(project.resolver().resolve(Source("x.py", Kind.PYTHON, ""), Path("sub/..")).trl.newest) == "1.9.2"
