"""The folder of a cache: small files under the digests of what they hang on, written in one step, bounded, and checked
when they are read. It may be deleted at any time, be shared, and hold anything."""

from __future__ import annotations

import os
import time
from pathlib import Path

from trl_lint.dataclass import dataclass
from trl_lint.digests import LENGTH, digest

FOLDER = ".trl_lint_cache"
_TAG = "CACHEDIR.TAG"
# Source: the Cache Directory Tagging Specification, https://bford.info/cachedir/
_SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55"
_MOST_FILES = 20_000
_MOST_BYTES = 100_000_000
_LARGEST = 20_000_000  # bytes of one file
_DAY = 86_400  # seconds


@dataclass(frozen=True)
class Store:
    """The files of one folder. What cannot be read or written is as if it were not there."""

    folder: Path

    def prepare(self) -> bool:
        """Makes the folder, which tells version control and backups to pass it by; False where that cannot be done."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for name, text in ((".gitignore", "*\n"), (_TAG, f"{_SIGNATURE}\n# This is a cache of trl-lint.\n")):
                if not (self.folder / name).exists():
                    self._put(self.folder / name, text.encode())
        except OSError:
            return False
        return True

    def get(self, name: str) -> bytes | None:
        """What was put under this digest, if all of it is there as it was."""
        path = self._path(name)
        try:
            with path.open("rb") as file:
                raw = file.read(_LARGEST)
                used = os.fstat(file.fileno()).st_mtime
        except (OSError, ValueError):
            return None
        checked, content = raw[:LENGTH], raw[LENGTH + 1 :]
        if checked != digest(name, content).encode():
            return None
        if time.time() - used > _DAY:
            self._touch(path)
        return content

    def put(self, name: str, content: bytes) -> None:
        """Keeps `content` under this digest."""
        try:
            path = self._path(name)
            path.parent.mkdir(exist_ok=True)
            self._put(path, digest(name, content).encode() + b"\n" + content)
        except OSError:
            pass

    def shrink(self) -> None:
        """Removes what was not used for longest, where there is too much of it."""
        found = sorted(self._files())
        size = sum(each[1] for each in found)
        if len(found) <= _MOST_FILES and size <= _MOST_BYTES:
            return
        left = len(found)
        for _, length, path in found:
            if left <= _MOST_FILES * 3 // 4 and size <= _MOST_BYTES * 3 // 4:
                return
            left, size = left - 1, size - length
            try:
                os.unlink(path)  # noqa: PTH108
            except OSError:
                pass

    def remove(self) -> bool:
        """Removes the folder if it is a cache of trl-lint; whether it was."""
        if not (self.folder / _TAG).is_file():
            return False
        import shutil

        shutil.rmtree(self.folder, ignore_errors=True)
        return True

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name[2:]

    def _files(self) -> list[tuple[float, int, str]]:
        found = []
        try:
            for part in os.scandir(self.folder):
                if len(part.name) == 2 and part.is_dir(follow_symlinks=False):
                    for entry in os.scandir(part.path):
                        status = entry.stat(follow_symlinks=False)
                        found.append((status.st_mtime, status.st_size, entry.path))
        except OSError:
            pass
        return found

    def _touch(self, path: Path) -> None:
        try:
            os.utime(path)
        except OSError:
            pass

    def _put(self, path: Path, raw: bytes) -> None:
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            with temporary.open("xb") as file:
                file.write(raw)
            os.replace(temporary, path)  # noqa: PTH105
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
