"""Programs of several files."""

from __future__ import annotations

from collections.abc import Sequence

from .language import Language
from .program import MAIN, Program
from .templates import lines_of

_TAIL = """\
def put(value):
    global a
    a = value
    return a
def get():
    return c
def touch(key='k', into=c):
    into[key] = a
    return into
def show():
    SFTConfig(u=a, v=c, w=d)
class Held:
    a = 1
    def __init__(self, k=2):
        self.k = k
    def more(self):
        return a, self.k
held = Held(a)
MARK = __name__
if __name__ == "__main__":
    a = 77
"""
_SCALARS = lines_of("""
<mod>.a
<mod>.b
<mod>.MARK
<mod>.put(<any>)
<mod>.held.k
<mod>.Held.a
<mod>.Held(<any>).more()[0]
<mod>.missing
getattr(<mod>, 'a', 3)
getattr(<mod>, 'nothing', 3)
hasattr(<mod>, 'a')
<mod>.__name__
""")
_DICTS = lines_of("""
<mod>.c
<mod>.e
<mod>.get()
<mod>.touch()
<mod>.touch(<key>, <c>)
{'k': <mod>.a}
{**<mod>.c, 'k': <mod>.b}
vars(<mod>.held)
""")
_LISTS = lines_of("""
<mod>.d
list(<mod>.c)
[<mod>.a, <mod>.b]
""")
_STATEMENTS = lines_of("""
<mod>.a = <any>
<mod>.c = <dict>
<mod>.c['k'] = <any>
<mod>.d.append(<any>)
<mod>.a += 1
setattr(<mod>, 'b', <any>)
<mod>.put(<any>)
<mod>.touch()
<mod>.show()
<mod>.held.k = <any>
<mod>.Held.a = <any>
<mod>.put = lambda p=1: p
<mod>.get = grow
opaque(<mod>)
opaque(<mod>.get)
opaque(<mod>.c)
del <mod>.a
import conf
import pkg.inner
import pkg.inner as conf
from conf import a
from conf import c as e, put
from conf import *
from pkg import inner
from pkg import d
from pkg.inner import a as b, get
from pkg.inner import *
from pkg import *
import conf as inner
try: from conf import nothing
try: from nowhere import a
SFTConfig(u=<mod>.a, v=<mod>.c, w=<mod>.d)
SFTConfig(u=<mod>.b, **<mod>.c)
""")
_IMPORTS = {
    "conf.py": lines_of("""
import pkg
import pkg.inner
from pkg import inner
from pkg import a as b
from pkg.inner import *
from pkg.inner import c as e, put as take
"""),
    "pkg/__init__.py": lines_of("""
from . import inner
from .inner import *
from .inner import a, c
import conf
from conf import d
import pkg.inner
__all__ = ["a", "c", "get"]
"""),
    "pkg/inner.py": lines_of("""
import pkg
import conf
from . import MARK as b
from conf import c
from pkg import a as b
import train
from . import *
__all__ = ["c", "put"]
"""),
}


class Project(Language):
    """A script that imports modules of its own, which import each other."""

    modules: tuple[str, ...] = ()

    def program(self) -> Program:
        """The files of a project."""
        files: dict[str, str] = {}
        for number, path in enumerate(("conf.py", "pkg/__init__.py", "pkg/inner.py")):
            self.lines, self.functions = [], []
            self.emit(0, f"a, c = {number}, {{'k': {number}}}")
            self.block(0, self.rng.randint(0, 2))
            for line in self.rng.sample(_IMPORTS[path], self.rng.choice((0, 1, 1, 2))):
                self._import(line)
            text = "\n".join(self.lines) + "\n" + _TAIL
            files[path] = self.head(text) + text
        self.lines, self.functions = [], []
        self.modules = ("conf", "pkg", "inner", "pkg.inner")
        self.emit(0, "import conf, pkg.inner\nfrom pkg import inner")
        self.write()
        text = "\n".join(self.lines) + "\n"
        return Program({MAIN: self.head(text) + text, **files})

    def _import(self, line: str) -> None:
        """An import, where it may be of a module that is not done yet: mostly guarded, or done later."""
        pick = self.rng.random()
        if "*" in line or pick < 0.4:
            self.lines.insert(1 if pick < 0.1 else 0, line)
        elif pick < 0.7:
            self.emit(0, f"try:\n    {line}\nexcept (ImportError, AttributeError):\n    b = 'late'")
        else:
            self.emit(0, f"def late():\n    {line}\n    return {self.any()}")

    def part(self, hole: str, depth: int) -> str:
        return self.rng.choice(self.modules) if hole == "mod" else super().part(hole, depth)

    def _own(self, templates: Sequence[str], depth: int) -> str | None:
        """One of these where there are modules, and their turn comes."""
        return self.pick(templates, depth) if self.modules and self.rng.random() < 0.4 else None

    def scalar(self, depth: int) -> str:
        return self._own(_SCALARS, depth) or super().scalar(depth)

    def dict(self, depth: int) -> str:
        return self._own(_DICTS, depth) or super().dict(depth)

    def list(self, depth: int) -> str:
        return self._own(_LISTS, depth) or super().list(depth)

    def plain(self, depth: int) -> None:
        found = self._own(_STATEMENTS, 1)
        if found is None:
            super().plain(depth)
        elif found.startswith("try:"):
            self.emit(depth, found)
            self.emit(depth, f"except ImportError: a = {self.any()}")
        elif "import *" not in found or (depth == 0 and not self.inside):
            self.emit(depth, found)
