"""A real SLURM of one or more nodes on this machine, for as long as a test needs it."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

SCRIPT = Path(__file__).with_suffix(".sh")
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "scancel", "squeue", "sinfo")

# Debian has the daemons where the PATH of users does not look.
SEARCHED = f"{os.environ['PATH']}:/usr/sbin"

# Put before a command: it is told to end when the tests end, even if they are killed.
TIED_TO_TESTS = ("setpriv", "--pdeathsig", "TERM")

# By it, jobs of one SLURM are told from those of another on this machine.
_MARK = "SPIKESWEEP_TESTS_SLURM"

READY_WITHIN_S, STOPPED_WITHIN_S = 60, 60


@dataclass(frozen=True)
class SlurmJob:
    """What SLURM itself knows of a job.

    rule: from the comment that Snakemake gives it. restarts: how often SLURM began it again after
    its node had failed. node: where it runs, or ran last.
    """

    id: str
    state: str
    time_limit: str
    rule: str
    restarts: int
    node: str


@dataclass(frozen=True)
class Slurm:
    """A running SLURM in a folder; whoever is started with its `environment` uses it.

    stopped: processes of nodes that fell silent.
    """

    folder: Path
    environment: dict[str, str]
    stopped: list[int] = field(default_factory=list)

    def jobs(self) -> list[SlurmJob]:
        """All jobs since it was started, ended ones too."""
        columns = "JobID:12,State:20,TimeLimit:20,RestartCnt:10,NodeList:20,Comment:200"
        listed = self.run("squeue", "--states=all", "--noheader", f"--Format={columns}")
        widths = [int(column.split(":")[1]) for column in columns.split(",")]
        ends = list(accumulate(widths))
        rows = [
            [line[end - width : end].strip() for end, width in zip(ends, widths, strict=True)]
            for line in listed.splitlines()
        ]
        return [
            SlurmJob(id, state, limit, _rule_in(comment), int(restarts), node)
            for id, state, limit, restarts, node, comment in rows
        ]

    def is_ready(self) -> bool:
        """Whether all nodes wait for jobs."""
        return set(self.run("sinfo", "--noheader", "--Node", "--format=%T").split()) == {"idle"}

    def kill_job(self, job: SlurmJob) -> None:
        """Kill what runs a job, as the system does if memory runs out."""
        _signal(self._processes(job), signal.SIGKILL)

    def cut_power(self, node: str) -> None:
        """Kill a node and all that runs on it, and start it again."""
        struck = [self._daemon(node), *self._processes_on(node)]
        # All at once, as power goes: what is left would report the others' death.
        _signal(struck, signal.SIGSTOP)
        _signal(struck, signal.SIGKILL)
        command = [*TIED_TO_TESTS, "slurmd", "-D", "-f", self.environment["SLURM_CONF"], "-N", node]
        with (self.folder / f"{node}.log").open("a") as output:
            subprocess.Popen(command, env=self.environment, stdout=output, stderr=output)

    def silence(self, node: str) -> None:
        """Stop a node and all that runs on it: it never answers again."""
        self.stopped.extend([self._daemon(node), *self._processes_on(node)])
        _signal(self.stopped, signal.SIGSTOP)

    def _daemon(self, node: str) -> int:
        return int((self.folder / f"{node}.pid").read_text())

    def _processes_on(self, node: str) -> list[int]:
        running = [job for job in self.jobs() if job.node == node and job.state == "RUNNING"]
        return [process for job in running for process in self._processes(job, with_daemon=True)]

    def _processes(self, job: SlurmJob, *, with_daemon: bool = False) -> list[int]:
        """The processes of a job, and SLURM's own that watches them."""
        found = []
        marks = {f"{_MARK}={self.folder}".encode(), f"SLURM_JOB_ID={job.id}".encode()}
        for process in Path("/proc").glob("[0-9]*"):
            # It may have ended meanwhile, or belong to somebody else.
            with suppress(OSError):
                if marks <= {*(process / "environ").read_bytes().split(b"\0")}:
                    found.append(int(process.name))
                    watcher = _parent(process)
                    title = Path("/proc", str(watcher), "cmdline").read_bytes()
                    if with_daemon and title.startswith(b"slurmstepd: "):
                        found.append(watcher)
        return found

    def run(self, *command: str) -> str:
        """What a program of SLURM prints; nothing if it fails, as all do until SLURM is up."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        return done.stdout


def missing_programs() -> list[str]:
    return [name for name in PROGRAMS if not shutil.which(name, path=SEARCHED)]


@contextmanager
def small_slurm(folder: Path, nodes: int = 1) -> Iterator[Slurm]:
    """Start SLURM of so many nodes in an empty folder; at the end cancel its jobs and stop it.

    Raises RuntimeError with the daemons' messages if it does not come up.
    """
    slurm = Slurm(folder, environment_for(folder))
    ports = map(str, free_ports(1 + nodes))
    messages = folder / "daemons.log"
    with messages.open("w") as output:
        daemons = subprocess.Popen(
            [*TIED_TO_TESTS, SCRIPT, folder, *ports],
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
        _signal(slurm.stopped, signal.SIGKILL)
        daemons.terminate()
        daemons.wait(timeout=STOPPED_WITHIN_S)


def environment_for(folder: Path) -> dict[str, str]:
    """This process's environment, of which another SLURM's variables are left out."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM_", "SBATCH_", "SRUN_"))}
    kept[_MARK] = str(folder)
    return {**kept, "SLURM_CONF": f"{folder}/slurm.conf", "PATH": f"{folder}/bin:{SEARCHED}"}


def _rule_in(comment: str) -> str:
    return comment.removeprefix("rule_").split("_wildcards_")[0]


def _parent(process: Path) -> int:
    """The number of the parent of a process in /proc."""
    # The name before it, in brackets, may hold anything.
    return int((process / "stat").read_text().rpartition(")")[2].split()[1])


def _signal(processes: Iterable[int], which: signal.Signals) -> None:
    for process in processes:
        # It may have ended by itself.
        with suppress(ProcessLookupError):
            os.kill(process, which)


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
