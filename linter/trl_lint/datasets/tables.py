"""Tables out of local files: what the readers found, put together by split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from trl_lint.datasets.files import by_split, find, has_own_configuration, is_image, listing
from trl_lint.datasets.frame import Frame, stack
from trl_lint.datasets.readers.raw import EmptyFileError, UnreadableError
from trl_lint.datasets.readers.read import READABLE, Format, read

_MAX_FILES = 8  # read of one split
_DIFFERENT = "its files do not have the same columns"
_METADATA = ("metadata.jsonl", "metadata.csv", "metadata.parquet")


def from_patterns(patterns: Sequence[str], roots: Sequence[Path], how: Format, container: str) -> Frame:
    """The table of all files that these names and globs mean."""
    found: list[tuple[str, Path]] = []
    for pattern in patterns:
        try:
            paths = find(pattern, roots)
        except UnreadableError as error:
            return Frame(None, f"{pattern} {error}", container)
        found += [(pattern if len(paths) == 1 else path.name, path) for path in paths]
    return from_paths(found, how, container)


def from_paths(found: Sequence[tuple[str, Path]], how: Format, container: str) -> Frame:
    """The table of these files, each with the name that people know it by."""
    if not found:
        return Frame(None, "no data file is named", container)
    frames = []
    for shown, path in found[:_MAX_FILES]:
        frame = _from_path(shown, path, how, container)
        if frame.columns is None:
            return frame
        frames.append(frame)
    if not same_columns(frames):
        return Frame(None, _DIFFERENT, container)
    table = stack(frames)
    if len(found) <= _MAX_FILES:
        return table
    return Frame(table.columns, "", container, table.rows, table.head, None, table.where)


def same_columns(frames: Sequence[Frame]) -> bool:
    """Whether all tables whose columns are known have the same ones: `datasets` refuses others, or fills them up."""
    return len({frozenset(frame.columns) for frame in frames if frame.columns is not None}) <= 1


def agreed(frames: Mapping[str, Frame]) -> dict[str, Frame]:
    """The splits of one data set; nothing is known of any of them where their columns differ."""
    if same_columns(list(frames.values())):
        return dict(frames)
    return {name: Frame(None, _DIFFERENT, frame.container) for name, frame in frames.items()}


def _from_path(shown: str, path: Path, how: Format, container: str) -> Frame:
    if how.builder not in READABLE:
        return Frame(None, f"the format `{how.builder}` is not read", container, where=shown)
    try:
        sample = read(path, how)
    except EmptyFileError as error:
        return Frame(None, f"{shown} {error}", container, total=0, where=shown)
    except UnreadableError as error:
        return Frame(None, f"{shown} {error}", container, where=shown)
    return Frame(sample.columns, "", container, sample.rows, sample.head, sample.total, shown)


def from_folder(base: Path, shown: str, how: Format, container: str) -> dict[str, Frame]:
    """The tables of a folder by split. Raises UnreadableError."""
    if has_own_configuration(base):
        raise UnreadableError("has a card that says which files it uses")
    names = listing(base)
    return agreed(
        {
            split: from_paths([(f"{shown}/{name}", base / name) for name in chosen], how, container)
            for split, chosen in by_split(names).items()
        }
    )


def images_of(base: Path, shown: str, container: str) -> dict[str, Frame]:
    """The tables that `imagefolder` makes: `image`, and what the metadata or the folders' names add."""
    names = listing(base)
    if not any(is_image(name) for name in names):
        raise UnreadableError("holds no images")
    metadata = [name for name in names if name.rpartition("/")[2] in _METADATA]
    if metadata:
        columns = _with_images(base / metadata[0])
    else:
        images = [name for name in names if is_image(name)]
        labels = {name.split("/")[-2] for name in images if "/" in name}
        depths = {name.count("/") for name in images}
        columns = {"image": "image", **({"label": "number"} if len(labels) > 1 and len(depths) == 1 else {})}
    return {split: Frame(columns, "", container, where=shown) for split in by_split(names)}


def _with_images(metadata: Path) -> Mapping[str, str]:
    builder = {".jsonl": "json", ".csv": "csv"}.get(metadata.suffix, "parquet")
    columns: dict[str, str] = {}
    for name, kind in read(metadata, Format(builder)).columns.items():
        if kind == "string" and (name == "file_name" or name.endswith("_file_name")):
            columns[name.removesuffix("file_name").removesuffix("_") or "image"] = "image"
        elif kind == "strings" and (name == "file_names" or name.endswith("_file_names")):
            columns[name.removesuffix("file_names").removesuffix("_") or "images"] = "images"
        else:
            columns[name] = kind
    return columns
