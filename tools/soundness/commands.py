"""Programs that read a command line."""

from __future__ import annotations

from collections.abc import Sequence

from .language import Language
from .program import MAIN, Program
from .templates import lines_of

_IMPORTS = """\
import argparse, json
from typing import Optional
from transformers import HfArgumentParser
from trl import TrlParser
"""
# An option, and the words that may give it.
_OPTIONS = (
    ("'--k', type=int, default=1", ("--k 3", "--k=4", "--k -2")),
    ("'--k', type=int", ("--k 3",)),
    ("'--k', type=float, default='2e-5'", ("--k 1e-3",)),
    ("'--k', default=a", ("--k 3", "--k x")),
    ("'--k', type=str, default=None, choices=['p', 'q', 'x']", ("--k q",)),
    ("'--k', type=lambda s: s.lower() == 'yes', default='YES'", ("--k yes", "--k no")),
    ("'--k', type=Path, default='a/b'", ("--k c",)),
    ("'--k', type=eval, default=1", ("--k 2+2",)),
    ("'-k', '--kind', default=b, dest='k'", ("-k 5", "--kind z", "--ki y", "-kv")),
    ("'--m', action='store_true'", ("--m",)),
    ("'--m', action='store_false', default=True", ("--m",)),
    ("'--no-m', action='store_false', dest='m'", ("--no-m",)),
    ("'--m', action=argparse.BooleanOptionalAction, default=a", ("--m", "--no-m")),
    ("'--m', action='store_const', const='c', default=a", ("--m",)),
    ("'--m', action='count', default=0", ("--m", "--m --m")),
    ("'--m', action='append', type=int", ("--m 1", "--m 1 --m 2")),
    ("'--m', action='append', default=[0]", ("--m 1",)),
    ("'--m', action='extend', nargs='+', default=d", ("--m 1 2",)),
    ("'--m', nargs='*', type=int, default=[7]", ("--m", "--m 1", "--m 1 2")),
    ("'--m', nargs='+', default=c", ("--m x y",)),
    ("'--m', nargs='?', const='c', default='d'", ("--m", "--m e")),
    ("'--m', nargs=2, type=float", ("--m 1 2",)),
    ("'--m', type=bool, default=False", ("--m False",)),
    ("'--m', default=argparse.SUPPRESS", ("--m s",)),
    ("'n', nargs='?', default='none'", ("w",)),
    ("'--max-n', dest='n', default=d", ("--max-n 1",)),
    ("'--n', type=json.loads, default='{\"k\": 1}'", ("--n {}", "--n [1]")),
    ("'--n', type=int, default=0, help='n'", ("--n 2", "--n 2 --n 5")),
)
_PARSED = {
    "scalar": lines_of("""
o.k
o.m
o.n
getattr(o, 'k', <scalar>)
getattr(o, 'other', 9)
vars(o)['k']
vars(o).get('m')
o.k or <scalar>
str(o.k)
hasattr(o, 'n')
"""),
    "dict": lines_of("""
vars(o)
dict(vars(o))
{**vars(o), 'k': <any>}
{k: v for k, v in vars(o).items() if v is not None}
"""),
    "list": lines_of("""
list(vars(o))
[o.k, o.m]
"""),
    "statement": lines_of("""
o.k = <any>
o.m = <any>
o.z = <any>
setattr(o, <key>, <any>)
vars(o)['k'] = <any>
vars(o).update(<c>)
<x> = o.func(o) if hasattr(o, 'func') else 0
if o.n == 'sft': o.func(o)
del o.k
if o.k: <x> = <any>
if o.m is None: o.m = <any>
if not o.k: <c>['k'] = o.m
for k, v in vars(o).items(): <c>[k] = v
opaque(o)
<x> = o.k
<c> = vars(o)
SFTConfig(u=o.k, v=o.m, w=o.n)
SFTConfig(u=o.k, v=getattr(o, 'm', 0))
SFTConfig(**vars(o))
SFTConfig(u=1, **{k: v for k, v in vars(o).items() if k != 'n'})
"""),
}
_FIELDS = (
    ("k: int = 1", ("--k 3", "--k=4")),
    ("k: str = 'x'", ("--k y",)),
    ("k: float = 1e-5", ("--k 0.1", "--k 1")),
    ("k: Optional[int] = None", ("--k 3",)),
    ("k: int = a", ("--k 3",)),
    ("m: bool = False", ("--m", "--m true", "--m False")),
    ("m: bool = True", ("--m no", "--no_m", "--m 1")),
    ("m: str = field(default='d', metadata={'help': 'm'})", ("--m e",)),
    ("n: list[int] = field(default_factory=list)", ("--n 1", "--n 1 2")),
    ("n: list[int] = field(default_factory=lambda: [4])", ("--n 1 2",)),
    ("n: str = b", ("--n 5", "--n e")),
)

Flags = list[tuple[str, ...]]


class CommandLine(Language):
    """A script whose values come from parsers."""

    parsed = False

    def program(self) -> Program:
        """A script, and the words that start it."""
        flags: Flags = []
        needed: list[str] = []
        for _ in range(self.rng.randint(0, 1)):
            self.function()
        self.block(0, self.rng.randint(0, 1))
        if self.rng.random() < 0.6:
            self._argparse(flags, needed)
        else:
            self._dataclasses(flags)
        self.parsed = True
        self.write()
        text = "\n".join(self.lines) + "\n"
        words: tuple[str, ...] | None = None
        if self.rng.random() < 0.5:
            words = (*(word for group in flags if self.rng.random() < 0.5 for word in group), *needed)
        return Program({MAIN: _IMPORTS + self.head(text) + text}, words, tuple(flags), needed=tuple(needed))

    def _argparse(self, flags: Flags, needed: list[str]) -> None:
        inside = self.rng.random() < 0.4
        depth = 1 if inside else 0
        if inside:
            self.emit(0, "def parse(words=None):")
        self.emit(depth, "parser = argparse.ArgumentParser()")
        target = "parser"
        if self.rng.random() < 0.3:
            kind = self.rng.choice(("add_argument_group", "add_mutually_exclusive_group"))
            self.emit(depth, f"group = parser.{kind}()")
            target = "group"
        for spec, words in self._specs():
            under = self.rng.random() < 0.1
            if under:
                self.emit(depth, "if flag():")
            self.emit(depth + under, f"{self.rng.choice(('parser', target))}.add_argument({spec})")
            flags += [tuple(each.split(" ")) for each in words]
        if self.rng.random() < 0.2:
            self.emit(depth, f"parser.set_defaults({self.rng.choice(('k', 'm', 'z'))}={self.any()})")
        if self.rng.random() < 0.15:
            self._commands(depth, needed)
        given = self.rng.choice(("", "", "None" if not inside else "words", self._words(flags, needed)))
        method = self.rng.choice(("parse_args", "parse_args", "parse_args", "parse_known_args"))
        call = f"parser.{method}({given})" + ("[0]" if method == "parse_known_args" else "")
        self.emit(depth, f"return {call}" if inside else f"o = {call}")
        if inside:
            self.emit(0, f"o = parse({self.rng.choice(('', self._words(flags, needed)))})")

    def _commands(self, depth: int, needed: list[str]) -> None:
        self.emit(depth, "commands = parser.add_subparsers(dest='n')")
        for name in ("sft", "dpo"):
            self.emit(depth, f"{name} = commands.add_parser('{name}')")
            self.emit(depth, f"{name}.add_argument('--{name}-k', dest='k', default='{name}')")
            body = self.rng.choice(("o.k", "SFTConfig(u=o.k, v=o.n)"))
            self.emit(depth, f"{name}.set_defaults(func=lambda o: {body})")
        needed.append(self.rng.choice(("sft", "dpo")))

    def _specs(self) -> Sequence[tuple[str, tuple[str, ...]]]:
        found: dict[str, tuple[str, tuple[str, ...]]] = {}
        for spec, words in self.rng.sample(_OPTIONS, self.rng.randint(2, 4)):
            name = next((each for each in ("k", "m", "n") if f"--{each}'" in spec or f"dest='{each}'" in spec), "n")
            if self.rng.random() < 0.8:
                found.setdefault(name, (spec, words))
            else:
                found.setdefault(spec, (spec, words))
        return list(found.values())

    def _words(self, flags: Flags, needed: Sequence[str]) -> str:
        words = [*(word for group in flags if self.rng.random() < 0.4 for word in group), *needed]
        return repr(words)

    def _dataclasses(self, flags: Flags) -> None:
        names = self.rng.choice((["Script"], ["Script", "Extra"]))
        fields: dict[str, tuple[str, tuple[str, ...]]] = {}
        for spec, words in self.rng.sample(_FIELDS, 4):
            fields.setdefault(spec[0], (spec, words))
        own = [list(fields.values())[::2], list(fields.values())[1::2]] if len(names) > 1 else [list(fields.values())]
        base = self.rng.random() < 0.3
        if base:
            self.emit(0, "@dataclass\nclass Base:\n    z: int = 3")
            flags.append(("--z", "5"))
        for name, specs in zip(names, own, strict=True):
            self.emit(0, f"@dataclass\nclass {name}{'(Base)' if base and name == 'Script' else ''}:")
            self.emit(1, "\n    ".join(spec for spec, _ in specs) or "pass")
            if self.rng.random() < 0.2:
                self.emit(1, "def __post_init__(self): self.extra = a")
            flags += [tuple(each.split(" ")) for _, words in specs for each in words]
        parser, method = self.rng.choice(
            (("HfArgumentParser", "parse_args_into_dataclasses"), ("TrlParser", "parse_args_and_config"))
        )
        kinds = f"({', '.join(names)},)" if len(names) > 1 or self.rng.random() < 0.5 else names[0]
        given = self.rng.choice(("", "", self._words(flags, ())))
        self.emit(0, f"parser = {parser}({kinds})")
        call = f"parser.{method}({f'args={given}' if given else ''})"
        targets = "o, p" if len(names) > 1 else "o,"
        self.emit(0, self.rng.choice((f"{targets} = {call}", f"o = {call}[0]")))

    def _own(self, kind: str, depth: int) -> str | None:
        return self.pick(_PARSED[kind], depth) if self.parsed and self.rng.random() < 0.5 else None

    def scalar(self, depth: int) -> str:
        return self._own("scalar", depth) or super().scalar(depth)

    def dict(self, depth: int) -> str:
        return self._own("dict", depth) or super().dict(depth)

    def list(self, depth: int) -> str:
        return self._own("list", depth) or super().list(depth)

    def plain(self, depth: int) -> None:
        found = self._own("statement", 1)
        if found is None:
            super().plain(depth)
        else:
            self.emit(depth, found)
