"""Every example of every page is what trl-lint says."""

from pathlib import Path

import pytest
from trl_lint.testing import Case, cases


@pytest.mark.parametrize("case", cases("acme_trl_rules"), ids=str)
def test_page(case: Case, tmp_path: Path) -> None:
    case.check(tmp_path)
