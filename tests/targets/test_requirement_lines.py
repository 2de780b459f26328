"""One requirement as pip reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.model.span import Place
from trl_lint.model.target import Problem
from trl_lint.targets.claims import Claim
from trl_lint.targets.dialects import from_conda, from_poetry
from trl_lint.targets.requirement import claim_of
from trl_lint.targets.versions import matcher

HERE = Place("requirements.txt", 1)
GIT = "git+https://github.com/huggingface/trl"


@pytest.mark.parametrize(
    ("text", "package", "specifier"),
    [
        ("trl==1.9.2", "trl", "==1.9.2"),
        ("TRL[peft, vllm] >= 0.20, <1 ; python_version > '3.9'", "trl", ">= 0.20, <1"),
        ("trl (>=0.20)", "trl", ">=0.20"),
        ("trl", "trl", ""),
        ("trl[peft]", "trl", ""),
        ("transformers~=4.56.2", "transformers", "~=4.56.2"),
        (f"trl @ {GIT}@v0.21.0", "trl", "==0.21.0"),
        (f"{GIT}.git@v0.21.0#egg=trl", "trl", "==0.21.0"),
        (f"{GIT}@0.21.0", "trl", "==0.21.0"),
        (f"{GIT}@v0.9-release", "trl", "==0.9.*"),
        ("git+https://github.com/huggingface/transformers@v4.49.0-Gemma-3", "transformers", "==4.49.0"),
        ("https://files.pythonhosted.org/packages/ab/trl-0.20.0-py3-none-any.whl", "trl", "==0.20.0"),
        ("trl @ file:///wheels/trl-0.20.0%2Bx/trl-0.20.0.tar.gz", "trl", "==0.20.0"),
        ("https://github.com/huggingface/trl/archive/refs/tags/v0.20.0.zip", "trl", "==0.20.0"),
        ("./wheels/trl-0.20.0-py3-none-any.whl", "trl", "==0.20.0"),
    ],
)
def test_a_release_or_none(text: str, package: str, specifier: str) -> None:
    claim = claim_of(text, HERE)
    assert isinstance(claim, Claim)
    assert (claim.package, claim.specifier, claim.beyond) == (package, specifier, None)


@pytest.mark.parametrize(
    "text",
    [GIT, f"{GIT}@main", f"{GIT}.git@0a1b2c3", f"trl[peft] @ {GIT}", "git+ssh://git@github.com/huggingface/trl.git",
     "./trl", "../src/trl/", f"{GIT}/archive/main.zip"],
)  # fmt: skip
def test_a_source_tree_is_newer_than_any_release(text: str) -> None:
    claim = claim_of(text, HERE)
    assert isinstance(claim, Claim)
    assert claim.package == "trl"
    assert claim.specifier == ""
    assert claim.beyond


def test_credentials_are_not_shown() -> None:
    claim = claim_of("trl @ git+https://user:hf_secret@example.org/trl.git@main", HERE)
    assert isinstance(claim, Claim)
    assert "secret" not in claim.written + (claim.beyond or "")


@pytest.mark.parametrize(
    "text", ["trl-lint==1.0", "my-trl>=1", "trlx", "ctrl==1", "trl is a library", "", "# trl==0.9", "./ctrl"]
)
def test_other_packages_and_prose(text: str) -> None:
    assert claim_of(text, HERE) is None


@pytest.mark.parametrize("text", ["trl==newest", "trl=0.20", "trl>=1.*", "trl==", "trl>=0.20 <1"])
def test_a_pin_that_is_no_version(text: str) -> None:
    problem = claim_of(text, HERE)
    assert isinstance(problem, Problem)
    assert problem.place == HERE
    assert "no version specifier for trl" in problem.message


@pytest.mark.parametrize("text", ["trl==${TRL_VERSION}", "trl=={version}", "trl==$V"])
def test_a_variable_names_no_release(text: str) -> None:
    claim = claim_of(text, HERE)
    assert isinstance(claim, Claim)
    assert not claim.pins


@given(st.text(max_size=60))
def test_never_raises(text: str) -> None:
    for candidate in (text, f"trl{text}", f"trl=={text}", f"git+https://{text}/trl@{text}"):
        found = claim_of(candidate, HERE, strict=True)
        if isinstance(found, Claim) and found.specifier:
            matcher(found.specifier)


@pytest.mark.parametrize(
    ("poetry", "expected"),
    [
        ("^0.20", ">=0.20,<0.21"),
        ("^0.20.1", ">=0.20.1,<0.21"),
        ("^1.2", ">=1.2,<2"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("~1.9.1", ">=1.9.1,<1.10"),
        ("~1", ">=1,<2"),
        ("~=1.9", "~=1.9"),
        ("0.20.0", "==0.20.0"),
        ("1.*", "==1.*"),
        (">=0.20,<1.0", ">=0.20,<1.0"),
        (">=0.20 <1.0", ">=0.20,<1.0"),
        ("^0.20 || ^1.0", ">=0.20,<0.21 || >=1.0,<2"),
        ("*", ""),
        ("=0.20.0", "==0.20.0"),
    ],
)
def test_poetry(poetry: str, expected: str) -> None:
    assert from_poetry(poetry) == expected


@pytest.mark.parametrize(
    ("conda", "expected"),
    [
        ("=0.20", "==0.20.*"),
        ("==0.20.0", "==0.20.0"),
        ("=0.20.0=pyhd8ed1ab_0", "==0.20.0"),
        (" 0.20.0 pyhd8ed1ab_0", "==0.20.0"),
        (" >=0.20,<1", ">=0.20,<1"),
        (" 0.20.*", "==0.20.*"),
        (" 0.20.0|0.21.0", "==0.20.0 || ==0.21.0"),
        ("[version='>=0.20']", ">=0.20"),
        ("", ""),
        (" *", ""),
    ],
)
def test_conda(conda: str, expected: str) -> None:
    assert from_conda(conda) == expected
