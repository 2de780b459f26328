"""`load_dataset` on local files."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from trl_lint.datasets import understand
from trl_lint.model.data import DataSet
from trl_lint.model.value import Known, Value

Evaluate = Callable[[str], DataSet]
Kinds = Callable[[str], dict[str, str]]
Parse = Callable[[str], Value]
Write = Callable[[str, Iterable[Any]], Path]

LOAD = 'load_dataset("json", data_files="data.jsonl", split="train")'


def test_json_lines(project: Path, evaluate: Evaluate, kinds: Kinds) -> None:
    found = evaluate(LOAD)
    assert kinds(LOAD) == {"messages": "messages", "id": "number"}
    assert (found.container, found.rows_total, len(found.rows), found.where) == ("Dataset", 3, 3, "data.jsonl")
    assert found.rows[0]["messages"][0]["role"] == "user"


def test_without_a_split_it_is_a_dictionary(project: Path, evaluate: Evaluate, kinds: Kinds) -> None:
    found = evaluate('load_dataset("json", data_files="data.jsonl")')
    assert (found.container, found.columns) == ("DatasetDict", None)
    assert "`train`" in found.reason
    assert kinds('load_dataset("json", data_files="data.jsonl")["train"]') == kinds(LOAD)


def test_streaming(project: Path, evaluate: Evaluate) -> None:
    assert evaluate(LOAD[:-1] + ", streaming=True)").container == "IterableDataset"
    assert evaluate('load_dataset("json", data_files="data.jsonl", streaming=True)').container == "IterableDatasetDict"
    assert evaluate(LOAD[:-1] + ", streaming=flag)").container == "unknown"


@pytest.mark.parametrize(
    ("split", "total", "rows"),
    [
        ("train", 5, 5),
        ("train[:2]", 2, 2),
        ("train[:40%]", 2, 2),
        ("train[1:]", None, 0),
        ("train[-2:]", None, 0),
        ("train[:]", 5, 5),
        ("train+test", 7, 7),
        ("all", 7, 7),
    ],
)
def test_split_expressions(evaluate: Evaluate, write: Write, split: str, total: int | None, rows: int) -> None:
    write("a.jsonl", [{"text": str(number)} for number in range(5)])
    write("b.jsonl", [{"text": str(number)} for number in range(2)])
    files = '{"train": "a.jsonl", "test": ["b.jsonl"]}'
    found = evaluate(f'load_dataset("json", data_files={files}, split="{split}")')
    assert found.known
    assert (found.rows_total, len(found.rows)) == (total, rows)


def test_splits_that_are_no_names(project: Path, evaluate: Evaluate, kinds: Kinds) -> None:
    assert kinds('load_dataset("json", data_files="data.jsonl", split=Split.TRAIN)') == kinds(LOAD)
    assert evaluate('load_dataset("json", data_files="data.jsonl", split=["train"])').container == "list"
    unsure = evaluate('load_dataset("json", data_files="data.jsonl", split=args_split)')
    assert (unsure.container, unsure.known, unsure.rows) == ("unknown", True, ())
    missing = evaluate('load_dataset("json", data_files="data.jsonl", split="test")')
    assert "no split `test`" in missing.reason
    assert "not understood" in evaluate('load_dataset("json", data_files="data.jsonl", split="train[a]")').reason


def test_a_missing_file(evaluate: Evaluate) -> None:
    found = evaluate(LOAD)
    assert (found.known, found.reason, found.container) == (False, "data.jsonl does not exist here", "Dataset")


def test_the_folder_of_the_script_comes_before_the_working_directory(
    tmp_path: Path, write: Write, parse: Parse
) -> None:
    write("here/data.jsonl", [{"text": "a"}])
    write("there/data.jsonl", [{"prompt": "a"}])
    write("there/only.jsonl", [{"prompt": "a"}])

    def columns(name: str) -> list[str]:
        value = parse(f'load_dataset("json", data_files="{name}", split="train")')
        found = understand(value, tmp_path / "here", cwd=tmp_path / "there", env={})
        return list(found.columns or ())

    assert columns("data.jsonl") == ["text"]
    assert columns("only.jsonl") == ["prompt"]


def test_globs_and_lists(evaluate: Evaluate, kinds: Kinds, write: Write) -> None:
    write("data/a.jsonl", [{"text": "a"}])
    write("data/b.jsonl", [{"text": "b"}, {"text": "c"}])
    write("data/deep/c.jsonl", [{"text": "d"}])
    write("data/.hidden.jsonl", [{"other": "e"}])

    def total(files: str) -> int | None:
        return evaluate(f'load_dataset("json", data_files={files}, split="train")').rows_total

    assert total('"data/*.jsonl"') == 3
    assert total('"data/**/*.jsonl"') == 4
    assert total('["data/a.jsonl", "data/deep/*.jsonl"]') == 2
    assert "does not exist" in evaluate('load_dataset("json", data_files="none/*.jsonl", split="train")').reason
    assert "is a folder" in evaluate('load_dataset("json", data_files="data", split="train")').reason


def test_a_folder_by_its_file_names(evaluate: Evaluate, kinds: Kinds, write: Write) -> None:
    write("data/my-train.jsonl", [{"text": "a"}])
    write("data/dev.jsonl", [{"text": "b"}])
    write("data/notes.jsonl", [{"text": "b"}])
    found = evaluate('load_dataset("./data")')
    assert found.reason == "it is a dictionary with the splits `train`, `validation`"
    assert kinds('load_dataset("./data", split="validation")') == {"text": "string"}
    assert kinds('load_dataset("json", data_dir="data", split="train")') == {"text": "string"}


def test_a_folder_of_shards(evaluate: Evaluate, write: Write) -> None:
    for shard in range(2):
        write(f"d/data/train-0000{shard}-of-00002.jsonl", [{"text": "a"}])
        write("d/other.jsonl", [{"prompt": "a"}])
    found = evaluate('load_dataset("d", split="train")')
    assert (list(found.columns or ()), found.rows_total) == (["text"], 2)


def test_a_folder_with_a_card_is_not_guessed(evaluate: Evaluate, write: Write, tmp_path: Path) -> None:
    write("d/train.jsonl", [{"text": "a"}])
    (tmp_path / "d" / "README.md").write_text("---\nconfigs:\n- config_name: x\n---\n# card\n")
    assert "has a card" in evaluate('load_dataset("d", split="train")').reason


def test_names_that_are_no_local_data(evaluate: Evaluate) -> None:
    found = evaluate('load_dataset("trl-lib/Capybara", split="train")')
    assert (found.reason, found.container) == ("the data set `trl-lib/Capybara` is on the Hub", "Dataset")
    assert evaluate('load_dataset("trl-lib/Capybara")').container == "DatasetDict"
    assert "does not exist" in evaluate('load_dataset("./data/nothing", split="train")').reason
    assert (
        "not a local file" in evaluate('load_dataset("json", data_files="https://x.org/a.jsonl", split="train")').reason
    )
    found = evaluate("load_dataset('a/data.jsonl')['train']")
    assert found.reason == "`a/data.jsonl` is the name of a file, not of a data set"
    assert evaluate("load_dataset(name, split='train')").reason == "the name `name`"
    assert evaluate("load_dataset('json', data_files=path, split='train')").reason == "the name `path`"
    assert not evaluate("load_dataset('json', data_files='data.jsonl', **options)").known


def test_cached_features(evaluate: Evaluate, kinds: Kinds, tmp_path: Path) -> None:
    folder = tmp_path / "datasets" / "org___name" / "default" / "0.0.0" / "abc"
    folder.mkdir(parents=True)
    value = {"dtype": "string", "_type": "Value"}
    features = {
        "messages": [{"role": value, "content": value}],
        "images": {"feature": {"_type": "Image"}, "_type": "List"},
    }
    (folder / "dataset_info.json").write_text(json.dumps({"features": features}))
    script = 'load_dataset("org/name", split="train")'
    assert kinds(script) == {"messages": "messages", "images": "images"}
    assert "cache" in evaluate(script).where
    assert not evaluate('load_dataset("org/name", "other", split="train")').known


def test_json_documents(kinds: Kinds, evaluate: Evaluate, tmp_path: Path) -> None:
    def of(document: object, **options: object) -> str:
        (tmp_path / "d.json").write_text(json.dumps(document, indent=1))
        more = "".join(f", {key}={value!r}" for key, value in options.items())
        return f'load_dataset("json", data_files="d.json", split="train"{more})'

    assert kinds(of([{"prompt": "a"}, {"prompt": "b"}])) == {"prompt": "string"}
    assert kinds(of(["a", "b"])) == {"text": "string"}
    assert kinds(of({"data": [{"prompt": "a"}]}, field="data")) == {"prompt": "string"}
    assert kinds(of({"data": {"a": [1], "b": ["x"]}}, field="data")) == {"a": "number", "b": "string"}
    assert kinds(of({"data": [{"prompt": "a"}]})) == {"data": "dicts"}  # one row, as pyarrow reads it
    assert evaluate(of({"data": []}, field="rows")).reason == "d.json has no field `rows`"
    assert kinds(of({"a": [1], "b": ["x"]})) == {"a": "numbers", "b": "strings"}
    assert evaluate(of([])).reason == "d.json holds no rows"
    assert evaluate(of([1, 2])).reason == "d.json is not a list of objects"


def test_csv(kinds: Kinds, evaluate: Evaluate, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text('prompt,score,flag,\n"a, b\nc",1.5,True,x\n,2,False,y\n')
    script = 'load_dataset("csv", data_files="d.csv", split="train")'
    assert kinds(script) == {"prompt": "string", "score": "number", "flag": "bool", "Unnamed: 3": "string"}
    assert evaluate(script).rows[1] == {"prompt": None, "score": 2.0, "flag": False, "Unnamed: 3": "y"}
    (tmp_path / "t.tsv").write_text("a\tb\n1\tx\n")
    assert kinds('load_dataset("csv", data_files="t.tsv", delimiter="\\t", split="train")') == {
        "a": "number",
        "b": "string",
    }
    assert kinds('Dataset.from_csv("t.tsv", sep="\\t", names=["p", "q"])') == {"p": "string", "q": "string"}
    assert "`usecols`" in evaluate('Dataset.from_csv("d.csv", usecols=["a"])').reason
    (tmp_path / "head.csv").write_text("a,b\n")
    assert evaluate('Dataset.from_csv("head.csv")').reason == "head.csv holds no rows"
    (tmp_path / "long.csv").write_text("a,b\n1,2,3\n")
    assert "longer than its header" in evaluate('Dataset.from_csv("long.csv")').reason


def test_text_and_compressed_files(kinds: Kinds, evaluate: Evaluate, tmp_path: Path) -> None:
    (tmp_path / "d.txt").write_text("one\ntwo\n")
    assert evaluate('load_dataset("text", data_files="d.txt", split="train")').rows_total == 2
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(b'{"prompt": "a"}\n' * 3))
    assert evaluate('load_dataset("json", data_files="d.jsonl.gz", split="train")').rows_total == 3
    (tmp_path / "bad.jsonl.gz").write_bytes(b"\x1f\x8bnothing")
    assert "cannot be read" in evaluate('Dataset.from_json("bad.jsonl.gz")').reason
    (tmp_path / "d.jsonl.zst").write_bytes(b"x")
    assert "compressed" in evaluate('Dataset.from_json("d.jsonl.zst")').reason


def test_parquet(kinds: Kinds, evaluate: Evaluate, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = [{"messages": [{"role": "user", "content": "a"}], "image": {"bytes": b"x", "path": None}, "n": [1]}]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "d.parquet")
    script = 'load_dataset("parquet", data_files="d.parquet", split="train")'
    assert kinds(script) == {"messages": "messages", "image": "image", "n": "numbers"}
    assert evaluate(script).rows == ({"messages": [{"role": "user", "content": "a"}], "n": [1]},)
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no PAR1")
    assert evaluate('Dataset.from_parquet("bad.parquet")').reason == "bad.parquet is not readable as Parquet"


def test_parquet_metadata_of_datasets(kinds: Kinds, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    info = {"info": {"features": {"images": {"feature": {"_type": "Image"}, "_type": "Sequence"}}}}
    table = pyarrow.Table.from_pylist([{"images": []}]).replace_schema_metadata({"huggingface": json.dumps(info)})
    parquet.write_table(table, tmp_path / "d.parquet")
    assert kinds('Dataset.from_parquet("d.parquet")') == {"images": "images"}


def test_imagefolder(kinds: Kinds, evaluate: Evaluate, write: Write, tmp_path: Path) -> None:
    for name in ("cats/a.png", "dogs/b.png"):
        (tmp_path / "pictures" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pictures" / name).write_bytes(b"")
    assert kinds('load_dataset("imagefolder", data_dir="pictures", split="train")') == {
        "image": "image",
        "label": "number",
    }
    write("pictures/metadata.jsonl", [{"file_name": "cats/a.png", "prompt": "a"}])
    assert kinds('load_dataset("pictures", split="train")') == {"image": "image", "prompt": "string"}
    assert not evaluate('load_dataset("imagefolder", data_dir="nowhere", split="train")').known


def test_load_from_disk(kinds: Kinds, evaluate: Evaluate, tmp_path: Path) -> None:
    value = {"dtype": "string", "_type": "Value"}
    for name in ("saved", "dict/train", "dict/test"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "dataset_info.json").write_text(json.dumps({"features": {"text": value}}))
        (tmp_path / name / "state.json").write_text("{}")
    (tmp_path / "dict" / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    assert kinds('load_from_disk("saved")') == {"text": "string"}
    assert evaluate('load_from_disk("dict")').container == "DatasetDict"
    assert kinds('load_from_disk("dict")["test"]') == {"text": "string"}
    assert "`load_from_disk` reads it" in evaluate('load_dataset("saved", split="train")').reason
    assert "does not exist" in evaluate('load_from_disk("nowhere")').reason


def test_files_with_other_columns(evaluate: Evaluate, write: Write) -> None:
    write("a.jsonl", [{"text": "a"}])
    write("b.jsonl", [{"prompt": "a"}])
    for files in ('["a.jsonl", "b.jsonl"]', '{"train": "a.jsonl", "test": "b.jsonl"}'):
        found = evaluate(f'load_dataset("json", data_files={files}, split="train")')
        assert found.reason == "its files do not have the same columns"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "holds no rows"),
        (b"\n\n", "holds no rows"),
        (b'{"a": 1}\n{"a": \n', "is not valid JSON in line 2"),
        (b'{"a": 1}\nnonsense\n', "is not valid JSON in line 2"),
        (b'{"a": 1}\n[1]\n', "has no object in line 2"),
        (b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}\n", "is nested too deeply in line 1"),
        (b"[" * 200_000, "is nested too deeply"),
        (b'{"a": "\xff\xfe"}\n', "is not UTF-8 text"),
        (b'{"a": ' + b"9" * 5_000 + b"}\n", "is not valid JSON in line 1"),
        (b'{"a": "' + b"x" * 3_000_000 + b'"}\n', "has a first row that is too large"),
        (b"\x00\x01\x02", "is not valid JSON in line 1"),
    ],
)
def test_broken_json(evaluate: Evaluate, tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "data.jsonl").write_bytes(content)
    assert evaluate(LOAD).reason == f"data.jsonl {reason}"


def test_a_byte_order_mark_is_no_part_of_a_name(kinds: Kinds, tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_bytes(b'\xef\xbb\xbf{"text": "a"}\r\n')
    assert kinds(LOAD) == {"text": "string"}


def test_a_large_file_is_sampled(evaluate: Evaluate, write: Write) -> None:
    write("data.jsonl", ({"text": "x" * 300, "number": number} for number in range(20_000)))
    found = evaluate(LOAD)
    numbers = [row["number"] for row in found.rows]
    assert numbers[:200] == list(range(200))
    assert len(numbers) == 232
    assert max(numbers) > 19_000
    assert found.rows_total == 20_000
    assert evaluate(LOAD) == found


def test_a_large_document_is_sampled(evaluate: Evaluate, tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_text(json.dumps([{"text": "x" * 300}] * 10_000))
    found = evaluate(LOAD)
    assert (found.known, len(found.rows), found.rows_total) == (True, 200, None)


def test_a_changed_file_is_read_again(kinds: Kinds, write: Write) -> None:
    write("data.jsonl", [{"text": "a"}])
    assert kinds(LOAD) == {"text": "string"}
    path = write("data.jsonl", [{"prompt": "longer"}])
    os.utime(path, ns=(1, 1))
    assert kinds(LOAD) == {"prompt": "string"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_file_is_not_read(evaluate: Evaluate, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "data.jsonl")
    assert evaluate(LOAD).reason == "data.jsonl does not exist here"
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "nothing")
    assert not evaluate('Dataset.from_json("link.jsonl")').known
    assert not evaluate('Dataset.from_json("a\\0b")').known
    assert not evaluate('load_dataset("a\\0b", split="train")').known
    assert not evaluate(f'Dataset.from_json("{"x" * 5000}")').known


def test_features_that_the_code_gives(kinds: Kinds, evaluate: Evaluate, project: Path) -> None:
    features = (
        'Features({"messages": [{"role": Text("string"), "content": Text("string")}], "images": Sequence(Image())})'
    )
    assert kinds(f"{LOAD[:-1]}, features={features})") == {"messages": "messages", "images": "images"}
    assert not evaluate(f"{LOAD[:-1]}, features=unclear)").known


def test_other_values() -> None:
    here = Path()
    assert understand(Known(None), here).container == "None"
    assert understand(Known("name"), here).reason == "it is a value of type str"
