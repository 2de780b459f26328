"""Methods of known strings and paths."""

from __future__ import annotations

import posixpath

from trl_lint.model.value import Scalar
from trl_lint.python import scalars
from trl_lint.python.atoms import Abs, Args, ArgVal, Atom, ListObj, Lit, PathLit, Tup, lit, one, reason_of, top
from trl_lint.python.containers import path_text, spread
from trl_lint.python.machine import Machine
from trl_lint.python.truth import python_value


def text_method(m: Machine, receiver: Lit, name: str, args: Args) -> Abs | None:
    """A method of a scalar; None where the arguments may be kept or changed by it."""
    if not isinstance(receiver.value, (str, bytes)):
        return top(f"the result of `.{name}()`")
    text = receiver.value
    if not args.plain:
        return top(args.open or args.open_positional or f"the result of `.{name}()`")
    if name == "join" and isinstance(text, str) and len(args.items) == 1:
        return _join(m, text, args.items[0].value)
    if name == "format" and isinstance(text, str):
        return _format(m, text, args)
    named = [item for item in args.items if item.name is not None]

    def run(atoms: list[Atom]) -> Abs:
        try:
            values = [python_value(m, atom) for atom in atoms]
            split = len(values) - len(named)
            extra = {str(item.name): value for item, value in zip(named, values[split:], strict=True)}
            return _value(m, scalars.text_method(text, name, values[:split], extra))
        except scalars.UnclearError:
            return top(_why(args, name))

    ordered = [item for item in args.items if item.name is None] + named
    return m.product([item.value for item in ordered], run)


def _value(m: Machine, result: object) -> Abs:
    if isinstance(result, list):
        return one(m.memory.make(ListObj("list", tuple(lit(part) for part in result))))
    if isinstance(result, tuple):
        return one(Tup(tuple(lit(part) for part in result)))
    return lit(scalars.scalar(result))


def _why(args: Args, name: str) -> str:
    return next(
        (reason_of(item.value, "") for item in args.items if reason_of(item.value, "")), f"the result of `.{name}()`"
    )


def _join(m: Machine, separator: str, value: Abs) -> Abs:
    items, unknown = spread(m, value)
    if unknown:
        return top(unknown)

    def run(atoms: list[Atom]) -> Abs:
        texts = [atom.value if isinstance(atom, Lit) else None for atom in atoms]
        try:
            return lit(scalars.join_text(separator, texts))
        except scalars.UnclearError:
            return top(next((reason_of(item, "") for item in items if reason_of(item, "")), "a text that is not known"))

    return m.product(list(items), run)


def _format(m: Machine, template: str, args: Args) -> Abs:
    positional: list[ArgVal] = [item for item in args.items if item.name is None]
    named = [item for item in args.items if item.name is not None]

    def run(atoms: list[Atom]) -> Abs:
        values: list[Scalar] = []
        for atom in atoms:
            text = atom.text if isinstance(atom, PathLit) else None
            if not isinstance(atom, Lit) and text is None:
                return top(_why(args, "format"))
            values.append(atom.value if isinstance(atom, Lit) else text)
        split = len(positional)
        extra = {str(item.name): value for item, value in zip(named, values[split:], strict=True)}
        try:
            return lit(scalars.format_text(template, values[:split], extra))
        except scalars.UnclearError:
            return top("a text that is not known")

    return m.product([item.value for item in (*positional, *named)], run)


def path_method(m: Machine, path: PathLit, name: str, args: Args) -> Abs | None:
    """A method of a known path."""
    if name in ("as_posix", "__str__", "__fspath__") and not args.items:
        return lit(path.text)
    if name == "joinpath" and args.plain:
        return join_paths(m, [one(path), *args.positional()], as_path=True)
    if name in ("with_suffix", "with_name") and len(args.items) == 1 and isinstance(args.items[0].value.only, Lit):
        part = args.items[0].value.only.value
        stem = path.text.rpartition(".")[0] if "." in posixpath.basename(path.text) else path.text
        if isinstance(part, str):
            return one(
                PathLit(stem + part if name == "with_suffix" else posixpath.join(posixpath.dirname(path.text), part))
            )
    return top(f"the result of `.{name}()` of a path")


def join_paths(m: Machine, parts: list[Abs], as_path: bool) -> Abs:
    """`os.path.join(...)`, `Path(...)`: parts that are known texts."""

    def run(atoms: list[Atom]) -> Abs:
        texts = []
        for atom in atoms:
            text = path_text(atom)
            if text is None:
                return top(reason_of(one(atom), "a part of the path is not known"))
            texts.append(text)
        joined = posixpath.join(*texts) if texts else "."
        if not as_path:
            return lit(joined)
        return one(PathLit(pure(joined)))

    return m.product(parts, run)


def pure(text: str) -> str:
    """A path's text as `pathlib` has it."""
    import pathlib

    return str(pathlib.PurePosixPath(text))
