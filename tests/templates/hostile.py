"""Chat templates that want to do harm: never to end, to fill the memory, to reach Python, files or the terminal.

`SECRET` stands in the environment and in a file beside the project; `CANARY` is a file that some try to write.
"""

from __future__ import annotations

SECRET = "zq-not-to-be-told"
CANARY = "zq-canary"

_TURN = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
_DOUBLING = "{% for _ in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x | length }}"

TEMPLATES: dict[str, str] = {
    # never to end
    "loops-in-loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}" + _TURN,
    "calls-that-double": (
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(70) }}" + _TURN
    ),
    "filter-that-squares": "{{ (('a@' * 90000) | urlize) | length }}{{ ('a ' * 4000000) | wordwrap(1) | wordcount }}",
    "sorting-without-end": "{% for a in range(99999) %}{% set x = range(99999) | sort | unique | list %}{% endfor %}",
    "constant-that-never-compiles": "{{ 9 ** (9 ** 9) }}" + _TURN,
    "only-at-a-row": (
        "{% for m in messages %}{% if 'four' in m.content | lower %}{% for a in range(99999) %}"
        "{% for b in range(99999) %}{% endfor %}{% endfor %}{% endif %}{{ m.content }}{% endfor %}"
    ),
    # to fill the memory
    "huge-range": "{{ range(10 ** 9) | list | length }}" + _TURN,
    "huge-string": "{{ ('a' * 10 ** 10) | length }}" + _TURN,
    "huge-width": "{{ '{:>9999999999}'.format(1) | length }}" + _TURN,
    "huge-centre": "{{ 'a' | center(10 ** 10) }}" + _TURN,
    "huge-indent": "{{ messages | tojson(indent=10 ** 10) }}",
    "huge-lorem-ipsum": "{{ lipsum(n=10 ** 8) }}" + _TURN,
    "namespace-that-doubles": "{% set ns = namespace(x='ab') %}" + _DOUBLING + _TURN,
    "list-that-doubles": "{% set ns = namespace(x=[1]) %}" + _DOUBLING + _TURN,
    "replacing-that-explodes": (
        "{% set ns = namespace(x='aa') %}{% for _ in range(9) %}{% set ns.x = ns.x | replace('a', ns.x) %}{% endfor %}"
        "{{ ns.x | length }}"
    ),
    "slices-of-nothing": "{{ [1] | slice(10 ** 9) | list | length }}" + _TURN,
    "huge-output": "{% for a in range(99999) %}{{ 'abcdefghij' * 1000 }}{% endfor %}" + _TURN,
    # to break the stack or the parser
    "macro-that-calls-itself": "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}" + _TURN,
    "loop-that-calls-itself": "{% for m in messages recursive %}{{ loop(messages) }}{% endfor %}",
    "nested-brackets": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}" + _TURN,
    "nested-blocks": "{% if 1 %}" * 3_000 + _TURN + "{% endif %}" * 3_000,
    "endless-number": "{{ " + "9" * 200_000 + " }}" + _TURN,
    "longer-than-any": "{# " + "x" * 300_000 + " #}" + _TURN,
    # to reach Python, the environment, files
    "classes-of-a-string": "{{ ''.__class__.__mro__[1].__subclasses__() }}" + _TURN,
    "globals-of-a-function": (
        "{{ cycler.__init__.__globals__.os.system('touch " + CANARY + "') }}{{ lipsum.__globals__.os.environ }}" + _TURN
    ),
    "attribute-by-a-filter": "{{ (messages | attr('__class__')).__mro__ }}" + _TURN,
    "attribute-by-format": "{{ '{0.__class__.__init__.__globals__}'.format(cycler) }}" + _TURN,
    "attribute-by-format-map": "{{ '{x.__class__.__mro__}'.format_map({'x': messages}) }}" + _TURN,
    "attribute-by-map": "{{ messages | map(attribute='__class__.__mro__') | list | first | first + 1 }}" + _TURN,
    "itself": "{{ self._TemplateReference__context.environment.globals }}" + _TURN,
    "frames-of-a-generator": "{% set g = messages | map('upper') %}{{ g.gi_frame.f_back.f_globals.os.environ }}"
    + _TURN,
    "includes-a-file": "{% include '../secret.txt' %}" + _TURN,
    "imports-a-module": "{% import 'os' as os %}{{ os.environ }}" + _TURN,
    "extends-a-file": "{% extends '/etc/passwd' %}",
    "changes-the-rows": "{% set _ = messages.append(1) %}{% set _ = messages[0].update({'role': 'x'}) %}" + _TURN,
    # to fool the one who reads the report
    "terminal-codes": "{{ raise_exception('\x1b]0;owned\x07\x1b[2J\x1b[31m\r\nerror: not true\u202e') }}",
    "message-without-end": "{{ raise_exception('long ' * 1000000) }}",
    "forged-answer": '{{ raise_exception(\'\\n{"index": 0, "text": "fine", "spans": [], "error": null}\\n\') }}',
    "half-a-character": "{{ raise_exception('\\ud800') }}" + _TURN,
}
