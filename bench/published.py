"""The corpus of the benchmarks: published source distributions, at pinned versions, from the package index."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

# Libraries, training frameworks and what is built on them: a few of many files can hold a run, as in real projects.
PINNED = {
    "accelerate==1.15.0": "5654f8c5eaa0d4fa68b33e287a97765da6849bf6d51dcac874e73fbbddfb6134",
    "axolotl==0.19.0": "136d623f04c909c5149d7f5dbd4a0e215014ab4c3617cce9d64010b5b8ca609d",
    "datasets==5.2.0": "f4290d4704dfbc99631a578b56912d66b22def53d3f61d246f6ccc129675490e",
    "llamafactory==0.9.5": "1702c0bfb864e80577a59521d2edcacd2aab05ec6aee06188fcba335a589681f",
    "ms-swift==4.6.0": "8483da407748abc01e106b54c25d6453eb2ef4a6e136dab001b9a522c9c80d71",
    "peft==0.21.2": "b803ccfb3f3f316004d850284306687833a2235ea278fb56abc856203456142e",
    "transformers==5.24.0": "906cb8c3cb2123575e263962586a4d21a979ce97feeb95fe6aaf66fe6ae88bf3",
    "trl==1.16.0": "999bd4a85b08870b7bfa387e1efa5177d2a4b88fe82b2526a057ac5d3cc600cd",
}


def fetch(folder: Path) -> list[Path]:
    """The folders of all pinned distributions below `folder`; what is not there yet is downloaded and unpacked.

    Nothing of them is built or run. Raises SystemExit where the index has no such file, or another one.
    """
    return [_unpacked(folder, wanted, digest) for wanted, digest in PINNED.items()]


def _unpacked(folder: Path, wanted: str, digest: str) -> Path:
    place = folder / "tree" / wanted.replace("==", "-")
    if place.is_dir():
        return place
    archive = _archive(folder / "archives", wanted)
    if hashlib.sha256(archive.read_bytes()).hexdigest() != digest:
        raise SystemExit(f"{archive} is not the file that this program was written for")
    unfinished = place.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    with tarfile.open(archive) as members:
        members.extractall(unfinished, filter="data")
    (inside,) = unfinished.iterdir()
    # A project of its own: nothing above it says which releases it uses.
    (inside / ".git").mkdir()
    inside.rename(place)
    unfinished.rmdir()
    return place


def _archive(folder: Path, wanted: str) -> Path:
    name, version = wanted.split("==")
    patterns = [f"{each}-{version}.tar.gz" for each in (name, name.replace("-", "_"))]
    for _ in range(2):
        found = next((folder / pattern for pattern in patterns if (folder / pattern).is_file()), None)
        if found is not None:
            return found
        folder.mkdir(parents=True, exist_ok=True)
        # pip would build what it downloads, and so run it.
        command = [sys.executable, "-m", "unearth", "--no-binary", "--download", str(folder), wanted]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            hint = "pip install --group bench" if "No module named" in done.stderr else done.stderr.strip()[-400:]
            raise SystemExit(f"{wanted} cannot be fetched: {hint}")
    raise SystemExit(f"{wanted}: no source distribution")
