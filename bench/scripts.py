"""Scripts of any length for measurements: the founding case, with ordinary code before it."""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "examples/founding-case"

_FUNCTION = '''

def prepare_{number}(rows, limit={number}, *, lower=False):
    """Keeps the rows that are long enough."""
    kept = []
    for row in rows:
        text = row["text"].strip()
        if lower:
            text = text.lower()
        if len(text) > limit:
            kept.append({{"text": text, "length": len(text)}})
    if not kept:
        raise ValueError(f"no row is longer than {{limit}}")
    print("kept", len(kept), "of", len(rows))
    return kept
'''
_CLASS = '''

class Watcher{number}(TrainerCallback):
    """Says how the run goes."""

    def __init__(self, every=10):
        self.every = every
        self.seen = []

    def on_log(self, args, state, control, logs=None, **kwargs):
        if logs is None or state.global_step % self.every:
            return control
        self.seen.append(logs.get("loss", 0.0))
        if len(self.seen) > 3 and min(self.seen[-3:]) > max(self.seen[:-3]):
            control.should_training_stop = True
        return control
'''


def script(lines: int) -> str:
    """The founding case with helpers before it, as scripts have them."""
    text = (PROJECT / "train.py").read_text(encoding="utf-8")
    head, mark, tail = text.partition("MODEL = ")
    head = head.replace("import AutoTokenizer", "import AutoTokenizer, TrainerCallback")
    number = 0
    while (head + mark + tail).count("\n") < lines:
        head += (_FUNCTION if number % 2 else _CLASS).format(number=number)
        number += 1
    return f"{head}\n\n{mark}{tail}"
