"""What an argument parser was told, sub-commands included, and the namespace that it makes of a command line."""

from __future__ import annotations

import ast

from trl_lint.dataclass import dataclass, field, replace
from trl_lint.model.span import Span
from trl_lint.model.value import Arm
from trl_lint.python.atoms import NONE, UNBOUND, Abs, lit, top
from trl_lint.python.commands.options import BOOLEAN, Option, value_of
from trl_lint.python.commands.words import ANY, OPTIONAL, Given, Line, Takes, Time, Word, read
from trl_lint.python.machine import Machine

_UNKNOWN = "which sub-command is called"

Attributes = dict[str, Abs]


@dataclass(slots=True)
class Told:
    """Options in their order, the defaults that were set apart from them, and the parsers of sub-commands (one whose
    name is not known under the empty name). `open` says why there may be more."""

    options: list[Option] = field(default_factory=list)
    defaults: dict[str, tuple[Abs, Span, bool]] = field(default_factory=dict)
    open: str | None = None
    commands: dict[str, Told] = field(default_factory=dict)
    commands_dest: str | None = None
    commands_required: bool = False
    commands_at: int = 0  # how many options came before them

    def command(self, name: str) -> Told:
        """The parser of a sub-command."""
        if name not in self.commands:
            self.commands[name] = Told()
        return self.commands[name]

    def add(self, option: Option, explicit: bool) -> None:
        """An option; with a default of its own (`explicit`) it does not take what was set before."""
        if explicit and option.dest in self.defaults and not option.optional:
            del self.defaults[option.dest]
        self.options.append(option)

    def set_default(self, m: Machine, dest: str, value: Abs, span: Span, optional: bool) -> None:
        """`set_defaults(dest=value)`, on some paths only where `optional`."""
        before = self.defaults.get(dest)
        if not optional:
            self.defaults[dest] = (value, span, False)
        elif before is not None:
            self.defaults[dest] = (m.either([(before[0], ()), (value, ())]), span, before[2])
        else:
            own = next((option.default for option in self.options if option.dest == dest), None)
            value = m.either([(own, ()), (value, ())]) if own is not None else value
            self.defaults[dest] = (value, span, own is None)

    def takes(self, written: str) -> Takes | None:
        """The option that a word means: itself, or the only one that it begins."""
        exact = next((option for option in self.options if written in option.names), None)
        if exact is None and written.startswith("--"):
            if written.startswith("--no-"):
                names = f"--{written[5:]}"
                positive = next((o for o in self.options if o.action == BOOLEAN and names in o.names), None)
                if positive is not None:
                    return Takes(positive.at, 0, off=True)
            begun = [o for o in self.options if any(name.startswith(written) for name in o.names)]
            exact = begun[0] if len(begun) == 1 else None
        return Takes(exact.at, exact.takes) if exact is not None else None

    def doubtful(self, written: str) -> bool:
        """Whether a word means one option where all are there, and abbreviates another where one of them is not."""
        if not written.startswith("--"):
            return False
        begun = [option for option in self.options if any(name.startswith(written) for name in option.names)]
        sure = any(written in option.names and not option.optional for option in begun)
        return len(begun) > 1 and not sure and any(option.optional for option in begun)

    def by_dest(self) -> dict[str, list[Option]]:
        """The options that end in one attribute, each with the default that counts: that of the first."""
        found: dict[str, list[Option]] = {}
        for option in self.options:
            first = found.get(option.dest)
            if first is not None and not first[0].optional:
                option = replace(option, default=first[0].default, suppressed=first[0].suppressed)
            held = self.defaults.get(option.dest)
            if held is not None:
                option = replace(option, default=held[0], suppressed=False)
            found.setdefault(option.dest, []).append(replace(option, unsure=self.open is not None))
        for dest, (value, span, optional) in self.defaults.items():
            if dest not in found:
                what, unsure = "set as a default of", self.open is not None
                option = Option((), dest, span, value, optional=optional, what=what, action="set", unsure=unsure)
                found[dest] = [option]
        return found


def values_of(m: Machine, told: Told, line: Line | None, node: ast.expr, strict: bool) -> Attributes:
    """The attributes of the namespace, unbound on the paths on which one is missing. `strict`: words that no option
    takes are refused."""
    command: str | None = None
    words = line.words if line is not None else ()
    rest: tuple[Word, ...] = ()
    if told.commands and line is not None:
        at = _command_at(told, words)
        if at is None:
            line = None
        elif at < len(words):
            command, rest, words = words[at].text, words[at + 1 :], words[:at]
    given = _given(told, words, line.open, strict) if line is not None else None
    attrs = {dest: _value(m, several, given, node) for dest, several in _in_order(told, given)}
    if told.commands:
        below = None if line is None else Line(rest, line.open)
        _add_commands(m, told, command, below, attrs, node, strict)
    return attrs


def _in_order(told: Told, given: Given | None) -> list[tuple[str, list[Option]]]:
    """The attributes in the order in which they are set: those that only a word sets come last, as they are written;
    one that is not written is left out."""
    found = told.by_dest()
    late = [dest for dest, several in found.items() if all(option.suppressed for option in several)]
    if given is not None and given.open is None:
        written = [dest for key in given.order for dest in late if any(o.at == key for o in found[dest])]
        late = list(dict.fromkeys(written))
        found = {dest: several for dest, several in found.items() if dest in late or not several[0].suppressed}
    return [*((dest, several) for dest, several in found.items() if dest not in late), *((d, found[d]) for d in late)]


def _given(told: Told, words: tuple[Word, ...], open_: str | None, strict: bool) -> Given:
    given = read(words, told.takes, open_)
    _place_positional(told, given)
    short = [name for option in told.options for name in option.names if len(name) == 2]
    joined = any(word.text is not None and len(word.text) > 2 and word.text[:2] in short for word in words)
    if not strict and not joined and given.open is not None and given.open.endswith("no option of this parser"):
        given.open = None
    doubtful = next((word.text for word in words if word.text and told.doubtful(word.text.partition("=")[0])), None)
    if doubtful is not None:
        given.open = given.open or f"which option `{doubtful}` means"
    return given


def _command_at(told: Told, words: tuple[Word, ...]) -> int | None:
    """Where the name of a sub-command stands: behind all words where there is none, None where that is not known."""
    if "" in told.commands:
        return None
    for position, word in enumerate(words):
        if word.text is None or word.optional or word.many:
            return None
        if word.text in told.commands:
            before = read(words[: position + 1], told.takes)
            if before.open is not None:
                return None
            if before.positional and before.positional[-1] is word:
                return position
    return len(words)


def _value(m: Machine, several: list[Option], given: Given | None, node: ast.expr) -> Abs:
    """The value of one attribute: of options that share it the one that is written last gives it."""
    if given is not None and len(several) > 1 and not any(option.optional for option in several):
        written = [key for key in given.order if any(option.at == key for option in several)]
        kept = [option for option in several if written and option.at == written[-1]] or several[:1]
        if len(set(written)) <= 1 or kept[0].action not in ("append", "extend", "count"):
            return value_of(m, kept[0], given, node)
        return top("options that add to one another")
    values: list[tuple[Abs, tuple[Arm, ...]]] = [(value_of(m, option, given, node), ()) for option in several]
    return values[0][0] if len(values) == 1 else _any(m, several, values)


def _any(m: Machine, several: list[Option], values: list[tuple[Abs, tuple[Arm, ...]]]) -> Abs:
    """Any of the values; the attribute is there where one of the options always is."""
    value = m.either(values)
    if all(option.optional for option in several) or any(option.suppressed for option in several):
        return value
    return Abs(tuple(alt for alt in value.alts if alt not in UNBOUND.alts), value.trail)


def _add_commands(
    m: Machine, told: Told, command: str | None, line: Line | None, attrs: Attributes, node: ast.expr, strict: bool
) -> None:
    """What the parsers of sub-commands add: their values take the place of those of the parser itself."""
    if told.commands_dest is not None:
        names = [(lit(name), ()) for name in told.commands if name]
        unknown = m.either([*names, (top(_UNKNOWN), ())])
        called = unknown if line is None else lit(command) if command is not None else NONE
        before = {option.dest for option in told.options[: told.commands_at]}
        after = {dest: attrs.pop(dest) for dest in list(attrs) if dest not in before}
        attrs[told.commands_dest] = called
        attrs.update((dest, value) for dest, value in after.items() if dest != told.commands_dest)
    if line is not None:
        if command is not None:
            attrs.update(values_of(m, told.commands[command], line, node, strict))
        return
    found = [values_of(m, each, None, node, strict) for each in told.commands.values()]
    always = told.commands_required
    for dest in dict.fromkeys(name for each in found for name in each):
        values: list[tuple[Abs, tuple[Arm, ...]]] = [(each[dest], ()) for each in found if dest in each]
        if not always or len(values) < len(found):
            values.append((attrs.get(dest, UNBOUND), ()))
        attrs[dest] = m.either(values)


def _place_positional(told: Told, given: Given) -> None:
    """Give the words without an option to the arguments that are known by their place."""
    waiting = list(given.positional) if given.open is None else []
    places = [option for option in told.options if option.positional and not option.optional]
    fixed = sum(1 for option in places if option.takes == 1)
    for option in places:
        if option.takes == 1 and waiting:
            word = waiting.pop(0)
            given.options.setdefault(option.at, []).append(Time(word.span, [word]))
        elif option.takes in (ANY, OPTIONAL) and waiting and len(places) == fixed + 1:
            mine = waiting if option.takes == ANY else waiting[:1]
            given.options.setdefault(option.at, []).append(Time(mine[0].span, list(mine)))
            waiting = [] if option.takes == ANY else waiting[1:]
