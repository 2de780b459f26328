"""What a wheel's METADATA says it needs."""

from __future__ import annotations

import re

_KEPT = ("accelerate", "datasets", "peft", "transformers", "trl", "unsloth-zoo")
_LINE = re.compile(r"^Requires-Dist: *([A-Za-z0-9_.-]+)(?:\[[^\]\n]*\])? *\(?([^;()\n]*)\)? *(?:;(.*))?$", re.MULTILINE)


def requires(metadata: str) -> dict[str, str]:
    """PEP 440 specifiers of the packages that matter, spaces removed; those of extras only where nothing else says.

    `python` is `Requires-Python`. A package without a bound has the empty specifier.
    """
    found: dict[str, str] = {}
    extra: dict[str, str] = {}
    itself = re.search(r"^Name: *(.*)$", metadata, re.MULTILINE)
    for written, specifier, marker in _LINE.findall(metadata.partition("\n\n")[0]):
        name = written.lower().replace("_", "-")
        if name in _KEPT and not (itself and itself[1].strip().lower() == name):  # `trl[vllm]` in an extra of TRL
            target = extra if "extra" in marker else found
            parts = [*target.get(name, "").split(","), *re.sub(r"\s", "", specifier).split(",")]
            target[name] = ",".join(dict.fromkeys(part for part in parts if part))
    python = re.search(r"^Requires-Python: *(.*)$", metadata, re.MULTILINE)
    if python:
        found["python"] = re.sub(r"\s", "", python[1])
    return dict(sorted({**extra, **found}.items()))
