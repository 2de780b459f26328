"""Code that runs any number of times, and what is true whenever it starts."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from trl_lint.dataclass import dataclass, field, replace
from trl_lint.python.atoms import Abs, InstObj, Key, Ref, Stored, Top, one, top
from trl_lint.python.joins import same, without_arms
from trl_lint.python.machine import Exits, Machine
from trl_lint.python.memory import Layer, Watcher
from trl_lint.python.scopes import bindings

PATIENCE = 2  # turns before a value that keeps changing is given up
MAX_TURNS = 12
REASON = "it is assigned in a loop"


@dataclass(slots=True)
class Outcome:
    """What any number of turns may have changed, and the states in which a `break` leaves.

    `lost` is what can then no longer be followed; `exposed` is what was read of the state before,
    `touched` what was changed of it in any turn. `unfollowed`: the budget was spent on the way, and nothing is said.
    """

    changes: dict[Key, Stored]
    breaks: list[Layer] = field(default_factory=list)
    lost: list[Abs] = field(default_factory=list)
    exposed: set[Key] = field(default_factory=set)
    touched: set[Key] = field(default_factory=set)
    unfollowed: bool = False

    def apply(self, m: Machine) -> None:
        """Go on from the state after any number of turns."""
        for key, stored in self.changes.items():
            m.memory.write(key, stored)
        m.memory.lose(self.lost, REASON)


def repeat(m: Machine, body: Callable[[], None]) -> Outcome:
    """Run `body` zero or more times: find what holds at the start of every turn, and run it from there."""
    mark = m.records.mark()
    returns = m.exits[-1].returns if m.exits else []
    returned = len(returns)
    start = m.memory.fresh()
    touched: set[Key] = set()
    patience = max(0, PATIENCE - len(m.loops))  # the turns of nested loops multiply
    for turn in range(MAX_TURNS):
        m.records.rewind(mark)
        del returns[returned:]
        exits, watcher = Exits(len(m.memory.layers)), Watcher(len(m.memory.layers))
        m.loops.append(exits)
        m.memory.watchers.append(watcher)
        m.memory.push()
        body()
        ends = [m.memory.pop(), *exits.jumps]
        m.memory.watchers.pop()
        m.loops.pop()
        if exits.unfollowed:
            m.records.rewind(mark)
            return Outcome({}, unfollowed=True)
        outcome = _outcome(m, [end for end in ends if not end.dead], watcher.exposed, start)
        older = [key for key in outcome.changes if _owner(key) < start]
        touched.update(older)
        carried = [key for key in older if key in watcher.exposed]
        if turn > patience + 1 and carried:
            carried = older
        if not carried:
            outcome.exposed = {key for key in watcher.exposed if _owner(key) < start}
            outcome.touched = touched
            outcome.breaks = [_settled(m, layer, outcome, watcher.tainted) for layer in exits.breaks]
            for _, layer in returns[returned:]:
                for key, stored in outcome.changes.items():
                    layer.writes[key] = m.memory.joined(key, [layer.writes.get(key), stored])
            return outcome
        _start_over(m, outcome, carried, give_up=turn >= patience)
    m.records.rewind(mark)
    m.memory.wild_before = m.memory.fresh()
    forgotten: dict[Key, Stored] = {key: top(REASON) for key in touched if isinstance(key, tuple)}
    return Outcome(forgotten, touched=touched)


def _owner(key: Key) -> int:
    """The object or frame that a key belongs to."""
    return key if isinstance(key, int) else key[0]


def _outcome(m: Machine, ends: list[Layer], exposed: set[Key], start: int) -> Outcome:
    found = Outcome({})
    m.steps += sum(len(end.writes) for end in ends) // 2
    if len(ends) == 1:  # what was made in the turn needs no joining
        made = ((key, stored) for key, stored in ends[0].writes.items() if isinstance(key, int) and key > start)
        found.changes = {key: without_arms(stored) for key, stored in made}
    for key in dict.fromkeys(key for end in ends for key in end.writes):
        if key in found.changes:
            continue
        base = m.memory.peek(key)
        values = [base, *(end.writes.get(key, base) for end in ends)]
        stored = without_arms(m.memory.join(key, values, found.lost))
        if same(stored, base):
            continue
        if key in exposed and isinstance(base, Abs) and isinstance(base.only, Top) and isinstance(stored, Abs):
            found.lost.append(stored)  # nothing was claimed of it already
        else:
            found.changes[key] = stored
    return found


def _start_over(m: Machine, outcome: Outcome, carried: list[Key], give_up: bool) -> None:
    """The next turn starts with what the last one left: what it made, and what it changed and is looked at."""
    for key, stored in outcome.changes.items():
        if m.memory.peek(key) is None:
            m.memory.write(key, stored)
    m.memory.lose(outcome.lost, REASON)
    for key in carried:
        stored = outcome.changes[key]
        if not give_up:
            m.memory.write(key, stored)
        elif isinstance(stored, Abs):
            m.memory.lose([stored], REASON)
            m.memory.write(key, top(REASON))
        elif isinstance(key, int):
            m.memory.write(key, replace(stored, attrs={}) if isinstance(stored, InstObj) else stored)
            if not isinstance(stored, InstObj):
                m.memory.lose([one(Ref(key))], "it changes in a loop")


def _settled(m: Machine, layer: Layer, outcome: Outcome, tainted: set[Key]) -> Layer:
    """A state that leaves the loop after any number of turns; which arms led there in the last one is forgotten."""
    writes = dict(outcome.changes)
    for key, stored in layer.writes.items():
        if key in tainted and key in outcome.changes:
            stored = m.memory.joined(key, [stored, outcome.changes[key]])
        writes[key] = without_arms(stored)
    return Layer(writes, m.memory.path)


def loop(
    m: Machine, body: Callable[[], None], nodes: list[ast.stmt], otherwise: Callable[[], None], endless: bool
) -> None:
    """A whole loop statement. `endless`: only a `break` leaves it."""
    if m.exhausted:
        coarse(m, body, nodes)
        otherwise()
        return
    outcome = repeat(m, body)
    if outcome.unfollowed:
        coarse(m, body, nodes)
        otherwise()
        return
    m.memory.push()
    outcome.apply(m)
    if endless:
        m.memory.kill()
    else:
        otherwise()
    m.memory.merge([m.memory.pop(), *outcome.breaks])


def coarse(m: Machine, body: Callable[[], None], nodes: Iterable[ast.AST]) -> None:
    """A loop without following it: all that it may change is unknown, during it and after it."""
    found = bindings(nodes)
    names = found.names | found.declared_global | found.declared_nonlocal
    _forget(m, names)
    exits = Exits(len(m.memory.layers))
    m.loops.append(exits)
    m.memory.push()
    body()
    layer = m.memory.pop()
    m.loops.pop()
    if not layer.dead:
        m.memory.merge([layer, Layer(path=m.memory.path)])
    _forget(m, names)


def _forget(m: Machine, names: Iterable[str]) -> None:
    for name in names:
        held = m.memory.variable(m.owner(name).ident, name)
        if held is not None:
            m.memory.lose([held], REASON)
        m.bind(name, top(REASON))
    m.memory.wild_before = m.memory.fresh()


def many(m: Machine, run: Callable[[], object], reason: str) -> set[Key]:
    """Run code that other code may call at any time, now or later, with what cannot be known: what it reads."""
    outcome = repeat(m, lambda: _once(m, run))
    outcome.apply(m)
    m.memory.leaky |= outcome.exposed
    for key in outcome.touched:
        if isinstance(key, tuple):
            m.memory.volatile[key] = reason
        elif not isinstance(m.memory.peek(key), InstObj):
            m.memory.lose([one(Ref(key))], reason)
    return outcome.exposed


def _once(m: Machine, run: Callable[[], object]) -> None:
    m.memory.push()
    run()
    m.memory.merge([m.memory.pop(), Layer(path=m.memory.path)])
