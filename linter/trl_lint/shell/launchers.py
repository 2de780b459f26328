"""From the words of a command to the program that it starts, whatever launchers stand before that."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from trl_lint.dataclass import dataclass, replace
from trl_lint.model.launch import MODULE, SCRIPT, TRL, Word
from trl_lint.model.value import Known, OneOf, Option, Unknown, Value
from trl_lint.shell import accelerate

_PYTHON = re.compile(r"python(?:\d(?:\.\d+)?)?w?(?:\.exe)?|pypy3?")
_COUNT = re.compile(r"[1-9][0-9]{0,4}")
_MOST_LAUNCHERS = 12

# Launchers whose own options take no value; every other option of theirs takes one.
_TORCH_SWITCHES = frozenset({"--standalone", "--no_python", "--run_path", "--use_env", "--virtual_local_rank"})
_DEEPSPEED_SWITCHES = frozenset(
    {"--force_multi", "--save_pid", "--enable_each_rank_log", "--no_python", "--no_local_rank", "--no_ssh"}
    | {"--bind_cores_to_rank", "--elastic_training", "--no_ssh_check"}
)
_UV_VALUES = frozenset(
    {"--with", "-w", "--with-editable", "--with-requirements", "--python", "-p", "--extra", "--group", "--no-group"}
    | {"--only-group", "--no-extra", "--project", "--directory", "--env-file", "--index", "--index-url", "-i"}
    | {
        "--extra-index-url",
        "--find-links",
        "-f",
        "--package",
        "--config-file",
        "--cache-dir",
        "--from",
        "--refresh-package",
    }
    | {"--upgrade-package", "-P", "--constraints", "-c", "--prerelease", "--resolution", "--torch-backend", "--env"}
)
# Words before the command of `<tool> run`.
_RUNNERS = {
    "poetry": ("run",),
    "pipenv": ("run",),
    "pdm": ("run",),
    "rye": ("run",),
    "hatch": ("run",),
    "pixi": ("run",),
}
# What runs another command, in forms that differ too much to know their options: the next word that is a program.
_WRAPPERS = frozenset(
    {"nohup", "time", "exec", "command", "nice", "ionice", "numactl", "taskset", "timeout", "sudo", "setsid", "stdbuf"}
    | {
        "srun",
        "mpirun",
        "mpiexec",
        "torchx",
        "conda",
        "mamba",
        "micromamba",
        "docker",
        "podman",
        "singularity",
        "apptainer",
    }
    | {"caffeinate", "unbuffer", "nsys", "ncu", "py-spy", "strace", "gdb", "jbsub", "bsub", "ray", "kubectl", "ssh"}
    | {
        "builtin",
        "then",
        "doppler",
        "infisical",
        "dotenv",
        "xvfb-run",
        "chrt",
        "flock",
        "modal",
        "env",
        "eval",
        "entrypoint",
    }
)
# Of those, the ones that may start it several times.
_SEVERAL = frozenset({"srun", "mpirun", "mpiexec", "torchx", "ray", "kubectl", "modal", "jbsub", "bsub"})
_PROGRAMS = frozenset({"accelerate", "accelerate-launch", "torchrun", "deepspeed", "trl", "uv", "uvx", *_RUNNERS})
_TORCH_MODULES = frozenset({"torch.distributed.run", "torch.distributed.launch", "torch.distributed.elastic.run"})
_ACCELERATE_MODULES = frozenset({"accelerate.commands.launch", "accelerate.commands.accelerate_cli"})
_TRL_MODULES = frozenset({"trl", "trl.cli", "trl.cli.main", "trl.commands.cli"})


@dataclass
class Started:
    """What a command starts: see `Launch`."""

    kind: str
    target: Word
    words: tuple[Word, ...]
    processes: Value
    files: tuple[Word, ...] = ()


class Unwrapper:
    """Takes launchers off. `read_number` finds the number of processes in accelerate's configuration file."""

    def __init__(self, read_processes: Callable[[Word], Value]) -> None:
        self.read_processes = read_processes
        self.processes: Value = Known(1)
        self.files: tuple[Word, ...] = ()

    def start(self, words: Sequence[Word]) -> Started | None:
        """What these words start, None where that is no program that may train."""
        rest = tuple(words)
        for _ in range(_MOST_LAUNCHERS):
            if not rest:
                return None
            name = program(rest[0])
            if name is None:
                return None
            found = self._step(name, rest)
            if isinstance(found, Started):
                return replace(found, files=self.files)
            if found is None:
                return None
            rest = found
        return None

    def _step(self, name: str, rest: tuple[Word, ...]) -> Started | tuple[Word, ...] | None:
        """The program itself, or the words behind one launcher."""
        if _PYTHON.fullmatch(name):
            return self._python(rest[1:])
        if name == "trl":
            return self._trl(rest[1:])
        if name == "accelerate":
            launches = len(rest) > 1 and rest[1].text == "launch"
            return self._accelerate(rest[2:]) if launches else None
        if name == "accelerate-launch":
            return self._accelerate(rest[1:])
        if name == "torchrun":
            return self._torch(rest[1:])
        if name == "deepspeed":
            return self._deepspeed(rest[1:])
        if name == "uv":
            return self._uv(rest[1:])
        if name == "uvx":
            return _behind_options(rest[1:], lambda option: option in _UV_VALUES)[1]
        if name in _RUNNERS:
            return rest[2:] if len(rest) > 1 and rest[1].text in _RUNNERS[name] else None
        if name in _SEVERAL:
            self.processes = Unknown(f"`{name}` says how often it is started")
        if name in _WRAPPERS:
            return _next_program(rest[1:])
        if name.endswith((".py", ".pyw")):
            return Started(SCRIPT, rest[0], rest[1:], self.processes)
        return None

    def _python(self, rest: tuple[Word, ...]) -> Started | tuple[Word, ...] | None:
        index = 0
        while index < len(rest):
            text = rest[index].text
            if text is None or not text.startswith("-") or text == "-":
                break
            if text == "-m" or (text.startswith("-") and not text.startswith("--") and text.endswith("m")):
                return self._module(rest[index + 1 :])
            if text == "-c" or (not text.startswith("--") and "c" in text):
                return None
            index += 2 if text in ("-X", "-W") else 1
        return self._script(rest[index:])

    def _module(self, rest: tuple[Word, ...]) -> Started | tuple[Word, ...] | None:
        name = rest[0].text if rest else None
        if name is None:
            return None
        if name in _TORCH_MODULES:
            return self._torch(rest[1:])
        if name in _ACCELERATE_MODULES:
            behind = rest[2:] if len(rest) > 1 and rest[1].text == "launch" else rest[1:]
            return self._accelerate(behind)
        if name in ("deepspeed", "deepspeed.launcher.runner"):
            return self._deepspeed(rest[1:])
        if name in _TRL_MODULES:
            return self._trl(rest[1:])
        return Started(MODULE, rest[0], rest[1:], self.processes)

    def _script(self, rest: tuple[Word, ...]) -> Started | tuple[Word, ...] | None:
        if not rest:
            return None
        text = rest[0].text if rest[0].text is not None else rest[0].tail
        if text.endswith((".py", ".pyw")):
            return Started(SCRIPT, rest[0], rest[1:], self.processes)
        # `accelerate launch trl/scripts/sft` does not exist; `accelerate launch python x.py` does, with --no_python.
        return rest if program(rest[0]) in _PROGRAMS or _PYTHON.fullmatch(program(rest[0]) or "") else None

    def _trl(self, rest: tuple[Word, ...]) -> Started | None:
        if not rest or rest[0].text is None or rest[0].text.startswith("-"):
            return None
        return Started(TRL, rest[0], rest[1:], Unknown("`trl` starts as many processes as accelerate is set up for"))

    def _accelerate(self, rest: tuple[Word, ...]) -> Started | tuple[Word, ...] | None:
        given, behind = _behind_options(rest, accelerate.takes_value)
        self.processes = Unknown("`accelerate launch` starts as many processes as it is set up for")
        named = [given[option] for option in ("--config_file", "--deepspeed_config_file") if option in given]
        self.files = tuple(word for word in named if word is not None)
        if "--config_file" in given and given["--config_file"] is not None:
            self.processes = self.read_processes(given["--config_file"])
        number = given.get("--num_processes") or given.get("-n")
        if number is not None:
            self.processes = whole(number.value)
        elif "--cpu" in given and not given.keys() & {"--num_machines", "--mpirun_hostfile"}:
            self.processes = Known(1)
        return self._module(behind) if given.keys() & {"-m", "--module"} else self._script(behind)

    def _torch(self, rest: tuple[Word, ...]) -> Started | tuple[Word, ...] | None:
        given, behind = _behind_options(rest, lambda option: option not in _TORCH_SWITCHES)
        each, machines = given.get("--nproc_per_node"), given.get("--nnodes")
        self.processes = _times(
            whole(each.value) if each is not None else Known(1),
            whole(machines.value) if machines is not None else Known(1),
        )
        return self._module(behind) if given.keys() & {"-m", "--module"} else self._script(behind)

    def _deepspeed(self, rest: tuple[Word, ...]) -> Started | tuple[Word, ...] | None:
        given, behind = _behind_options(rest, lambda option: option not in _DEEPSPEED_SWITCHES)
        each, machines = given.get("--num_gpus"), given.get("--num_nodes")
        include = given.get("--include")
        self.processes = Unknown("`deepspeed` starts a process for each device that it finds")
        if each is not None:
            many = whole(machines.value) if machines is not None else Known(1)
            self.processes = Unknown("the host file says on how many machines") if "--hostfile" in given else many
            self.processes = _times(whole(each.value), self.processes)
        elif include is not None and include.text is not None:
            self.processes = _included(include.text)
        return self._module(behind) if given.keys() & {"-m", "--module"} else self._script(behind)

    def _uv(self, rest: tuple[Word, ...]) -> Started | tuple[Word, ...] | None:
        while rest and rest[0].text is not None and rest[0].text.startswith("-"):
            rest = rest[2:] if rest[0].text in _UV_VALUES else rest[1:]
        if len(rest) > 1 and (rest[0].text, rest[1].text) == ("tool", "run"):
            return _behind_options(rest[2:], lambda option: option in _UV_VALUES)[1]
        if not rest or rest[0].text != "run":
            return None
        given, behind = _behind_options(rest[1:], lambda option: option in _UV_VALUES)
        if given.keys() & {"-m", "--module"}:
            return self._module(behind)
        if behind and _is_script(behind[0]):
            return Started(SCRIPT, behind[0], behind[1:], self.processes)
        return behind


def program(word: Word) -> str | None:
    """The name of the program that a word names, without its folder."""
    text = word.text if word.text is not None else word.tail
    name = text.rpartition("/")[2]
    return name if name and " " not in name else None


def _is_script(word: Word) -> bool:
    return (word.text if word.text is not None else word.tail).endswith((".py", ".pyw"))


def _next_program(rest: Sequence[Word]) -> tuple[Word, ...] | None:
    for index, word in enumerate(rest):
        name = program(word)
        if name is not None and (name in _PROGRAMS or name in _WRAPPERS or _PYTHON.fullmatch(name)):
            return tuple(rest[index:])
        if index and name is not None and _is_script(word):
            return tuple(rest[index:])
    return None


def _behind_options(
    rest: Sequence[Word], takes_value: Callable[[str], bool]
) -> tuple[dict[str, Word | None], tuple[Word, ...]]:
    """The launcher's own options with their values, and the words behind them. `--a-b` and `--a_b` are one.

    `-m` and `--module` take no value of their own: what follows is the program.
    """
    given: dict[str, Word | None] = {}
    index = 0
    while index < len(rest):
        word = rest[index]
        text = word.text
        if text == "--":
            index += 1
            break
        if text is None:
            # `$LAUNCH_ARGS train.py`: what an unknown list holds cannot be told, a path that ends in `.py` can.
            if word.many and not word.tail:
                index += 1
                continue
            break
        if not text.startswith("-"):
            break
        index += 1
        name = text if not text.startswith("--") else "--" + text[2:].replace("-", "_")
        valued = name not in ("-m", "--module") and (takes_value(name) or takes_value(text))
        if index < len(rest) and (word.joined or valued):
            given[name] = rest[index]
            index += 1
        else:
            given[name] = None
    return given, tuple(rest[index:])


def whole(value: Value) -> Value:
    """A positive whole number in text as a number."""
    if isinstance(value, OneOf):
        options: list[Option] = []
        for option in value.options:
            inner = whole(option.value)
            assert not isinstance(inner, OneOf)
            options.append(Option(inner, option.when))
        return OneOf(tuple(options), value.trail)
    if isinstance(value, Unknown):
        return value
    text = value.value
    if isinstance(text, str) and _COUNT.fullmatch(text):
        return Known(int(text), value.trail)
    return Unknown(f"`{text!s}` processes" if isinstance(text, str) else "no number of processes", value.trail)


def _times(one: Value, other: Value) -> Value:
    for value in (one, other):
        if isinstance(value, Unknown):
            return value
    if isinstance(one, Known) and isinstance(other, Known):
        assert isinstance(one.value, int)
        assert isinstance(other.value, int)
        return Known(one.value * other.value, (*one.trail, *other.trail))
    if isinstance(one, OneOf) and other == Known(1):
        return one
    return Unknown("the number of processes is one of several")


def _included(text: str) -> Value:
    """`localhost:0,1@other:0`: one process for each slot."""
    slots = 0
    for host in text.split("@"):
        _, colon, listed = host.partition(":")
        if not colon:
            return Unknown("`--include` names a whole machine")
        slots += len([slot for slot in listed.split(",") if slot.strip()])
    return Known(slots) if slots else Unknown("`--include` names no device")
