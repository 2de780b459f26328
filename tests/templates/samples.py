"""Small chat templates of our own, and artifacts that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trl_lint.model.artifact import Artifact, Evidence

PLAIN = """\
{%- for turn in messages %}
{{- '<turn:' + turn.role + '>' + turn.content + '<stop>\\n' }}
{%- endfor %}
"""

INSIDE = """\
{%- for turn in messages %}
{%- if turn.role == 'assistant' %}
{{- '<turn:assistant>' }}
{%- generation %}{{ turn.content + '<stop>' }}{% endgeneration %}
{{- '\\n' }}
{%- else %}
{{- '<turn:' + turn.role + '>' + turn.content + '<stop>\\n' }}
{%- endif %}
{%- endfor %}
"""

OUTSIDE = INSIDE.replace("turn.content + '<stop>' }}{% endgeneration %}", "turn.content }}{% endgeneration %}<stop>")

PARTS = """\
{%- for turn in messages %}<turn:{{ turn.role }}>
{%- for part in turn.content %}
{%- if turn.role == 'assistant' %}{% generation %}{{ part.text }}<stop>{% endgeneration %}
{%- else %}{{ part.text }}<stop>{% endif %}
{%- endfor %}
{%- endfor %}
"""


def artifact(
    files: Mapping[str, Any],
    *,
    templates: Mapping[str, str] | None = None,
    complete: bool = True,
    absent: frozenset[str] = frozenset(),
    evidence: Evidence = Evidence.LOCAL,
) -> Artifact:
    """A model with these JSON files (None: present and unreadable) and template files, and a tokenizer."""
    texts = dict(templates or {})
    return Artifact(
        "org/model",
        evidence,
        files=frozenset({*files, *texts, "tokenizer.json"}),
        json_files={name: value for name, value in files.items() if value is not None},
        templates=texts,
        complete=complete,
        absent=absent,
    )
