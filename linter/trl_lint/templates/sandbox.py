"""The child process that renders chat templates. Run by path, never imported: it sees only jinja2 and itself.

It reads one JSON object from standard input and writes one JSON line for each rendering. Everything that a
hostile template can do ends here: the parent gives it no environment, and it gives up processor time, memory,
files, processes and sockets before it looks at the template.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import sys
import time
from collections.abc import Callable
from typing import Any

# A verdict must not depend on the day.
_TODAY = datetime.datetime(2024, 1, 1)


def main() -> None:
    """Answer the request on standard input."""
    request = json.loads(sys.stdin.buffer.read())
    sys.path.extend(request["paths"])
    blocks: list[str] = []
    spans: list[tuple[int, int]] = []
    environment = _environment(blocks, spans)
    _warm_up(environment)
    _give_up_rights(request["cpu"], request["memory"])
    template = None
    for index, rendering in enumerate(request["renderings"]):
        blocks.clear()
        spans.clear()
        answer: dict[str, Any] = {"index": index, "text": None, "spans": [], "error": None}
        try:
            template = template or environment.from_string(request["template"])
            longest = request["length"] + 2 * len(json.dumps(rendering))
            if _fill(blocks, template.generate(**rendering), longest):
                answer.update(text="".join(blocks), spans=spans)
            else:
                answer["error"] = request["too_long"]
        except MemoryError:
            answer["error"] = request["exhausted"]
        except (OSError, ImportError) as error:  # what was given up, or what Jinja would import only now
            answer["error"] = f"{request['untried']} ({type(error).__name__})"
        except BaseException as error:
            answer["error"] = f"{type(error).__name__}: {str(error)[:300]}"
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _fill(blocks: list[str], pieces: Any, limit: int) -> bool:
    """Gathers the pieces; False where they are longer than `limit` characters."""
    length = 0
    for piece in pieces:
        blocks.append(piece)
        length += len(piece)
        if length > limit:
            return False
    return True


def _environment(blocks: list[str], spans: list[tuple[int, int]]) -> Any:
    """Jinja as transformers sets it up for chat templates (utils/chat_template_utils.py, 4.46 to 5.20).

    Like there, a block's place is the length of what the whole template has put out before it: inside a macro or
    a `{% set %}` block that is the place of the call, so such spans are as wrong here as in training.
    """
    from jinja2 import nodes
    from jinja2.exceptions import TemplateError
    from jinja2.ext import Extension, loopcontrols
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Generation(Extension):
        tags = {"generation"}  # noqa: RUF012

        def parse(self, parser: Any) -> Any:
            line = next(parser.stream).lineno
            body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
            return nodes.CallBlock(self.call_method("_record"), [], [], body).set_lineno(line)

        def _record(self, caller: Callable[[], str]) -> str:
            text = caller()
            start = sum(map(len, blocks))
            spans.append((start, start + len(text)))
            return text

    def raise_exception(message: object) -> None:
        raise TemplateError(str(message))

    def tojson(value: Any, ensure_ascii: bool = False, **options: Any) -> str:
        return json.dumps(value, ensure_ascii=ensure_ascii, **options)

    extensions = [Generation, loopcontrols]
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=extensions)
    environment.filters["tojson"] = tojson
    environment.globals["raise_exception"] = raise_exception
    environment.globals["strftime_now"] = lambda form: _TODAY.strftime(form)
    return environment


def _warm_up(environment: Any) -> None:
    """Import what Jinja imports on demand, while files can still be opened."""
    with contextlib.suppress(Exception):
        environment.from_string("{% for x in y | sort %}{{ x | tojson }}{% endfor %}").render(y=["a"])
    with contextlib.suppress(Exception):
        environment.from_string("{{ x | wordwrap(9) ~ x | pprint ~ lipsum(n=1) }}").render(x="a b")
    with contextlib.suppress(Exception):
        environment.from_string("{{ raise_exception(strftime_now('%Y')) }}").render()


def _give_up_rights(cpu: int, memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's deadline and what it reads are the only limits
        return
    used = int(time.process_time()) + 1
    for name, limit in (
        ("RLIMIT_CPU", used + cpu),
        ("RLIMIT_AS", memory),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NPROC", 0),
        ("RLIMIT_NOFILE", 3),
    ):
        # macOS refuses some of them, and takes no notice of the one on memory; the others still hold.
        with contextlib.suppress(ValueError, OSError, AttributeError):
            resource.setrlimit(getattr(resource, name), (limit, limit))


if __name__ == "__main__":
    main()
