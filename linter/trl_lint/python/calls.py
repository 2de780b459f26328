"""Call expressions: the callee, the arguments, and who answers the call."""

from __future__ import annotations

import ast

from trl_lint.dataclass import replace
from trl_lint.model.value import Guard, Mutation, Symbol, Unknown
from trl_lint.python import instances
from trl_lint.python.atoms import (
    UNBOUND,
    Abs,
    Alt,
    Args,
    ArgVal,
    Atom,
    Attributes,
    Closure,
    DictObj,
    InstObj,
    ListObj,
    Lit,
    LocalClass,
    Method,
    Names,
    ObjObj,
    Partial,
    PathLit,
    Ref,
    Super,
    Top,
    Tup,
    Unbound,
    Wild,
    one,
    reason_of,
    top,
)
from trl_lint.python.attributes import attribute, class_attribute
from trl_lint.python.builtin_calls import call_builtin
from trl_lint.python.classes import instantiate
from trl_lint.python.commands.dispatch import parser_method
from trl_lint.python.comprehensions import comprehension
from trl_lint.python.config_calls import copied, open_file
from trl_lint.python.container_methods import dict_method, list_method
from trl_lint.python.containers import as_dict, inner, merged, spread
from trl_lint.python.functions import invoke, visit
from trl_lint.python.libraries import ENDS_PROCESS, is_trusted
from trl_lint.python.library_calls import call_known
from trl_lint.python.machine import Machine
from trl_lint.python.text_calls import path_method, text_method

MAX_CALLEES = 4
_READS = frozenset({"get", "keys", "values", "items", "copy"})  # methods of `globals()`


def call_expression(m: Machine, node: ast.Call, awaited: bool = False) -> Abs:
    """The value of a call."""
    special = _super(m, node)
    if special is not None:
        return special
    func = node.func
    if isinstance(func, ast.Attribute):
        callee = _method(m, m.eval(func.value), func)
    else:
        callee = m.eval(func)
    args = arguments(m, node, _consumes(callee))
    if awaited and isinstance(callee.only, Closure):
        return _drained(m, invoke(m, callee.only, args, node, awaited=True))
    return call(m, callee, args, node)


def _super(m: Machine, node: ast.Call) -> Abs | None:
    """`super()` in a method whose object is followed."""
    if not isinstance(node.func, ast.Name) or node.func.id != "super" or node.args or not m.active:
        return None
    info = m.active[-1]
    spec = [*info.node.args.posonlyargs, *info.node.args.args]
    if info.owner is None or not spec:
        return None
    return one(Super(info.owner, m.read(spec[0].arg)))


def _method(m: Machine, base: Abs, func: ast.Attribute) -> Abs:
    """The callee `base.name`: a method of an object that a library made is not a part of it."""
    bound = []
    for alt in base.alts:
        if not isinstance(alt.atom, Ref) or not isinstance(m.memory.content(alt.atom), InstObj):
            return attribute(m, base, func.attr, func) if len(base.alts) == 1 else _methods(m, base, func)
        bound.append(Alt(Method(alt.atom, func.attr), alt.when))
    return Abs(tuple(bound), base.trail)


def _methods(m: Machine, base: Abs, func: ast.Attribute) -> Abs:
    def run(atom: Atom) -> Abs:
        if isinstance(atom, Ref) and isinstance(m.memory.content(atom), InstObj):
            return one(Method(atom, func.attr))
        return attribute(m, one(atom), func.attr, func)

    callable_alts = tuple(alt for alt in base.alts if not _is_none(alt.atom))
    return m.each(Abs(callable_alts, base.trail) if callable_alts else base, run)


def _is_none(atom: Atom) -> bool:
    return isinstance(atom, Unbound) or (isinstance(atom, Lit) and atom.value is None)


def _consumes(callee: Abs) -> bool:
    """Whether the callee goes through an iterator once, at once."""
    atom = callee.only
    if isinstance(atom, Symbol):
        return atom.root == "builtins"
    return isinstance(atom, Method) and isinstance(atom.receiver, (Lit, Ref))


def arguments(m: Machine, node: ast.Call, consumes: bool = False) -> Args:
    """The arguments of a call, evaluated in order."""
    items: list[ArgVal] = []
    unknown: list[str | None] = [None, None]
    guards: list[Guard] = []
    for part in node.args:
        span = m.span(part)
        if isinstance(part, ast.Starred):
            found, more = spread(m, m.eval(part.value))
            items.extend(ArgVal(None, value, span, span, "splat") for value in found)
            unknown[1] = unknown[1] or more
        elif consumes and isinstance(part, ast.GeneratorExp):
            items.append(ArgVal(None, comprehension(m, part, consumed=True), span, span, "positional"))
        else:
            items.append(ArgVal(None, m.eval(part), span, span, "positional"))
    for keyword in node.keywords:
        value = m.eval(keyword.value)
        if keyword.arg is not None:
            items.append(ArgVal(keyword.arg, value, m.span(keyword), m.span(keyword.value)))
        else:
            unknown[0] = _splat(m, value, items, guards) or unknown[0]
    return Args(tuple(items), unknown[0], unknown[1], tuple(guards))


def _splat(m: Machine, value: Abs, items: list[ArgVal], guards: list[Guard]) -> str | None:
    """`**value`: one argument for each entry; gives why there may be others."""
    content = merged(m, DictObj({}), value)
    for key, slot in content.slots.items():
        if isinstance(key, str):
            items.append(ArgVal(key, slot.value, slot.span, slot.value_span or slot.span, slot.via, slot.optional))
        guards.extend(guard for guard in slot.guards if guard not in guards)
    return content.open


def call(m: Machine, callee: Abs, args: Args, node: ast.expr) -> Abs:
    """Call a value."""
    alts = tuple(alt for alt in callee.alts if not isinstance(alt.atom, (Lit, Unbound))) or callee.alts
    if len(alts) > MAX_CALLEES:
        m.memory.lose([callee, *(item.value for item in args.items)], "a call that may go to many places", m.span(node))
        return _drained(m, top("the result of a call that may go to many places"))
    return _drained(m, m.each(Abs(alts, callee.trail), lambda atom: _call(m, atom, args, node)))


def _drained(m: Machine, result: Abs) -> Abs:
    """Follow the functions that were handed out of the file, once each."""
    drain(m)
    return result


def drain(m: Machine) -> None:
    """Follow the functions that other code may call from now on."""
    while m.memory.lost_functions:
        info, closure = m.memory.lost_functions.popitem()
        if info not in m.visited:
            m.visited.add(info)
            visit(m, closure, f"`{info.qualname}`, which other code may call, changes it")


def _call(m: Machine, atom: Atom, args: Args, node: ast.expr) -> Abs:
    if isinstance(atom, Symbol):
        return _symbol(m, atom, args, node)
    if isinstance(atom, Method):
        return _bound_method(m, atom, args, node)
    if isinstance(atom, Closure):
        return invoke(m, atom, args, node)
    if isinstance(atom, LocalClass):
        return instantiate(m, atom.info, args, node)
    if isinstance(atom, Partial):
        own = [item for item in atom.args.items if item.name is None or args.keyword(item.name) is None]
        both = (*(item for item in own if item.name is None), *args.items, *(item for item in own if item.name))
        opened = Args(both, atom.args.open or args.open, atom.args.open_positional or args.open_positional, args.guards)
        return m.call(atom.callee, opened, node)
    if isinstance(atom, Ref):
        content = m.memory.content(atom)
        if isinstance(content, InstObj):
            m.memory.lose(instances.loose_functions(m, args), "a library may call it")
            return instances.method(m, atom, content, "__call__", args, node)
        if isinstance(content, ObjObj) and content.cls is not None:
            found = class_attribute(m, content.cls, "__call__", one(atom), node)
            if found is not None and isinstance(found.only, Closure):
                return invoke(m, found.only, args, node)
    return _unknown(m, atom, args, node)


def _unknown(m: Machine, atom: Atom, args: Args, node: ast.expr) -> Abs:
    text = m.text(node.func if isinstance(node, ast.Call) else node, 40)
    m.memory.lose([one(atom), *(item.value for item in args.items)], f"it is handed to `{text}()`", m.span(node))
    if isinstance(atom, Top) and atom.reason.startswith("`"):
        return top(f"the result of `{text}()`: {atom.reason}"[:160])
    return top(f"the result of `{text}()`")


def _symbol(m: Machine, symbol: Symbol, args: Args, node: ast.expr) -> Abs:
    if symbol.name in ENDS_PROCESS:
        m.memory.kill()
        return top("the process ends")
    if symbol.root == "builtins":
        found = call_builtin(m, symbol, args, node)
        return found if found is not None else _unknown(m, symbol, args, node)
    known = call_known(m, symbol.name, args, node)
    if known is not None:
        return known
    m.memory.lose(instances.loose_functions(m, args), "a library may call it")
    result_call = instances.record(m, symbol.name, args, node)
    if not is_trusted(symbol.name):
        m.memory.lose([item.value for item in args.items], f"it is handed to `{symbol.name}()`", m.span(node))
    return instances.make(m, symbol.name, result_call, args, node, symbol.name)


def _bound_method(m: Machine, method: Method, args: Args, node: ast.expr) -> Abs:
    receiver, name = method.receiver, method.name
    if isinstance(receiver, Super):
        return _super_method(m, receiver, name, args, node)
    found: Abs | None = None
    content = m.memory.content(receiver) if isinstance(receiver, Ref) else None
    if isinstance(receiver, Ref) and isinstance(content, InstObj):
        parsed = parser_method(m, content, name, args, node)
        if parsed is not None:
            return parsed
        if name != "set_defaults" or not content.origin.startswith("argparse."):  # which only keeps it
            m.memory.lose(instances.loose_functions(m, args), "a library may call it")
        return instances.method(m, receiver, content, name, args, node)
    if isinstance(receiver, Attributes):
        found = _on_attributes(m, receiver, name, args, node)
    elif isinstance(receiver, Ref) and isinstance(content, DictObj):
        found = dict_method(m, receiver, content, name, args, node)
    elif isinstance(receiver, Ref) and isinstance(content, ListObj):
        found = list_method(m, receiver, content, name, args)
    elif isinstance(content, ObjObj) and name in ("model_dump", "dict") and not args.items:
        found = copied(m, one(receiver), 0)
    elif isinstance(receiver, Lit):
        found = text_method(m, receiver, name, args)
    elif isinstance(receiver, PathLit):
        if name in ("open", "read_text"):
            itself = ArgVal(None, one(receiver), m.span(node), m.span(node), "positional")
            found = open_file(m, replace(args, items=(itself, *args.items)), node)
        found = found or path_method(m, receiver, name, args)
    if found is not None:
        return found
    m.memory.lose([item.value for item in args.items], f"it is handed to `.{name}()`", m.span(node))
    if isinstance(receiver, (Ref, Tup, Attributes)):
        m.memory.lose(inner(m, receiver), f"`.{name}()` is called")
    if isinstance(receiver, (Ref, Attributes)) or (isinstance(receiver, Names) and name not in _READS):
        m.memory.lose([one(receiver)], f"`.{name}()` may change it")
    reason = content.reason if isinstance(content, Wild) else reason_of(one(receiver), f"the result of `.{name}()`")
    return top(reason)


def _on_attributes(m: Machine, receiver: Attributes, name: str, args: Args, node: ast.expr) -> Abs | None:
    """A method of `vars(x)`: what it does to the dict, it does to the attributes."""
    held = m.memory.content(Ref(receiver.ident))
    view = as_dict(m, receiver)
    if view is None or not isinstance(held, ObjObj) or held.wild:
        return None
    copy = m.memory.make(view)
    found = dict_method(m, copy, view, name, args, node)
    after = m.memory.content(copy)
    if found is None or not isinstance(after, DictObj) or after.open is not None:
        return None
    if after is not view:
        attrs = {
            key: m.either([(slot.value, ()), (UNBOUND, ())]) if slot.optional else slot.value
            for key, slot in after.slots.items()
            if isinstance(key, str)
        }
        m.memory.write(receiver.ident, replace(held, attrs=attrs))
    return found


def _super_method(m: Machine, receiver: Super, name: str, args: Args, node: ast.expr) -> Abs:
    """A method that an ancestor outside of the file defines."""
    bases = receiver.owner.bases
    if name == "__init__" and not bases:
        return top("None")
    if not bases or not all(is_trusted(base) for base in bases):
        m.memory.lose([item.value for item in args.items], f"it is handed to `super().{name}()`", m.span(node))
    target = receiver.receiver.only
    content = m.memory.content(target) if isinstance(target, Ref) else None
    if isinstance(target, Ref) and isinstance(content, InstObj):
        note = Unknown("what a method gives")
        instances.mutate(m, target, Mutation("call", name, note, m.span(node)))
    return top(f"the result of `super().{name}()`")
