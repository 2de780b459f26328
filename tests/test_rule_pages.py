"""Every built-in rule has a page in the right form, and every example of a page is what the linter really says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trl_lint.model.finding import Applicability, Finding
from trl_lint.packs.registry import BUILTIN, Registry, RuleInfo
from trl_lint.testing import Example, complaints, examples, mismatch, run
from trl_lint.testing.pages import FIXED

# A known defect of the linter would be mended, so that no example can show one. The advisories on single chat
# templates hang on the text of a template that is not ours to repeat: tests/rules/test_advisories.py shows them.
WITHOUT_EXAMPLE = {"TRL002", "TRL914", "TRL915"}

REGISTRY = Registry([BUILTIN])
RULES = REGISTRY.all_rules()


CASES = [(info, example) for info in RULES for example in examples(info.page())]


def _slug(case: tuple[RuleInfo, Example]) -> str:
    info, example = case
    return f"{info.name}:{re.sub(r'[^a-z0-9.]+', '-', example.title.lower()).strip('-')}"


@pytest.mark.parametrize("case", CASES, ids=_slug)
def test_example_is_what_the_linter_says(
    case: tuple[RuleInfo, Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info, example = case
    monkeypatch.chdir(tmp_path)
    outcome = run(example, tmp_path, REGISTRY)
    said = mismatch(example, outcome)
    assert said is None, f"{info.path.name}:{example.line}\n{said}"
    for finding in outcome.findings:
        assert not _safely_fixed(finding) or (finding.place.path, FIXED) in example.fixed, (
            f"{info.path.name}:{example.line} does not show {finding.place.path} after the safe fix of {finding.code}"
        )


def _safely_fixed(finding: Finding) -> bool:
    return finding.fix is not None and finding.fix.applicability is Applicability.SAFE


@pytest.mark.parametrize("info", RULES, ids=lambda info: info.name)
def test_page_has_the_right_form(info: RuleInfo) -> None:
    assert list(complaints(info.page(), info.code, info.name)) == []
    if info.code not in WITHOUT_EXAMPLE:
        assert examples(info.page())


@pytest.mark.parametrize("info", RULES, ids=lambda info: info.name)
def test_page_names_only_rules_that_exist(info: RuleInfo) -> None:
    prose = re.sub(r"^(`{3,})[^`]*?^\1", "", info.page(), flags=re.MULTILINE)
    named = set(re.findall(r"\bsee `([a-z0-9-]+)`", prose)) | set(re.findall(r"\bTRL\d{3}\b", prose))
    assert named <= {each.name for each in RULES} | {each.code for each in RULES}


def test_codes_and_names_are_unique() -> None:
    assert len({info.code for info in RULES}) == len(RULES)
    assert len({info.name for info in RULES}) == len(RULES)


@pytest.mark.parametrize("family", sorted({info.family for info in RULES}))
def test_the_codes_of_a_family_begin_with_one_number(family: str) -> None:
    assert len({info.code[:4] for info in RULES if info.family == family}) == 1


@pytest.mark.parametrize("info", RULES, ids=lambda info: info.name)
def test_a_rule_lies_in_the_file_of_its_name(info: RuleInfo) -> None:
    assert info.path.stem == info.name.replace("-", "_")
    assert re.fullmatch(r"TRL\d{3}", info.code)
    assert info.summary
    assert not info.summary.endswith(".")
