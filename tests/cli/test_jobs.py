"""Files shared among processes: the same report, whatever happens to one of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

SCRIPT = """\
from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer

args = SFTConfig(output_dir="out", max_seq_length={length}, eos="x")
trainer = SFTTrainer("Qwen/Qwen3-0.6B", args=args, train_dataset=rows)
trainer.train()
"""
SHARED = """\
from trl import SFTConfig, SFTTrainer

def train(model, length):
    return SFTTrainer(model, args=SFTConfig(max_length=length, eos="x"), train_dataset=rows)
"""
NAMES = [f"train_{number}.py" for number in range(12)]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'p'\n")
    (tmp_path / "requirements.txt").write_text("trl==1.9.2\ntransformers=>5\n")
    for number, name in enumerate(NAMES):
        (tmp_path / name).write_text(SCRIPT.format(length=number))
    (tmp_path / "shared.py").write_text(SHARED)
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text(f"from shared import train\ntrain('{name}', 0)\n")
    (tmp_path / "silenced.py").write_text("import trl  # trl-lint: ignore[unknown-argument]\n")
    (tmp_path / "other.py").write_text("print('no run')\n")
    return tmp_path


def called(project: Path, *arguments: str, before: str = "", seed: str = "0") -> subprocess.CompletedProcess[str]:
    """`trl-lint check` in a process of its own, after some code that changes it."""
    code = f"{textwrap.dedent(before)}\nimport sys\nfrom trl_lint.cli.main import main\nsys.exit(main())\n"
    command = [sys.executable, "-c", code, "check", "--isolated", "--no-cache", *arguments]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "HF_HUB_CACHE": os.devnull}
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def test_the_report_is_the_same_with_any_number_of_processes_seed_and_order(project: Path) -> None:
    names = sorted(path.name for path in project.iterdir())
    reports = [
        called(project, "--output-format", "json", "--jobs", "1"),
        called(project, "--output-format", "json", "--jobs", "3", seed="7"),
        called(project, "--output-format", "json", "--jobs", "20"),
        called(project, "--output-format", "json", "--jobs", "2", *reversed(names)),
        called(project, "--output-format", "json", *names),
    ]
    assert {(report.returncode, report.stdout, report.stderr) for report in reports} == {
        (1, reports[0].stdout, ""),
    }
    for name in (*NAMES, "shared.py", "silenced.py"):
        assert name in reports[0].stdout
    assert "requirements.txt" in reports[0].stdout


SPAWN = """
import trl_lint.cli.workers
trl_lint.cli.workers.forks = lambda arguments: False
"""


def test_processes_that_start_anew_report_the_same(project: Path) -> None:
    alone, shared = called(project, "-j", "1"), called(project, "-j", "2", before=SPAWN)
    assert (shared.returncode, shared.stdout, shared.stderr) == (alone.returncode, alone.stdout, alone.stderr)


def test_fixes_are_the_same(project: Path) -> None:
    alone, shared = called(project, "-j", "1", "--diff"), called(project, "-j", "2", "--diff")
    assert alone.stdout.count('+args = SFTConfig(output_dir="out", max_length=') == len(NAMES)
    assert (shared.returncode, shared.stdout, shared.stderr) == (alone.returncode, alone.stdout, alone.stderr)
    assert called(project, "-j", "3", "--fix", "-q").returncode == 1
    assert "max_length=7" in (project / NAMES[7]).read_text()


DEADLY = """
import os, signal
import trl_lint.cli.workers as workers
real = workers.check_one
def deadly(session, file):
    if file.shown in ("train_3.py", "train_8.py"):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(session, file)
workers.check_one = deadly
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the killed process is a copy of this one")
def test_a_killed_process_costs_the_verdict_on_one_file(project: Path) -> None:
    whole = called(project, "-j", "2", "--output-format", "concise", "-q").stdout.splitlines()
    result = called(project, "-j", "2", "--output-format", "concise", "-q", before=DEADLY)
    lines = result.stdout.splitlines()
    lost = [line for line in lines if "TRL002" in line]
    assert result.returncode == 2
    assert [line.partition(":")[0] for line in lost] == ["train_3.py", "train_8.py"]
    assert all("was killed" in line for line in lost)
    left = [line for line in whole if not line.startswith(("train_3.py", "train_8.py"))]
    assert [line for line in lines if line not in lost] == left


SLEEPY = """
import os, time
import trl_lint.cli.workers as workers
def sleepy(session, file):
    open(f"begun-{os.getpid()}", "w").close()
    time.sleep(60)
workers.check_one = sleepy
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux has them")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9), (signal.SIGTERM, -15)])
def test_no_process_outlives_the_one_that_was_called(project: Path, number: int, code: int) -> None:
    script = f"{SLEEPY}\nimport sys\nfrom trl_lint.cli.main import main\nsys.exit(main())\n"
    command = [sys.executable, "-c", script, "check", "--no-cache", "-j", "2"]
    process = subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    until(lambda: len(list(project.glob("begun-*"))) == 2)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does
    else:
        process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (code, b"", b"")
    workers = [int(path.name.partition("-")[2]) for path in project.glob("begun-*")]
    until(lambda: not any(map(is_there, workers)))


def until(holds: object, seconds: float = 30) -> None:
    """Waits."""
    assert callable(holds)
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.05)


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", ["0", "-1", "x", "1000"])
def test_a_number_of_processes_that_makes_no_sense(project: Path, number: str) -> None:
    result = called(project, "--jobs", number)
    assert result.returncode == 2
    assert "--jobs" in result.stderr
