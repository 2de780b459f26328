"""What real releases do with programs. Run by the interpreter of an environment that holds them:

    python runner.py REQUEST ANSWERS

REQUEST is a JSON file: `seconds` that one program may take, `rows` to be looked at, and `projects` ([name, folder]).
Each project's `train.py` is run as it is, in a process of its own that has imported the libraries already. The first
batch and the first step are taken apart by a hook in `Trainer.train`; where the batches have labels, the first rows
of the training data are collated one by one, in their order. ANSWERS gets one JSON line for each project.

Needs nothing but what the environment holds: it is a script, no part of the program that starts it.
"""

from __future__ import annotations

import gc
import importlib
import itertools
import json
import logging
import os
import re
import runpy
import signal
import sys
import time
import traceback
import warnings
from pathlib import Path
from typing import Any

_TRAINERS = ("SFT", "DPO", "GRPO", "KTO", "Reward", "RLOO")
_LONGEST = 400  # characters of a message
_SCRIPT = "train.py"


def preload() -> None:
    """Import what nearly every program needs. What cannot be imported says so when a program asks for it."""
    importlib.import_module("torch").set_num_threads(1)
    for module in ("datasets", "peft", "transformers", "trl", "trl.models", "accelerate"):
        attempt(importlib.import_module, module)
    trl = sys.modules["trl"]
    for name in _TRAINERS:
        attempt(getattr, trl, f"{name}Config")
        attempt(getattr, trl, f"{name}Trainer")
    transformers = sys.modules["transformers"]
    for name in ("AutoProcessor", "AutoTokenizer", "AutoModelForCausalLM", "LlamaForCausalLM", "LlavaProcessor"):
        attempt(getattr, transformers, name)


def attempt(do: Any, *arguments: Any) -> None:
    """Do it, and never mind if it fails."""
    try:
        do(*arguments)
    except Exception:
        pass


class Watch(logging.Handler):
    """What a run says and how far it came."""

    def __init__(self, rows: int) -> None:
        super().__init__(logging.WARNING)
        self.wanted = rows
        self.stage = ""
        self.said: list[str] = []
        self.rows: list[list[list[Any]]] | None = None
        self.sees: bool | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what TRL logs."""
        if record.name.startswith("trl") or "/trl/" in record.pathname.replace(os.sep, "/"):
            self.say(record.getMessage())

    def warn(self, message: Any, category: Any, filename: str, _line: int, *_: Any) -> None:
        """Keep what TRL warns of."""
        if "/trl/" in filename.replace(os.sep, "/"):
            self.say(f"{category.__name__}: {message}")

    def say(self, text: str) -> None:
        """Keep it once."""
        text = plain(text)
        if text not in self.said:
            self.said.append(text)

    def look(self, trainer: Any, batch: Any) -> None:
        """Find out whether the last token of a sequence hangs on its first one."""
        given: dict[str, Any] = {}

        def keep(_model: Any, _arguments: Any, keywords: dict[str, Any]) -> None:
            if not given and "input_ids" in keywords:
                given.update(keywords)

        parts = (trainer.model, base(trainer.model))
        hooks = [part.register_forward_pre_hook(keep, with_kwargs=True) for part in parts]
        attempt(trainer.compute_loss, trainer.model, dict(batch.items()))  # what follows the model is no matter
        for hook in hooks:
            hook.remove()
        self.sees = sees(base(trainer.model), given)

    def install(self) -> None:
        """Hook into the logging, the warnings and the trainer."""
        transformers: Any = sys.modules["transformers"]
        logging.getLogger().addHandler(self)
        warnings.simplefilter("always")
        warnings.showwarning = self.warn  # type: ignore[assignment]
        original = transformers.Trainer.train
        watch = self

        def train(trainer: Any, *arguments: Any, **keywords: Any) -> Any:
            watch.stage = "first-batch"
            loader = trainer.get_train_dataloader()
            batch = next(iter(loader))
            watch.rows = rows(trainer, loader, batch, watch.wanted)
            if getattr(trainer.args, "packing", False) or getattr(trainer.args, "padding_free", False):
                attempt(watch.look, trainer, batch)
            watch.stage = "first-step"
            return original(trainer, *arguments, **keywords)

        transformers.Trainer.train = train


def base(model: Any) -> Any:
    """The model without the head that gives logits."""
    found = model.get_decoder() if hasattr(model, "get_decoder") else None
    return model.model if found is None else found


def sees(model: Any, given: dict[str, Any]) -> bool:
    """Whether the state at the end of the first sequence changes with the sequence's first token.

    `given` is what the trainer called the model with: whether rows are kept apart hangs on more than the batch.
    """
    torch = sys.modules["torch"]
    names = ("input_ids", "attention_mask", "position_ids", "use_cache", "cu_seq_lens_q", "cu_seq_lens_k")
    inputs = {name: given[name] for name in names if given.get(name) is not None}
    mask = inputs.get("attention_mask")
    last = -1 if mask is None or mask.dim() != 2 else int(mask[0].nonzero().max())
    ids = inputs["input_ids"]
    other = ids.clone()
    other[0, 0] = (int(ids[0, 0]) + 1) % 200
    with torch.no_grad():
        one, two = (model(**{**inputs, "input_ids": each}).last_hidden_state[0, last] for each in (ids, other))
    return not torch.allclose(one, two, rtol=0, atol=1e-6)


def rows(trainer: Any, loader: Any, batch: Any, wanted: int) -> list[list[list[Any]]] | None:
    """The first rows as spans [text, tokens, trained]; None where batches have no labels for tokens."""
    if not hasattr(batch, "keys") or batch.get("labels") is None or "input_ids" not in batch:
        return None
    if batch["labels"].shape != batch["input_ids"].shape:
        return None
    made = getattr(trainer, "processing_class", None) or trainer.tokenizer
    tokenizer = getattr(made, "tokenizer", made)
    found = []
    for row in itertools.islice(iter(loader.dataset), wanted):
        one = loader.collate_fn([row])
        found.append(spans(tokenizer, one["input_ids"][0].tolist(), one["labels"][0].tolist()))
    return found


def spans(tokenizer: Any, ids: list[int], labels: list[int]) -> list[list[Any]]:
    """Neighbouring tokens with or without a label: [text, how many, whether they are trained]."""
    found = []
    for trained, group in itertools.groupby(zip(ids, labels, strict=True), key=lambda pair: pair[1] != -100):
        part = [token for token, _ in group]
        text = tokenizer.decode(part, skip_special_tokens=False, clean_up_tokenization_spaces=False)
        found.append([text, len(part), int(trained)])
    return found


def plain(text: str) -> str:
    """A message without what differs from machine to machine and from run to run."""
    text = text.replace(str(Path.cwd()), "<project>").replace(sys.prefix, "<environment>")
    text = re.sub(r"0x[0-9a-f]{6,}", "0x", text)
    text = re.sub(r"/tmp/\S+", "<temporary>", text)
    return " ".join(text.split())[:_LONGEST]


def stage_of(error: BaseException, reached: str) -> str:
    """Where a program stopped: by what it had reached, or else by the functions that the error passed through."""
    if reached:
        return reached
    frames = traceback.extract_tb(error.__traceback__)
    names = [frame.name for frame in frames]
    line = next((frame.line or "" for frame in frames if frame.filename.endswith(_SCRIPT)), "")
    if re.search(r"\bimport\b", line):
        return "import"
    if "from_pretrained(" in line:
        return "load"
    if "_prepare_dataset" in names:
        return "prepare-data"
    if re.search(r"\w+Config\(|TrainingArguments\(", line):
        return "config"
    if re.search(r"Trainer\(", line):
        return "trainer-init"
    return "other"


def run(folder: str, wanted: int) -> dict[str, Any]:
    """What this program does."""
    os.chdir(folder)
    importlib.import_module("datasets").disable_caching()
    watch = Watch(wanted)
    watch.install()
    answer: dict[str, Any] = {"outcome": "ok"}
    try:
        runpy.run_path(_SCRIPT, run_name="__main__")
    except BaseException as error:
        answer = {
            "outcome": "error",
            "stage": stage_of(error, watch.stage),
            "type": type(error).__name__,
            "message": plain(str(error)),
        }
    else:
        if watch.stage != "first-step":
            answer = {"outcome": "error", "stage": "other", "type": "NotTrained", "message": "nothing was trained"}
    if watch.said:
        answer["warnings"] = watch.said
    if watch.rows is not None:
        answer["rows"] = watch.rows
    if watch.sees is not None:
        answer["sees"] = watch.sees
    return answer


def in_child(folder: str, wanted: int, seconds: int) -> dict[str, Any]:
    """What this program does, found out in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        silence(folder)
        text = json.dumps(run(folder, wanted))
        with os.fdopen(writing, "w", encoding="utf-8") as pipe:
            pipe.write(text)
        os._exit(0)
    os.close(writing)
    told = read(reading, time.monotonic() + seconds)
    if told is None:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if told is None:
        return {"outcome": "error", "stage": "other", "type": "TimeLimit", "message": f"took more than {seconds} s"}
    if not told:
        return {"outcome": "error", "stage": "other", "type": "Died", "message": "the process ended without an answer"}
    answer: dict[str, Any] = json.loads(told)
    return answer


def read(pipe: int, until: float) -> str | None:
    """All that comes through the pipe; None where that takes too long."""
    import select

    parts: list[bytes] = []
    with os.fdopen(pipe, "rb", 0) as source:
        while True:
            ready, _, _ = select.select([source], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                return None
            part = source.read(1 << 16)
            if not part:
                return b"".join(parts).decode("utf-8")
            parts.append(part)


def silence(folder: str) -> None:
    """What a program prints goes to a file beside it."""
    log = os.open(Path(folder) / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(log, stream)


def main(request: str, answers: str) -> None:
    """Answer the request."""
    asked = json.loads(Path(request).read_text(encoding="utf-8"))
    preload()
    gc.collect()
    gc.freeze()  # or else the collector of every child copies all that was loaded: three times the cost
    with open(answers, "w", encoding="utf-8") as file:
        for name, folder in asked["projects"]:
            start = time.monotonic()
            answer = in_child(folder, asked["rows"], asked["seconds"])
            took = round(time.monotonic() - start, 2)
            file.write(json.dumps({"case": name, "seconds": took, **answer}, ensure_ascii=False) + "\n")
            file.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
