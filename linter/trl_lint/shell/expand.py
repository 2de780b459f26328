"""From raw words to the words that a program gets: variables put in, split at white space where unquoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from trl_lint.dataclass import replace
from trl_lint.model.launch import Word
from trl_lint.model.span import Span
from trl_lint.model.value import Known, OneOf, Option, Step, Unknown, Value
from trl_lint.shell.arithmetic import evaluated
from trl_lint.shell.content import (
    BREAK,
    MOST_ALTERNATIVES,
    MOST_PIECES,
    Alternative,
    Atom,
    Atoms,
    Choice,
    Piece,
    Scope,
    When,
    agree,
    arms,
    both,
    unknown,
    words_of,
)
from trl_lint.shell.tokens import Hole, Part, RawWord, Text, Variable

_WORD = re.compile(r"\S+")
_OWN_FOLDER = re.compile(
    r"""\$\((?:cd\s+(?:--\s+)?["']?)?\$\(dirname\s+(?:--\s+)?["']?\$(?:0|\{BASH_SOURCE(?:\[0\])?\}|BASH_SOURCE)["']?\)
    (?P<rest>(?:/[\w./-]*)?)["']?\s*(?:>\s*/dev/null\s*(?:2>&1\s*)?)?(?:&&|;)\s*pwd(?:\s+-P)?\s*\)
    |\$\(dirname\s+(?:--\s+)?["']?\$(?:0|\{BASH_SOURCE(?:\[0\])?\}|BASH_SOURCE)["']?\)""",
    re.VERBOSE,
)
_JOINED = re.compile(r"--?[A-Za-z][\w.-]*=")
_MOST_WORK = 40_000  # pieces put together in one file; from there on nothing is known
_MANY = "there are too many possibilities"


class Expander:
    """Expands words of the file `path` in a scope, on one path through the script."""

    def __init__(self, path: str, own_folder: str) -> None:
        self.path = path
        self.own_folder = own_folder
        self.work = 0

    def words(self, raw: RawWord, scope: Scope, path: When) -> list[Word]:
        """What `raw` gives: no word, one, or several."""
        found = [(a.when, list(self._words_of(a.atoms, raw))) for a in self.alternatives(raw.parts, scope, path, True)]
        if len(found) == 1:
            return found[0][1]
        if _same_shape([words for _, words in found]):
            return [self._one_of(position, found) for position in range(len(found[0][1]))]
        return [
            replace(word, when=arms(when or (Choice(raw.start, index),), assumed=True))
            for index, (when, words) in enumerate(found)
            for word in words
        ]

    def alternatives(self, parts: Sequence[Part], scope: Scope, path: When, split: bool) -> list[Alternative]:
        """What `parts` may expand to, at least one alternative."""
        if len(parts) > MOST_PIECES or self.work > _MOST_WORK:
            return [Alternative((), (unknown(_MANY, parts[0].start, parts[-1].end),))]
        states = [Alternative((), ())]
        for part in parts:
            grown = [
                Alternative(both(state.when, more.when), (*state.atoms, *more.atoms))
                for more in self._of_part(part, scope, path, split)
                for state in states
                if agree(*state.when, *more.when)
            ]
            if not grown or len(grown) > MOST_ALTERNATIVES or sum(len(a.atoms) for a in grown) > 2 * MOST_PIECES:
                return [Alternative((), (unknown(_MANY, parts[0].start, parts[-1].end),))]
            states = grown
        self.work += sum(len(state.atoms) for state in states)
        return states

    def _of_part(self, part: Part, scope: Scope, path: When, split: bool) -> list[Alternative]:
        if isinstance(part, Text):
            exact = part.end - part.start == len(part.text)
            return [Alternative((), (Piece(part.text, part.start, part.end, exact, part.quoted),))]
        if isinstance(part, Hole):
            return [Alternative((), (self._of_hole(part, scope),))]
        found = self._of_variable(part, scope, path)
        if part.quoted or not split or part.name.startswith("("):
            nothing = Piece("", part.start, part.end)
            return [replace(a, atoms=tuple(_in_quotes(a.atoms or (nothing,)))) for a in found]
        return [replace(a, atoms=tuple(_split(a.atoms))) for a in found]

    def _of_hole(self, hole: Hole, scope: Scope) -> Piece:
        if hole.text.startswith("$((") and hole.text.endswith("))"):
            steps: list[Step] = []
            found = evaluated(hole.text[3:-2], lambda name: _number(scope, name, steps))
            if found is not None:
                return Piece(str(found), hole.start, hole.end, quoted=True, steps=tuple(steps))
        own = _OWN_FOLDER.fullmatch(hole.text) if "dirname" in hole.text else None
        if own is None:
            return unknown(hole.reason, hole.start, hole.end, hole.quoted)
        return Piece(self.own_folder + (own["rest"] or ""), hole.start, hole.end, quoted=True)

    def _of_variable(self, part: Variable, scope: Scope, path: When) -> list[Alternative]:
        found = [a for a in self._held(part, scope) if agree(*a.when, *path)]
        operator = part.operator.removeprefix(":")
        if operator in ("-", "="):
            return list(self._or_default(part, found, scope, path))
        if operator == "+":
            return list(self._if_set(part, found, scope, path))
        return found or [Alternative((), (self._unset(part),))]

    def _held(self, part: Variable, scope: Scope) -> Iterator[Alternative]:
        """What the variable holds by itself."""
        name = part.name.removesuffix("[@]")
        content = scope.get(name)
        if content is None:
            yield Alternative((), (self._unset(part),))
            return
        for alternative in content.alternatives:
            if BREAK in alternative.atoms and name.startswith("("):
                # Make puts the text in before the shell sees it: between quotes, several words are one.
                yield Alternative((), (self._unset(part),)) if part.quoted else alternative
            elif BREAK in alternative.atoms and not part.name.endswith("[@]") and name not in ("@", "*"):
                yield replace(alternative, atoms=alternative.atoms[: alternative.atoms.index(BREAK)])
            else:
                yield alternative

    def _unset(self, part: Variable) -> Piece:
        name = part.name.removesuffix("[@]")
        if name.isdigit() or name in ("@", "*"):
            reason = f"`${name}`, an argument of the script"
        elif name.startswith("("):
            reason = f"`$({name.strip('()')})`, which this file does not set"
        else:
            reason = f"`${name}`, which this file does not set"
        listed = name in ("@", "*") or part.name.endswith("[@]")
        return unknown(reason, part.start, part.end, part.quoted and not listed, f"${part.name}")

    def _or_default(self, part: Variable, found: list[Alternative], scope: Scope, path: When) -> Iterator[Alternative]:
        defaults = self.alternatives(part.word, scope, path, False) if part.word else [Alternative((), ())]
        for index, alternative in enumerate(found):
            pieces = [atom for atom in alternative.atoms if isinstance(atom, Piece)]
            if any(piece.text is None for piece in pieces):
                # Set or not, nobody knows; the default is one possibility.
                yield from _chosen(defaults, alternative.when, Choice(part.start, 2 * index, True))
                yield from _chosen([alternative], (), Choice(part.start, 2 * index + 1, True))
            elif part.operator.startswith(":") and not "".join(piece.text or "" for piece in pieces):
                yield from (replace(each, when=both(alternative.when, each.when)) for each in defaults)
            else:
                yield alternative

    def _if_set(self, part: Variable, found: list[Alternative], scope: Scope, path: When) -> Iterator[Alternative]:
        words = self.alternatives(part.word, scope, path, False) if part.word else [Alternative((), ())]
        for index, alternative in enumerate(found):
            pieces = [atom for atom in alternative.atoms if isinstance(atom, Piece)]
            if any(piece.text is None for piece in pieces):
                yield from _chosen(words, alternative.when, Choice(part.start, 2 * index, True))
                yield Alternative(both(alternative.when, (Choice(part.start, 2 * index + 1, True),)), ())
            elif any(piece.text for piece in pieces) or not part.operator.startswith(":"):
                yield from (replace(each, when=both(alternative.when, each.when)) for each in words)
            else:
                yield replace(alternative, atoms=())

    def _words_of(self, atoms: Atoms, raw: RawWord) -> Iterator[Word]:
        found = list(words_of(atoms))
        for pieces in found:
            yield from self._joined(pieces, raw, len(found) == 1)

    def _joined(self, pieces: tuple[Piece, ...], raw: RawWord, whole: bool) -> Iterator[Word]:
        """The word, or the two that a `=` joins."""
        first = pieces[0]
        match = _JOINED.match(first.text) if first.text is not None and first.exact else None
        if match is None:
            yield self._word(pieces, raw, whole)
            return
        stop = match.end() - 1
        span = Span(self.path, first.start, first.start + stop)
        yield Word(Known(match[0][:-1], first.steps), span, joined=True)
        rest = replace(first, text=first.text[stop + 1 :] if first.text else "", start=first.start + stop + 1)
        behind = tuple(piece for piece in (rest, *pieces[1:]) if piece.text != "") or (replace(rest, quoted=True),)
        word = self._word(behind, raw, False)
        if all(raw.start <= piece.start and piece.end <= raw.end for piece in pieces):
            word = replace(word, span=Span(self.path, first.start + stop + 1, raw.end))
        yield replace(word, many=False) if word.many else word

    def _word(self, pieces: tuple[Piece, ...], raw: RawWord, whole: bool) -> Word:
        steps = tuple(dict.fromkeys(step for piece in pieces for step in piece.steps))
        missing = next((piece for piece in pieces if piece.text is None), None)
        value: Value
        tail = ""
        if missing is None:
            value = Known("".join(piece.text or "" for piece in pieces), steps)
        else:
            value = Unknown(missing.reason, steps)
            for piece in pieces:
                tail = "" if piece.text is None else tail + piece.text
        many = missing is not None and len(pieces) == 1 and not missing.quoted
        span = self._span(pieces, raw, whole)
        return Word(value, span, many, variable=missing.variable if missing is not None else "", tail=tail)

    def _span(self, pieces: tuple[Piece, ...], raw: RawWord, whole: bool) -> Span:
        """The raw word, or where the word is one of several or an option: its own letters."""
        text = pieces[0].text or ""
        inside = all(raw.start <= piece.start and piece.end <= raw.end for piece in pieces)
        if whole and (inside or not text.startswith("-")):
            return Span(self.path, raw.start, raw.end)
        start, end = pieces[0].start, pieces[-1].end
        ordered = all(one.end <= other.start for one, other in pairwise(pieces))
        return Span(self.path, start, end) if ordered else Span(self.path, raw.start, raw.end)

    def _one_of(self, position: int, found: list[tuple[When, list[Word]]]) -> Word:
        first = found[0][1][position]
        options: dict[object, Option] = {}
        for when, words in found:
            word = words[position]
            inner = word.value
            assert not isinstance(inner, OneOf)
            key = (inner.value if isinstance(inner, Known) else None, arms(when))
            options.setdefault(key, Option(inner, arms(when)))
        values = {option.value.value if isinstance(option.value, Known) else None for option in options.values()}
        if len(values) == 1:
            return first
        steps = tuple(dict.fromkeys(step for option in options.values() for step in option.value.trail))
        many = any(words[position].many for _, words in found)
        variable = next((w[position].variable for _, w in found if w[position].variable), "")
        return replace(first, value=OneOf(tuple(options.values()), steps), many=many, variable=variable)


def _number(scope: Scope, name: str, steps: list[Step]) -> int | None:
    """The number that a variable holds, where it is one and no other; `steps` takes the lines that it came through."""
    content = scope.get(name)
    alternatives = content.alternatives if content is not None else ()
    if len(alternatives) != 1 or not all(isinstance(atom, Piece) for atom in alternatives[0].atoms):
        return None
    pieces = [atom for atom in alternatives[0].atoms if isinstance(atom, Piece)]
    text = "".join(piece.text if piece.text is not None else "?" for piece in pieces).strip()
    if not text.isdigit() or len(text) > 9:
        return None
    steps += (step for piece in pieces for step in piece.steps if step not in steps)
    return int(text)


def _same_shape(found: list[list[Word]]) -> bool:
    """Whether the alternatives differ in the values of some words only, none of which is an option."""
    if len({len(words) for words in found}) != 1:
        return False
    for position in range(len(found[0])):
        texts = {words[position].text for words in found}
        if len(texts) > 1 and any(text is not None and text.startswith("-") for text in texts):
            return False
        if len({words[position].joined for words in found}) != 1:
            return False
    return True


def _chosen(found: list[Alternative], when: When, choice: Choice) -> Iterator[Alternative]:
    for alternative in found:
        yield replace(alternative, when=both(both(when, alternative.when), (choice,)))


def _in_quotes(atoms: Atoms) -> Iterator[Atom]:
    for atom in atoms:
        yield replace(atom, quoted=True) if isinstance(atom, Piece) and not _is_list(atom) else atom


def _is_list(piece: Piece) -> bool:
    return piece.text is None and piece.variable.endswith(("@]", "$@", "$*"))


def _split(atoms: Atoms) -> Iterator[Atom]:
    """What an unquoted variable gives: text is cut at its white space."""
    for atom in atoms:
        if not isinstance(atom, Piece) or atom.text is None:
            yield replace(atom, quoted=False) if isinstance(atom, Piece) else atom
            continue
        text, end = atom.text, 0
        for match in _WORD.finditer(text):
            if match.start() > end:
                yield BREAK
            start = atom.start + match.start() if atom.exact else atom.start
            stop = atom.start + match.end() if atom.exact else atom.end
            yield replace(atom, text=match[0], start=start, end=stop)
            end = match.end()
        if end < len(text):
            yield BREAK


def assigned(found: list[Alternative], path: str, name: str, start: int, end: int) -> tuple[Alternative, ...]:
    """`found` as the content of the variable `name`, which is assigned at these offsets."""
    step = Step(Span(path, start, end), f"assigned to `{name}`")
    return tuple(
        replace(
            alternative,
            atoms=tuple(
                replace(atom, steps=(*atom.steps, step)[-8:]) if isinstance(atom, Piece) else atom
                for atom in alternative.atoms
            ),
        )
        for alternative in found
    )
