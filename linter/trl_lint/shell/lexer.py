"""From shell text to tokens with exact offsets, in one pass, whatever the text is.

Own code rather than a library: `bashlex` is under the GPL, `shlex` knows no offsets and no variables, and a compiled
grammar (tree-sitter) is a heavy dependency for what is a small part of a shell here: nothing is ever executed.
"""

from __future__ import annotations

import re

from trl_lint.shell.tokens import ArrayAssignment, Dialect, Hole, Operator, Part, RawWord, Text, Token, Variable

_PLAIN = re.compile(r"[^\s\\'\"$`|&;()<>#{}*?]+")
_BLANK = re.compile(r"(?:[ \t\f\v]|\\(?:\r\n|\r|\n))+")
_SPACE = re.compile(r"(?:\s|\\(?:\r\n|\r|\n))+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_TO_LINE_END = re.compile(r"[^\r\n]*")
_OPERATOR = re.compile(r"&&|\|\||\|&|;;&|;;|;&|&>>|&>|<<<|<<-|<<|<&|<>|>>|>&|>\||[|&;()<>]")
_REDIRECTIONS = frozenset({"<", ">", ">>", ">&", "<&", "&>", "&>>", ">|", "<>", "<<<"})
_NAME = re.compile(r"[A-Za-z_]\w*|\d|[@*#?$!-]")
_BRACED = re.compile(r"([A-Za-z_]\w*|\d+|[@*])(\[[@*]\])?(:?[-=+?])?")
_ARRAY = re.compile(r"([A-Za-z_]\w*)(\+)?=\(")
_BRACES = re.compile(r"\{[^\s{}'\"$`]*(?:,|\.\.)[^\s{}'\"$`]*\}")
_PYTHON = re.compile(r"\{[^{}\r\n]*\}")
_MAKE = re.compile(r"\(([\w.-]+)\)|\{([\w.-]+)\}")
_SINGLE = re.compile(r"[^']*'?")
_QUOTED = re.compile(r"[^\"\\$`]+")
_SKIPPED = re.compile(r"[^\\'\"`(){}]+")
_MOST_NESTED = 20

_RUN = "the output of a command"


def tokens(text: str, start: int, end: int, dialect: Dialect = Dialect.SHELL) -> list[Token]:
    """The tokens of `text[start:end]`. Comments and the bodies of here-documents are left out; a line end is an
    operator. Never fails: what is not closed ends with the text."""
    return _Lexer(text, start, end, dialect).run()


class _Lexer:
    def __init__(self, text: str, start: int, end: int, dialect: Dialect) -> None:
        self.text = text
        self.pos = start
        self.end = end
        self.dialect = dialect
        self.found: list[Token] = []
        self.documents: list[tuple[str, bool]] = []  # here-documents whose bodies follow the line
        self.closed_test = True  # whether a `]]` may follow

    def run(self) -> list[Token]:
        while (token := self.token()) is not None:
            self.found.append(token)
        return self.found

    def token(self) -> Token | None:
        """The next token; None at the end."""
        while self.pos < self.end:
            self.blank()
            if self.pos >= self.end:
                return None
            char = self.text[self.pos]
            if char in "\r\n":
                return self.line_end()
            if char == "#":
                self.pos = self.match_end(_TO_LINE_END)
            elif char in "|&;()<>":
                token = self.operator()
                if token is not None:
                    return token
            else:
                return self.assignment() or self.word()
        return None

    def match_end(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.pos, self.end)
        return match.end() if match is not None else self.pos

    def blank(self) -> None:
        self.pos = self.match_end(_BLANK)

    def line_end(self) -> Operator:
        start = self.pos
        self.pos = self.match_end(_LINE_END)
        for delimiter, indented in self.documents:
            self.skip_document(delimiter, indented)
        self.documents.clear()
        return Operator("\n", start, start + 1)

    def skip_document(self, delimiter: str, indented: bool) -> None:
        while self.pos < self.end:
            stop = self.match_end(_TO_LINE_END)
            line = self.text[self.pos : stop]
            self.pos = stop
            self.pos = self.match_end(_LINE_END)
            if (line.lstrip("\t") if indented else line) == delimiter:
                return

    def operator(self) -> Token | None:
        """The operator here; None for one that brings nothing (a here-document)."""
        start = self.pos
        if self.text.startswith("((", start) and self._at_command():
            self.pos = self.skip(start + 1, ")")
            if self.text.startswith(")", self.pos):
                self.pos += 1
            return RawWord((Hole("arithmetic", start, self.pos, True),), start, self.pos)
        if self.text.startswith(("<(", ">("), start):
            self.pos = self.skip(start + 2, ")")
            return RawWord((Hole(_RUN, start, self.pos, True),), start, self.pos)
        match = _OPERATOR.match(self.text, start, self.end)
        assert match is not None
        self.pos = match.end()
        if match[0] in ("<<", "<<-"):
            self.blank()
            word = self.word()
            delimiter = "".join(part.text for part in word.parts if isinstance(part, Text))
            self.documents.append((delimiter, match[0] == "<<-"))
            return None
        if match[0] in _REDIRECTIONS:
            self._drop_descriptor(start)
            return Operator(">", start, self.pos)
        return Operator("|" if match[0] == "|&" else match[0], start, self.pos)

    def _at_command(self) -> bool:
        last = self.found[-1] if self.found else None
        return last is None or isinstance(last, Operator) or (isinstance(last, RawWord) and last.plain in _OPENERS)

    def _drop_descriptor(self, start: int) -> None:
        last = self.found[-1] if self.found else None
        if isinstance(last, RawWord) and last.end == start and (last.plain or "").isdigit():
            self.found.pop()

    def assignment(self) -> ArrayAssignment | None:
        match = _ARRAY.match(self.text, self.pos, self.end)
        if match is None:
            return None
        start = self.pos
        self.pos = match.end()
        words: list[RawWord] = []
        while self.pos < self.end:
            self.pos = self.match_end(_SPACE)
            char = self.text[self.pos : self.pos + 1] if self.pos < self.end else ""
            if char == ")":
                self.pos += 1
                break
            if char == "#":
                self.pos = self.match_end(_TO_LINE_END)
            elif char and char in "(;|&<>":
                self.pos += 1
            elif char:
                words.append(self.word())
        return ArrayAssignment(match[1], match[2] is not None, tuple(words), start, self.pos)

    def word(self) -> RawWord:
        start = self.pos
        parts = self.parts("")
        if self.pos == start:
            self.pos += 1
            parts = [Text(self.text[start : self.pos], start, self.pos, False)]
        word = RawWord(tuple(_merged(parts)), start, self.pos)
        if word.plain == "[[" and self.closed_test:
            self._skip_test()
        return word

    def _skip_test(self) -> None:
        stop = self.text.find("]]", self.pos, self.end)
        self.closed_test = stop >= 0
        if stop >= 0:
            self.pos = stop + 2

    def parts(self, closing: str, depth: int = 0) -> list[Part]:
        """The parts of a word up to white space or an operator, or up to `closing` inside of `${...}`."""
        parts: list[Part] = []
        while self.pos < self.end:
            char = self.text[self.pos]
            start = self.pos
            if char == closing or (not closing and (char.isspace() or char in "|&;()<>")):
                break
            plain = _PLAIN.match(self.text, start, self.end)
            if plain is not None:
                self.pos = plain.end()
                parts.append(Text(plain[0], start, self.pos, False))
            elif char == "'":
                stop = _SINGLE.match(self.text, start + 1, self.end)
                self.pos = stop.end() if stop is not None else self.end
                closed = self.pos > start + 1 and self.text[self.pos - 1] == "'"
                inside = self.pos - 1 if closed else self.pos
                parts.append(Text(self.text[start + 1 : inside], start + 1, inside, True))
            elif char == '"':
                self.pos += 1
                parts += self.double(depth)
            elif char == "\\":
                parts += self.escape()
            elif char in "$`":
                parts.append(self.dollar(False, depth))
            elif char in "*?":
                self.pos += 1
                parts.append(Hole("a file pattern", start, self.pos, False, char))
            elif char == "{":
                parts.append(self.brace())
            else:
                self.pos += 1
                parts.append(Text(char, start, self.pos, False))
        return parts

    def brace(self) -> Part:
        start = self.pos
        python = _PYTHON.match(self.text, start, self.end) if self.dialect is Dialect.IPYTHON else None
        if python is not None:
            self.pos = python.end()
            return Hole("a value of the notebook", start, self.pos, False, python[0])
        braces = _BRACES.match(self.text, start, self.end)
        if braces is not None:
            self.pos = braces.end()
            return Hole("a brace expansion", start, self.pos, False, braces[0])
        self.pos += 1
        return Text("{", start, self.pos, False)

    def escape(self) -> list[Part]:
        start = self.pos
        newline = _LINE_END.match(self.text, start + 1, self.end)
        if newline is not None:
            self.pos = newline.end()
            return []
        self.pos = min(start + 2, self.end)
        return [Text(self.text[start + 1 : self.pos], start, self.pos, True)]

    def double(self, depth: int) -> list[Part]:
        """What stands between double quotes; `pos` is behind the opening one."""
        opened = self.pos
        parts: list[Part] = []
        while self.pos < self.end:
            start = self.pos
            plain = _QUOTED.match(self.text, start, self.end)
            if plain is not None:
                self.pos = plain.end()
                parts.append(Text(plain[0], start, self.pos, True))
                continue
            char = self.text[start]
            if char == '"':
                self.pos += 1
                break
            if char == "\\":
                following = self.text[start + 1 : start + 2]
                if following in ("\r", "\n") or following in tuple('$`"\\'):
                    parts += self.escape()
                else:
                    self.pos += 1
                    parts.append(Text("\\", start, self.pos, True))
            else:
                parts.append(self.dollar(True, depth))
        return parts or [Text("", opened, opened, True)]

    def dollar(self, quoted: bool, depth: int) -> Part:
        """A `$...` or a command in back quotes."""
        start = self.pos
        text = self.text
        if text[start] == "`":
            stop = text.find("`", start + 1, self.end)
            self.pos = stop + 1 if stop >= 0 else self.end
            return Hole(_RUN, start, self.pos, quoted, text[start : self.pos])
        if self.dialect is Dialect.MAKE:
            if text.startswith("$$", start):
                self.pos += 1
            else:
                return self.make_variable(quoted)
        at = self.pos + 1
        following = text[at : at + 1]
        if following == "(":
            self.pos = self.skip(at + 1, ")")
            return Hole(_RUN, start, self.pos, quoted, text[start : self.pos])
        if following == "{":
            return self.braced(start, at + 1, quoted, depth)
        if following in ("'", '"') and following and not quoted:
            self.pos = at
            return Text("", start, at, True)  # `$'...'` and `$"..."`: nearly the quotes that follow
        name = _NAME.match(text, at, self.end)
        if name is None:
            self.pos = at
            return Text("$", start, at, quoted)
        self.pos = name.end()
        return Variable(name[0], start, self.pos, quoted)

    def make_variable(self, quoted: bool) -> Part:
        start = self.pos
        name = _MAKE.match(self.text, start + 1, self.end)
        if name is not None:
            self.pos = name.end()
            return Variable(f"({name[1] or name[2]})", start, self.pos, quoted)
        if self.text.startswith(("(", "{"), start + 1):
            self.pos = self.skip(start + 2, ")" if self.text[start + 1] == "(" else "}")
            return Hole("a function of make", start, self.pos, quoted, self.text[start : self.pos])
        self.pos = min(start + 2, self.end)
        return Hole("a variable of make", start, self.pos, quoted, self.text[start : self.pos])

    def braced(self, start: int, at: int, quoted: bool, depth: int) -> Part:
        """`${...}`; `at` is behind the bracket."""
        match = _BRACED.match(self.text, at, self.end)
        if match is not None and depth < _MOST_NESTED:
            name = match[1] + ("[@]" if match[2] else "")
            self.pos = match.end()
            word: tuple[Part, ...] = ()
            if match[3]:
                word = tuple(_merged(self.parts("}", depth + 1)))
            if self.text.startswith("}", self.pos) and self.pos < self.end:
                self.pos += 1
                return Variable(name, start, self.pos, quoted, match[3] or "", word)
        self.pos = max(self.pos, at)
        self.pos = self.skip(self.pos, "}")
        return Hole("an expansion of the shell", start, self.pos, quoted, self.text[start : self.pos])

    def skip(self, pos: int, closing: str) -> int:
        """The offset behind the bracket that closes what was opened before `pos`: quotes and brackets nest."""
        stack = [closing]
        while pos < self.end and stack:
            plain = _SKIPPED.match(self.text, pos, self.end)
            if plain is not None:
                pos = plain.end()
                continue
            char = self.text[pos]
            pos += 1
            top = stack[-1]
            if char == "\\":
                pos = min(pos + 1, self.end)
            elif char == top:
                stack.pop()
            elif top == '"':
                if char in "({" and self.text[pos - 2] == "$":
                    stack.append(")" if char == "(" else "}")
            elif char == "'":
                stop = _SINGLE.match(self.text, pos, self.end)
                pos = stop.end() if stop is not None else self.end
            elif char == '"':
                stack.append('"')
            elif char in "({":
                stack.append(")" if char == "(" else "}")
        return pos


_OPENERS = frozenset({"if", "then", "else", "elif", "while", "until", "do", "!", "{", "for"})


def _merged(parts: list[Part]) -> list[Part]:
    """Neighbouring literal parts of the same kind as one, where they stand side by side."""
    merged: list[Part] = []
    run: list[Text] = []
    for part in parts:
        if run and not (isinstance(part, Text) and _follows(run[-1], part)):
            merged.append(_one(run))
            run = []
        if isinstance(part, Text) and part.end - part.start == len(part.text):
            run.append(part)
        else:
            merged.append(part)
    return [*merged, _one(run)] if run else merged


def _follows(one: Text, other: Text) -> bool:
    exact = other.end - other.start == len(other.text)
    return exact and one.quoted == other.quoted and one.end == other.start


def _one(run: list[Text]) -> Text:
    if len(run) == 1:
        return run[0]
    return Text("".join(part.text for part in run), run[0].start, run[-1].end, run[0].quoted)
