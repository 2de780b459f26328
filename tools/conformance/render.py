"""From a case to the project that is run and linted: `train.py`, `data.jsonl`, `requirements.txt`, `model/`."""

from __future__ import annotations

import shutil
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from .cases import data
from .cases.case import AWAY, Case, Code

# What every program says: a single quiet step on the processor.
USUAL: Mapping[str, object] = {
    "output_dir": "out",
    "report_to": "none",
    "use_cpu": True,
    "bf16": False,
    "per_device_train_batch_size": 2,
    "max_steps": 1,
    "save_strategy": "no",
}
SCRIPT, MODEL = "train.py", "model"


def source(value: object) -> str:
    """A value as it stands in a program."""
    return str(value) if isinstance(value, Code) else repr(value)


def script(case: Case) -> str:
    """The program of this case."""
    return "\n".join([*_imports(case), "", *_body(case)]) + "\n"


def _imports(case: Case) -> Iterator[str]:
    loaders = {case.loaded} - {""}
    if case.processing == "tokenizer":
        loaders.add("AutoTokenizer")
    elif case.processing == "processor":
        loaders.add("AutoProcessor")
    column = data.PICTURED.get(case.data)
    feature = {"images": "Image, List, ", "image": "Image, "}.get(column or "", "")
    if case.data != "none":
        yield f"from datasets import {feature}load_dataset"
    yield from case.imports
    if loaders:
        yield f"from transformers import {', '.join(sorted(loaders))}"
    names = {case.trainer} if case.config_class == "TrainingArguments" else {case.config_class, case.trainer}
    yield f"from {case.home} import {', '.join(sorted(names))}"


def _body(case: Case) -> Iterator[str]:
    model: object = f"./{MODEL}"
    if case.loaded:
        yield f'model = {case.loaded}.from_pretrained("./{MODEL}")'
        model = Code("model")
    if case.processing:
        loader = {"tokenizer": "AutoTokenizer", "processor": "AutoProcessor"}[case.processing]
        yield f'{case.processing} = {loader}.from_pretrained("./{MODEL}")'
    if case.data != "none":
        streaming = ", streaming=True" if case.streamed else ""
        yield f'dataset = load_dataset("json", data_files="data.jsonl", split="train"{streaming})'
    column = data.PICTURED.get(case.data)
    if column:
        yield f'dataset = dataset.cast_column("{column}", {"List(Image())" if column == "images" else "Image()"})'
    yield from case.setup
    if case.helpers:
        yield from ("", "", *case.helpers.strip("\n").split("\n"), "", "")
    yield f"args = {case.config_class}("
    yield from (f"    {name}={source(value)}," for name, value in {**USUAL, **case.config}.items() if value is not AWAY)
    yield ")"
    arguments: dict[str, object] = {"model": model, "args": Code("args")}
    if case.data != "none":
        arguments["train_dataset"] = Code("dataset")
    if case.processing:
        arguments["processing_class"] = Code(case.processing)
    arguments |= case.arguments
    yield f"trainer = {case.trainer}("
    yield from (f"    {name}={source(value)}," for name, value in arguments.items() if value is not None)
    yield ")"
    yield "trainer.train()"


def write(case: Case, trl: str, transformers: str, folder: Path) -> None:
    """Write the project of this case into `folder`, all but the model."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / SCRIPT).write_text(script(case), encoding="utf-8")
    (folder / "requirements.txt").write_text(f"trl=={trl}\ntransformers=={transformers}\n", encoding="utf-8")
    if case.data != "none":
        (folder / "data.jsonl").write_text(rows_text(case), encoding="utf-8")
    if case.data in data.PICTURED:
        (folder / "picture.png").write_bytes(picture())
    for name, text in case.files.items():
        (folder / name).write_text(text, encoding="utf-8")


def rows_text(case: Case) -> str:
    """What stands in `data.jsonl`; nothing where the program reads no data."""
    return "" if case.data == "none" else data.lines(case.data)


def picture() -> bytes:
    """A small picture in one colour, as PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    side = 16
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    line = b"\x00" + bytes((20, 90, 160)) * side
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(line * side, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
