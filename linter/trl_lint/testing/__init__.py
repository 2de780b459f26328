"""A rule's page is its test: run the examples of a page, for the built-in rules and for any other pack.

A pack's whole test suite, with pytest:

    @pytest.mark.parametrize("case", cases("my_rules"), ids=str)
    def test_page(case, tmp_path):
        case.check(tmp_path)

Without it: `python -m trl_lint.testing my_rules`.
"""

from trl_lint.testing.pack import Case, cases
from trl_lint.testing.pages import Example, complaints, examples
from trl_lint.testing.run import Outcome, mismatch, run

__all__ = ["Case", "Example", "Outcome", "cases", "complaints", "examples", "mismatch", "run"]
