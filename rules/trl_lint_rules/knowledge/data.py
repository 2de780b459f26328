"""What TRL takes the training data for."""

from __future__ import annotations

from trl_lint.api import DataSet, RunView

# The keys that `is_conversational` looks at (trl/data_utils.py, the same in every release).
LOOKED_AT = frozenset({"prompt", "chosen", "rejected", "completion", "messages"})
_NO_MESSAGES = frozenset({"string", "strings", "number", "numbers", "bool", "sharegpt", "image", "images", "struct"})


def columns(run: RunView) -> frozenset[str] | None:
    """The columns of the training data, None where they are not known."""
    data = run.data()
    if data.columns is None or data.container in ("DatasetDict", "IterableDatasetDict", "None", "list"):
        return None
    return frozenset(data.columns)


def conversational(run: RunView) -> bool | None:
    """`is_conversational` of TRL on the first row. It looks at one of the keys that it knows, whichever a set
    yields first, so that the answer is only known where all of them agree."""
    data = run.data()
    if columns(run) is None or data.columns is None:
        return None
    answers = {_is_messages(data, name) for name in LOOKED_AT if name in data.columns}
    if not answers:
        return False
    return answers.pop() if len(answers) == 1 else None


def _is_messages(data: DataSet, name: str) -> bool | None:
    kind = data.columns[name].kind if data.columns is not None else "unknown"
    if kind == "messages":
        return True
    return False if kind in _NO_MESSAGES else None


def vision(run: RunView) -> bool | None:
    """Whether TRL takes the data for image data: a column `image` or `images`, whatever it holds."""
    found = columns(run)
    return None if found is None else bool(found & {"image", "images"})


def prompt_completion(run: RunView) -> bool | None:
    """Whether the rows are prompt and completion."""
    found = columns(run)
    return None if found is None else {"prompt", "completion"} <= found


def holds_nothing(run: RunView, column: str) -> bool:
    """Whether the column is None in every row that was read."""
    known = run.data().columns or {}
    return column in known and known[column].kind == "null"


def describe(run: RunView) -> str:
    """The data in a few words, for evidence."""
    data = run.data()
    if data.columns is None:
        return f"the data set is not known ({data.reason})"
    names = ", ".join(f"`{name}`" for name in data.columns) or "none"
    where = f" of {data.where}" if data.where else ""
    return f"columns{where}: {names}"
