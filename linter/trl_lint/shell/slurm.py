"""`#SBATCH --nodes=4`: the variables that Slurm sets for a script by its own directives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trl_lint.dataclass import dataclass

_DIRECTIVE = re.compile(
    r"^#SBATCH[ \t]+(?:--(?P<long>[\w-]+)(?:=|[ \t]+)|-(?P<short>[Nn])[ \t]*)(?P<value>[^\s#]+)", re.MULTILINE
)
_GPUS = re.compile(r"(?:gpu:)?(?:[A-Za-z][\w.-]*:)?(\d{1,3})")
_VARIABLES = {
    "nodes": ("SLURM_NNODES", "SLURM_JOB_NUM_NODES"),
    "N": ("SLURM_NNODES", "SLURM_JOB_NUM_NODES"),
    "ntasks": ("SLURM_NTASKS", "SLURM_NPROCS"),
    "n": ("SLURM_NTASKS", "SLURM_NPROCS"),
    "ntasks-per-node": ("SLURM_NTASKS_PER_NODE",),
    "gpus-per-node": ("SLURM_GPUS_PER_NODE", "SLURM_GPUS_ON_NODE"),
    "gres": ("SLURM_GPUS_ON_NODE",),
}


@dataclass(frozen=True, slots=True)
class Directive:
    """A variable that a directive sets, to which number, and where that stands."""

    variable: str
    value: str
    start: int
    end: int


def directives(text: str) -> Iterator[Directive]:
    """The variables that the directives of a batch script set; a range of nodes sets none."""
    if "#SBATCH" not in text:
        return
    for match in _DIRECTIVE.finditer(text):
        name = match["long"] or match["short"]
        value = match["value"].strip("\"'")
        if name in ("gres", "gpus-per-node"):
            found = _GPUS.fullmatch(value)
            value = found[1] if found is not None else ""
        if value.isdigit() and len(value) < 6:
            for variable in _VARIABLES.get(name, ()):
                yield Directive(variable, value, match.start("value"), match.end("value"))
