"""`HfArgumentParser` and `TrlParser`: from dataclasses, of libraries and of the project, to filled objects of them."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from trl_lint.dataclass import dataclass, field
from trl_lint.model.span import Span
from trl_lint.model.value import Argument, Call, Scalar, Step, Symbol
from trl_lint.python import freeze as snapshots
from trl_lint.python import instances
from trl_lint.python.atoms import (
    Abs,
    Args,
    ArgVal,
    ClassInfo,
    DataField,
    DictObj,
    InstObj,
    ListObj,
    Lit,
    LocalClass,
    Tup,
    lit,
    one,
    stepped,
    top,
)
from trl_lint.python.classes import instantiate
from trl_lint.python.commands.line import words_of
from trl_lint.python.commands.words import ANY, Takes, Word, read
from trl_lint.python.containers import items_of
from trl_lint.python.data_files import load
from trl_lint.python.machine import Machine

_FROM_LINE = ("parse_args_into_dataclasses", "parse_args_and_config", "parse_args")
_FROM_FILE = ("parse_yaml_file", "parse_json_file")
_MAX_CLASSES = 12
_NAMES = frozenset({"HfArgumentParser", "TrlParser", "H4ArgumentParser"})


@dataclass(slots=True)
class _Line:
    """What the flags and the recipe give, by the name of the field. `open` says why they may give more."""

    values: dict[str, tuple[Abs, Span, str]] = field(default_factory=dict)  # value, place, flag or recipe
    open: str | None = None
    own: frozenset[str] = frozenset()  # the fields of the project's own dataclasses
    fields: dict[str, frozenset[str] | None] = field(default_factory=dict)  # of those of libraries

    def of(self, dotted: str) -> dict[str, tuple[Abs, Span, str]]:
        """What goes to the library's class of this name: its fields, or those that no other class is known for."""
        mine = self.fields.get(dotted)
        others = {name for cls, names in self.fields.items() if cls != dotted for name in names or ()}
        return {
            name: value
            for name, value in self.values.items()
            if name not in self.own and (name not in others if mine is None else name in mine)
        }


def is_parser(dotted: str) -> bool:
    """Whether a class of this name parses into dataclasses."""
    return dotted.partition(".")[0] in ("transformers", "trl") and dotted.rpartition(".")[2] in _NAMES


def method(m: Machine, content: InstObj, name: str, args: Args, node: ast.expr) -> Abs | None:
    """The filled objects that a method of such a parser gives; None where that is not understood."""
    own = not is_parser(content.callee)  # a subclass of the project, with methods of its own
    if name not in (*_FROM_LINE, *_FROM_FILE, "parse_dict") and not (own and name.startswith("parse")):
        return None
    made = m.raw.get(id(content.call))
    types = _types(m, made)
    if types is None:
        return None
    which = content.callee.rpartition(".")[2]
    line = _line(m, types, name, args, which)
    line.own = frozenset(
        f.name for kind in types if isinstance(kind, LocalClass) and not kind.info.bases for f in kind.info.fields or ()
    )
    line.fields = {kind.name: m.project.fields(kind.name) for kind in types if isinstance(kind, Symbol)}
    objects = [_filled(m, kind, line, which, node) for kind in types]
    rest = args.keyword("return_remaining_strings")
    if rest is not None and not (isinstance(rest.only, Lit) and not rest.only.value):
        objects.append(one(m.memory.make(ListObj("list", (), "the words that the parser does not know"))))
    if own and name not in (*_FROM_LINE, *_FROM_FILE, "parse_dict") and len(objects) == 1:
        return objects[0]
    return one(Tup(tuple(objects)))


def _types(m: Machine, made: Args | None) -> list[LocalClass | Symbol] | None:
    if made is None:
        return None
    given = made.positional()
    value = given[0] if given else made.keyword("dataclass_types")
    atom = value.only if value is not None else None
    if isinstance(atom, (LocalClass, Symbol)):
        return [atom]
    if atom is None:
        return None
    items, unknown = items_of(m, atom)
    kinds = [item.only for item in items]
    if unknown is not None or len(items) > _MAX_CLASSES:
        return None
    found = [kind for kind in kinds if isinstance(kind, (LocalClass, Symbol))]
    return found if len(found) == len(kinds) else None


# -- what the line gives ----------------------------------------------------------------------------------------


def _line(m: Machine, types: list[LocalClass | Symbol], name: str, args: Args, which: str) -> _Line:
    kinds = {f.name: f.kind for kind in types if isinstance(kind, LocalClass) for f in kind.info.fields or ()}
    if name == "parse_dict":
        return _from_mapping(m, args.positional()[0] if args.positional() else args.keyword("args"))
    if name in _FROM_FILE:
        value = args.positional()[0] if args.positional() else args.keyword(name[len("parse_") :])
        return _from_mapping(m, load(m, value) if value is not None else None)
    found = words_of(m, args) if name in _FROM_LINE else m.line()
    if found is None:
        more = " or a recipe" if which == "TrlParser" else ""
        return _Line(open=f"the command line{more} may set more")
    given = read(found.words, _takes, found.open)
    line = _Line(open=given.open)
    config = given.options.pop("config", None) if which != "HfArgumentParser" else None
    if config is not None and config[-1].optional:
        line.open = line.open or "a recipe that is named in some cases only"
    elif config is not None and len(config[-1].words) == 1:
        recipe = _from_mapping(m, load(m, config[-1].words[0].value))
        line.values.update(recipe.values)
        line.open = line.open or recipe.open
    last = {key: position for position, key in enumerate(given.order)}
    for key, times in sorted(given.options.items(), key=lambda item: last.get(item[0], -1)):
        span, words, optional = times[-1]
        converted = _convert(words, kinds.get(key))
        negated = key[3:] if key.startswith("no_") and not words else None
        if negated is not None and kinds.get(negated, "bool").find("bool") >= 0 and key not in kinds:
            key, converted = negated, lit(False)
        value = stepped(_made(m, converted), Step(span, f"given as `--{key}`"))
        if optional:
            before = line.values.get(key)
            other = before[0] if before is not None else top(f"the command-line argument `--{key}`")
            value = m.either([(value, ()), (other, ())])
        line.values[key] = (value, span, "flag")
    if given.positional:
        line.open = line.open or "a word of the command that is no option"
    return line


def _from_mapping(m: Machine, value: Abs | None) -> _Line:
    content = m.content(value) if value is not None else None
    if not isinstance(content, DictObj):
        return _Line(open="a config that is not known may set more")
    line = _Line(open=content.open)
    for key, slot in content.slots.items():
        if isinstance(key, str) and key != "env":
            value = slot.value
            if slot.optional:
                value = m.either([(value, ()), (top("it is set on some paths only"), ())])
            line.values[key] = (value, slot.span, "recipe" if slot.via == "read" else "splat")
    return line


def _takes(written: str) -> Takes | None:
    """A field's name is its option's; how many values it takes is told by what follows."""
    return Takes(written.lstrip("-").replace("-", "_"), ANY) if written.startswith("--") else None


def _made(m: Machine, value: Abs | tuple[Abs, ...]) -> Abs:
    return value if isinstance(value, Abs) else one(m.memory.make(ListObj("list", value)))


def _convert(words: list[Word], kind: str | None) -> Abs | tuple[Abs, ...]:
    """The value of a field; by its annotation where that is known, else by how it is written."""
    if not words:
        return lit(True)
    values = tuple(_scalar(word, kind) for word in words)
    listed = kind is not None and "list" in kind.lower()
    return values if listed or len(values) > 1 else values[0]


def _scalar(word: Word, kind: str | None) -> Abs:
    text = word.text
    if text is None:
        return word.value
    lowered = text.lower()
    if kind is None or "bool" in kind:
        truths: Mapping[str, bool] = {"true": True, "false": False}
        if kind is not None:
            truths = {**truths, "yes": True, "no": False, "1": True, "0": False, "on": True, "off": False}
        if lowered in truths:
            return lit(truths[lowered])
    for type_, wanted in ((int, "int"), (float, "float")):
        if kind is None or wanted in kind:
            try:
                return lit(_number(type_, text))
            except ValueError:
                continue
    return lit(text)


def _number(kind: type[int] | type[float], text: str) -> Scalar:
    if "_" in text or not text.strip(" +-0123456789.eE") == "":
        raise ValueError(text)
    return kind(text)


# -- what comes out ---------------------------------------------------------------------------------------------


def _filled(m: Machine, kind: LocalClass | Symbol, line: _Line, which: str, node: ast.expr) -> Abs:
    if isinstance(kind, Symbol):
        return _library_object(m, kind.name, (), line, [], which, node)
    info = kind.info
    if any(not base.startswith("builtins.") for base in info.bases) and info.fields is not None:
        return _library_object(m, info.name, info.bases, line, _own(m, info, line, node), which, node)
    if info.fields is None or info.opaque is not None:
        return top(f"an object of `{info.name}`, filled by {which}")
    given = [ArgVal(found.name, value, m.span(node), m.span(node)) for found, value, _, _ in _own(m, info, line, node)]
    return instantiate(m, info, Args(tuple(given)), node)


_Field = tuple[DataField, Abs, Span, str]


def _own(m: Machine, info: ClassInfo, line: _Line, node: ast.expr) -> list[_Field]:
    """The fields that the project's class has, with what they get, where that stands, and how it came there."""
    found: list[_Field] = []
    for each in info.fields or ():
        place = each.span or m.span(node)
        given = line.values.get(each.name)
        if given is not None and line.open is None:
            found.append((each, *given))
            continue
        label = f"the command-line argument `--{each.name}`"
        default = m.call(each.factory, Args(), node) if each.factory is not None else each.default
        if given is not None:
            value, place, via = given
            value = m.either([(value, ()), (top(label), ())])
        elif default is None:
            value, via = top(label), "default"
        else:
            value = default if line.open is None else m.either([(default, ()), (top(label), ())])
            value, via = stepped(Abs(value.alts), Step(place, f"the default of `{info.name}.{each.name}`")), "default"
        found.append((each, value, place, via))
    return found


def _library_object(
    m: Machine, callee: str, bases: tuple[str, ...], line: _Line, own: list[_Field], which: str, node: ast.expr
) -> Abs:
    """An object of a library's dataclass, or of a subclass of it: as if it were called with what the line gives."""
    values = line.of(callee)
    if line.open is not None:
        # Whatever else comes may override it.
        more = top("a later part of the command line")
        values = {name: (m.either([(held, ()), (more, ())]), at, via) for name, (held, at, via) in values.items()}
    values.update({found.name: (value, place, via) for found, value, place, via in own})
    arguments = tuple(
        Argument(name, snapshots.freeze(m, value), place, place, via) for name, (value, place, via) in values.items()
    )
    span = m.span(node)
    scope = instances.scope(m)
    call = Call(callee, span, span, arguments, line.open, tuple(m.guards), bases, m.when, scope, parsed=True)
    if line.fields.get(callee) is None and not bases:
        m.records.call(call, hash(tuple(values)))  # a name that the class does not know is refused
    content = InstObj(
        callee,
        span,
        call,
        origin=bases[0] if bases else callee,
        digest=hash((callee, m.offsets.start(node), len(arguments))),
        attrs={name: value for name, (value, _, _) in values.items()},
        filled=_filled_reason(line, which),
    )
    return instances.new(m, content)


def _filled_reason(line: _Line, which: str) -> str:
    return f"parsed by {which}" if line.open is not None else "the default of its class"
