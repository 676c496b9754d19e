"""A real SLURM of one node on this machine, for as long as a test needs it."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_suffix(".sh")
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "scancel", "squeue", "sinfo")

# Debian has the daemons where the PATH of users does not look.
SEARCHED = f"{os.environ['PATH']}:/usr/sbin"

# Put before a command: it is told to end when the tests end, even if they are killed.
TIED_TO_TESTS = ("setpriv", "--pdeathsig", "TERM")

READY_WITHIN_S, STOPPED_WITHIN_S = 60, 60


@dataclass(frozen=True)
class SlurmJob:
    """What SLURM itself knows of a job; `rule` is from the comment that Snakemake gives it."""

    id: str
    state: str
    time_limit: str
    rule: str


@dataclass(frozen=True)
class Slurm:
    """A running SLURM; whoever is started with its `environment` uses it."""

    environment: dict[str, str]

    def jobs(self) -> list[SlurmJob]:
        """All jobs since it was started, ended ones too."""
        listed = self.run("squeue", "--states=all", "--noheader", "--format=%i|%T|%l|%k")
        rows = [line.split("|") for line in listed.splitlines()]
        return [
            SlurmJob(id, state, limit, comment.removeprefix("rule_").split("_wildcards_")[0])
            for id, state, limit, comment in rows
        ]

    def is_ready(self) -> bool:
        return self.run("sinfo", "--noheader", "--format=%T").strip() == "idle"

    def run(self, *command: str) -> str:
        """What a program of SLURM prints; nothing if it fails, as all do until SLURM is up."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        return done.stdout


def missing_programs() -> list[str]:
    return [name for name in PROGRAMS if not shutil.which(name, path=SEARCHED)]


@contextmanager
def one_node_slurm(folder: Path) -> Iterator[Slurm]:
    """Start SLURM in an empty folder; at the end cancel its jobs and stop it.

    Raises RuntimeError with the daemons' messages if it does not come up.
    """
    slurm = Slurm(environment_for(folder))
    controller_port, node_port = free_ports(2)
    messages = folder / "daemons.log"
    with messages.open("w") as output:
        daemons = subprocess.Popen(
            [*TIED_TO_TESTS, SCRIPT, folder, str(controller_port), str(node_port)],
            env=slurm.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for the tests, which then stop SLURM in good order.
            start_new_session=True,
        )
    try:
        end = time.monotonic() + READY_WITHIN_S
        while not slurm.is_ready():
            if daemons.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"SLURM does not come up:\n{messages.read_text()[-4000:]}")
            time.sleep(0.2)
        yield slurm
    finally:
        daemons.terminate()
        daemons.wait(timeout=STOPPED_WITHIN_S)


def environment_for(folder: Path) -> dict[str, str]:
    """This process's environment, of which another SLURM's variables are left out."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM_", "SBATCH_", "SRUN_"))}
    return {**kept, "SLURM_CONF": f"{folder}/slurm.conf", "PATH": f"{folder}/bin:{SEARCHED}"}


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
