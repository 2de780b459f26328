"""From shell text to launches: launchers taken off, variables put in, and nothing claimed that is not sure."""

from __future__ import annotations

import pytest
from tests.shell.reading import FOLDER, found, one, options, read, shown

from trl_lint.model.value import Known, OneOf, Unknown


@pytest.mark.parametrize(
    "command",
    [
        "python train.py --beta 0.1",
        "python3.11 -u train.py --beta=0.1",
        "CUDA_VISIBLE_DEVICES=0,1 python train.py --beta 0.1",
        "env -u X A=b python train.py --beta 0.1",
        "nohup python train.py --beta 0.1 > log 2>&1 &",
        "time nice -n 10 python train.py --beta 0.1 | tee log",
        "srun --ntasks=1 -c 8 python train.py --beta 0.1",
        "timeout 3600 python train.py --beta 0.1 || exit 1",
        "accelerate launch train.py --beta 0.1",
        "accelerate launch --multi_gpu --num_processes 4 --mixed_precision bf16 train.py --beta 0.1",
        "accelerate-launch --config_file=zero3.yaml train.py --beta 0.1",
        "python -m accelerate.commands.launch --num-processes 2 train.py --beta 0.1",
        "torchrun --standalone --nproc_per_node=8 train.py --beta 0.1",
        "python -m torch.distributed.run --nproc-per-node 8 train.py --beta 0.1",
        "deepspeed --num_gpus 4 --master_port 29500 train.py --beta 0.1",
        "uv run train.py --beta 0.1",
        "uv run --with trl==0.20 --python 3.11 python train.py --beta 0.1",
        "uv run accelerate launch train.py --beta 0.1",
        "poetry run python train.py --beta 0.1",
        "sudo -E docker run --rm --gpus all image python train.py --beta 0.1",
        "./train.py --beta 0.1",
        "bash -c 'python train.py --beta 0.1'",
        'sbatch --wrap "python train.py --beta 0.1"',
        "python \\\n  train.py \\\n  --beta 0.1 \\\n",
        "python \\\r\n  train.py \\\r\n  --beta 0.1\r\n",
        "if true; then python train.py --beta 0.1; fi",
        "(cd .. && python train.py --beta 0.1)",
        "run() { python train.py --beta 0.1; }; run",
        "CMD='python train.py --beta 0.1'\n$CMD",
        "CMD='python train.py --beta 0.1'\neval $CMD",
        "CMD='python train.py --beta 0.1'\nbash -c \"$CMD\"",
        "case $1 in a) python train.py --beta 0.1 ;; esac",
    ],
)
def test_launchers_are_taken_off(command: str) -> None:
    launch = one(command)
    assert (launch.kind, launch.target.removeprefix("./")) == ("script", "train.py")
    assert options(launch) == {"--beta": ["0.1"]}


@pytest.mark.parametrize(
    ("command", "kind", "target"),
    [
        ("trl sft --beta 0.1", "trl", "sft"),
        ("uvx --from trl==1.0 trl dpo --beta 0.1", "trl", "dpo"),
        ("python -m trl grpo --beta 0.1", "trl", "grpo"),
        ("accelerate launch -m package.train --beta 0.1", "module", "package.train"),
        ("torchrun --nproc_per_node 2 --module package.train --beta 0.1", "module", "package.train"),
        ("python -m trl.scripts.sft --beta 0.1", "module", "trl.scripts.sft"),
        ("python $ROOT/src/train.py --beta 0.1", "script", "src/train.py"),
    ],
)
def test_what_is_started(command: str, kind: str, target: str) -> None:
    launch = one(command)
    assert (launch.kind, launch.target) == (kind, target)
    assert options(launch) == {"--beta": ["0.1"]}


@pytest.mark.parametrize(
    "text",
    [
        "# python train.py",
        "echo python train.py",
        "cat <<EOF\npython train.py\nEOF",
        "cat <<-'END' > x.sh\n\tpython train.py\n\tEND\n",
        "python -c 'import trl'",
        "accelerate config",
        "pip install trl",
        "trl --version",
        "python",
        "$PYTHON",
        "unused() { python train.py; }",
        "",
        "' unclosed python train.py",
    ],
)
def test_nothing_is_started(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    ("command", "processes"),
    [
        ("python x.py", 1),
        ("accelerate launch --num_processes 4 x.py", 4),
        ("N=4\naccelerate launch --num_processes $N x.py", 4),
        ("torchrun --nproc_per_node 8 --nnodes 2 x.py", 16),
        ("torchrun x.py", 1),
        ("deepspeed --num_gpus=2 x.py", 2),
        ("deepspeed --include localhost:0,1,2 x.py", 3),
        ("accelerate launch x.py", None),
        ("deepspeed x.py", None),
        ("torchrun --nproc_per_node $GPUS x.py", None),
        ("torchrun --nproc_per_node auto x.py", None),
        ("trl sft --num_processes 4", None),
        ("srun python x.py", None),
        ("mpirun -np 4 python x.py", None),
        ("srun torchrun --nproc_per_node 8 x.py", 8),
        ("N=2\nG=8\naccelerate launch --num_processes $((N * G)) x.py", 16),
        ("N=2\nexport W=$(($N*${G:-8}))\naccelerate launch --num_processes $W x.py", None),
        ("accelerate launch --num_processes $((9 / 2)) x.py", 4),
        ("accelerate launch --num_processes $((1 / 0)) x.py", None),
        (
            "#SBATCH --nodes=2\n#SBATCH --gres=gpu:a100:4\n"
            "torchrun --nnodes $SLURM_NNODES --nproc_per_node $SLURM_GPUS_ON_NODE x.py",
            8,
        ),
        ('#SBATCH -N 3\nW=$(($SLURM_JOB_NUM_NODES*8))\nsrun bash -c "accelerate launch --num_processes $W x.py"', 24),
        ("#SBATCH --nodes=2-4\ntorchrun --nnodes $SLURM_NNODES --nproc_per_node 8 x.py", None),
    ],
)
def test_processes(command: str, processes: int | None) -> None:
    value = one(command).processes
    if processes is None:
        assert isinstance(value, Unknown)
    else:
        assert isinstance(value, Known)
        assert value.value == processes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X=1\npython t.py --a $X", ["1"]),
        ("export X='a b'\npython t.py --a \"$X\"", ["a b"]),
        ("X='a b'\npython t.py --a $X", ["a", "b"]),
        ("X=1; Y=${X}2\npython t.py --a $Y", ["12"]),
        ("X=1; X+=2\npython t.py --a $X", ["12"]),
        ("python t.py --a a\\ b'c'\"d\"", ["a bcd"]),
        ("python t.py --a '{\"x\": 1}'", ['{"x": 1}']),
        ("python t.py --a -1e-5", ["-1e-5"]),
        ("python t.py --a=", [""]),
        ("python t.py --a $X", ["`$X`, which this file does not set"]),
        ("python t.py --a ${X:-7}", ["'7' or `$X`, which this file does not set"]),
        ("X=$1\npython t.py --a ${X:-7}", ["'7' or `$1`, an argument of the script"]),
        ("X=5\npython t.py --a ${X:-7}", ["5"]),
        ("X=\npython t.py --a ${X:-7}", ["7"]),
        (": ${X:=7}\npython t.py --a $X", ["'7' or `$X`, which this file does not set"]),
        ("X=$(date)\npython t.py --a $X", ["the output of a command"]),
        ("python t.py --a data/*.json", ["a file pattern"]),
        ("for x in 1 2; do python t.py --a $x; done", ["'1' or '2'"]),
        ("for x in $(seq 3); do python t.py --a $x; done", ["the output of a command"]),
        ("if a; then X=1; else X=2; fi\npython t.py --a $X", ["'1' or '2'"]),
        ("if a; then X=1; else X=1; fi\npython t.py --a $X", ["1"]),
        ("X=1\nif a; then X=2; fi\npython t.py --a $X", ["'2' or '1'"]),
        ('[ -n "$Y" ] && X=2\npython t.py --a $X', ["'2' or `$X`, which is not set on every path"]),
        ("X=1\n(X=2)\npython t.py --a $X", ["1"]),
        ("X=1\nf() { X=2; }\nf\npython t.py --a $X", ["2"]),
        ("f() { python t.py --a $2; }\nf 1 2", ["2"]),
        ("X=1\nwhile true; do python t.py --a $X; X=$((X+1)); done", ["`$X`, which changes in a loop"]),
        ("X=1\nread X\npython t.py --a $X", ["`$X`, which is read at run time"]),
        ("X=1\nsource settings.sh\npython t.py --a $X", ["'1' or a file that the script reads may set it"]),
        ("X=1\nsource ~/.venv/bin/activate\npython t.py --a $X", ["1"]),
    ],
)
def test_values(text: str, expected: list[str]) -> None:
    assert options(one(text))["--a"] == expected


def test_a_branch_decides_for_all_that_it_sets() -> None:
    launch = one("if a; then X=1; Y=1; else X=2; Y=2; fi\npython t.py --x $X --y $Y")
    x, y = (flag.words[0].value for flag in found(launch).flags)
    assert isinstance(x, OneOf)
    assert isinstance(y, OneOf)
    assert [option.when for option in x.options] == [option.when for option in y.options]


def test_a_launch_in_a_branch_sees_only_what_the_branch_sets() -> None:
    first, second = read("if a; then X=1; python t.py --a $X; else X=2; python t.py --a $X; fi")
    assert (options(first), options(second)) == ({"--a": ["1"]}, {"--a": ["2"]})
    assert first.when != second.when


@pytest.mark.parametrize(
    "text",
    [
        "ARGS='--a 1 --b 2 3'\npython t.py $ARGS",
        'ARGS=(--a 1 --b 2 3)\npython t.py "${ARGS[@]}"',
        "ARGS=(\n  --a 1  # why\n  --b 2 3\n)\npython t.py ${ARGS[@]}",
        'ARGS=(--a 1)\nARGS+=(--b 2 3)\npython t.py "${ARGS[@]}"',
        "ARGS='--a 1'\nARGS=\"$ARGS --b 2 3\"\npython t.py $ARGS",
        'f() { python t.py "$@"; }\nf --a 1 --b 2 3',
    ],
)
def test_lists_of_options_are_seen_where_they_stand(text: str) -> None:
    launch = one(text)
    assert options(launch) == {"--a": ["1"], "--b": ["2", "3"]}
    assert found(launch).open is None
    for flag in found(launch).flags:
        assert launch.source.slice(flag.name_span) == flag.name


@pytest.mark.parametrize("text", ["python t.py $EXTRA_ARGS", 'python t.py --a 1 "$@"', "python t.py --bf16 $ARGS"])
def test_unknown_lists_leave_the_line_open(text: str) -> None:
    assert found(one(text)).open is not None


def test_an_option_that_is_there_on_some_paths() -> None:
    (flag,) = found(one("F=''\nif a; then F=--bf16; fi\npython t.py $F")).flags
    assert flag.name == "--bf16"
    assert flag.when


def test_where_words_stand() -> None:
    launch = one("python t.py --a='x y' --b \"$B\"")
    (a, b) = found(launch).flags
    assert [launch.source.slice(flag.span) for flag in (a, b)] == ["--a='x y'", '--b "$B"']
    assert [launch.source.slice(flag.name_span) for flag in (a, b)] == ["--a", "--b"]
    assert launch.source.slice(launch.target_span) == "t.py"


def test_the_lines_that_a_value_came_through() -> None:
    launch = one("BASE=Qwen\nMODEL=$BASE/Qwen3\npython t.py --model $MODEL")
    word = found(launch).flags[0].words[0]
    assert shown(word) == "Qwen/Qwen3"
    assert [launch.source.slice(step.span) for step in word.value.trail] == ["BASE=Qwen", "MODEL=$BASE/Qwen3"]


def test_folders() -> None:
    assert one("python t.py").folder == FOLDER
    assert one("cd src && cd pkg && python t.py").cd == "src/pkg"
    assert one('cd "$(dirname "$0")/.."\npython t.py').cd == f"{FOLDER}/.."
    here = 'HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\npython "$HERE/t.py"'
    assert one(here).target == str(FOLDER / "t.py")


def test_the_environment() -> None:
    launch = one("export WANDB_MODE=offline\nCUDA_VISIBLE_DEVICES=0,1 python t.py")
    assert {name: shown(word) for name, word in launch.environment} == {
        "WANDB_MODE": "offline",
        "CUDA_VISIBLE_DEVICES": "0,1",
    }
