"""The set-up, with stand-ins for the interpreters and installers: what it refuses, what it repairs.

The stand-ins are shell scripts that answer the few calls that `envs/setup.sh` makes. That the
real lock installs is shown by these tests running at all.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]

TOOLS = """
awk bash cat chmod cp df dirname env flock grep head ls mkdir mv rm sed sha256sum
sleep tail tr uname
"""

PYTHON = """#!/bin/bash
case "$*" in
*sys.implementation*) echo "{implementation} {short}" ;;
*platform.python_version*) echo "{version}" ;;
*ensurepip*) exit {venv_status} ;;
"-m venv"*)
    folder="${{@: -1}}"
    mkdir -p "$folder/bin" "$folder/lib/python3.1/site-packages"
    rm -f "$folder"/*.txt "$folder/bin"/*
    cp "$0" "$folder/bin/python"
    cp "$STAND_INS/uv" "$folder/bin/uv"
    ;;
"-m pip config list") ;;
"-m pip"*) eval "$PIP_DOES" ;;
*) echo "unexpected call: $*" >&2; exit 99 ;;
esac
"""

UV = """#!/bin/bash
if [ "$1" = cache ]; then echo /somewhere; exit; fi
echo "$@" >>"$STAND_INS/installs"
eval "$UV_DOES"
cp "$0" "$(dirname "$0")/snakemake"
"""


class Checkout:
    """A folder with the real set-up in it, and a PATH that holds stand-ins and plain tools only."""

    def __init__(self, folder: Path, programs: Path):
        self.folder = folder
        self.programs = programs
        (folder / "envs").mkdir(parents=True)
        shutil.copy(ROOT / "envs" / "setup.sh", folder / "envs")
        shutil.copy(ROOT / "Makefile", folder)
        (folder / "envs" / "requirements.lock").write_text("uv==1.0 \\\n    --hash=sha256:0\n")
        programs.mkdir(exist_ok=True)
        for tool in TOOLS.split():
            (programs / tool).symlink_to(shutil.which(tool))
        self.add_program("uv", UV)
        self.add_program("npm", "#!/bin/bash\n")

    def add_program(self, name: str, text: str) -> None:
        (self.programs / name).write_text(text)
        (self.programs / name).chmod(0o755)

    def add_python(
        self, name: str, version: str, implementation: str = "cpython", venv: bool = True
    ) -> None:
        short = ".".join(version.split(".")[:2])
        text = PYTHON.format(
            version=version, short=short, implementation=implementation, venv_status=int(not venv)
        )
        self.add_program(name, text)

    def start(self, **variables: str) -> subprocess.Popen[str]:
        environment = {"PATH": str(self.programs), "STAND_INS": str(self.programs), **variables}
        return subprocess.Popen(
            [self.folder / "envs" / "setup.sh"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def set_up(self, **variables: str) -> subprocess.CompletedProcess[str]:
        process = self.start(**variables)
        stdout, stderr = process.communicate(timeout=30)
        return subprocess.CompletedProcess([], process.returncode, stdout, stderr)

    def refusal(self, **variables: str) -> str:
        """The one line in which the set-up says no."""
        run = self.set_up(**variables)
        assert run.returncode == 1
        assert run.stderr.count("\n") == 1, run.stderr
        return run.stderr

    @property
    def installs(self) -> int:
        """How often packages were installed."""
        calls = self.programs / "installs"
        return calls.read_text().count("pip sync") if calls.exists() else 0

    @property
    def stamp(self) -> Path:
        return self.folder / ".venv" / ".complete"


@pytest.fixture
def checkout(tmp_path) -> Checkout:
    return Checkout(tmp_path / "checkout", tmp_path / "bin")


@pytest.fixture
def usable(checkout) -> Checkout:
    """A checkout on a machine with Python 3.12."""
    checkout.add_python("python3.12", "3.12.1")
    return checkout


@pytest.mark.parametrize(
    ("version", "implementation"),
    [("3.10.13", "cpython"), ("3.14.0", "cpython"), ("3.11.9", "pypy")],
)
def test_another_python_is_refused(checkout, version, implementation):
    checkout.add_python("python3", version, implementation)
    for variables in ({}, {"PYTHON": "python3"}):
        message = checkout.refusal(**variables)
        assert "needs Python 3.11, 3.12 or 3.13" in message
        assert f"'python3' is {implementation} {version[:4]}" in message
        assert "install one" in message
    assert not (checkout.folder / ".venv").exists()


def test_no_python_at_all(checkout):
    assert "install one (Debian, Ubuntu: apt install python3" in checkout.refusal()


def test_a_python_that_does_not_exist_is_named(usable):
    assert "'/no/such/python' does not run" in usable.refusal(PYTHON="/no/such/python")


def test_a_missing_venv_module_is_named_with_its_package(checkout):
    checkout.add_python("python3", "3.9.2")
    checkout.add_python("python3.11", "3.11.2", venv=False)
    assert "apt install python3.11-venv" in checkout.refusal()


@pytest.mark.parametrize("version", ["3.11.2", "3.12.1", "3.13.0"])
def test_a_python_in_range_is_taken_whatever_its_name(checkout, version):
    # A shim that is there, but has no interpreter behind it.
    checkout.add_program("python3.12", "#!/bin/bash\necho 'not installed' >&2\nexit 127\n")
    checkout.add_python("python3", version)
    assert checkout.set_up().returncode == 0
    assert f"Python {version}" in checkout.stamp.read_text()


def test_missing_npm_is_refused_unless_there_are_data(usable):
    (usable.programs / "npm").unlink()
    message = usable.refusal()
    assert "apt install npm" in message
    assert "data/" in message
    (usable.folder / "data" / "mnist").mkdir(parents=True)
    assert usable.set_up().returncode == 0


def test_a_second_set_up_does_nothing_and_takes_no_time(usable):
    assert usable.set_up().returncode == 0
    began = time.monotonic()
    second = usable.set_up()
    assert time.monotonic() - began < 1
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert usable.installs == 1


def test_a_changed_lock_is_installed(usable):
    usable.set_up()
    with (usable.folder / "envs" / "requirements.lock").open("a") as lock:
        lock.write("numpy==2.4 \\\n    --hash=sha256:1\n")
    usable.set_up()
    assert usable.installs == 2


def test_a_moved_checkout_is_set_up_anew(usable):
    usable.set_up()
    usable.folder = usable.folder.rename(usable.folder.parent / "moved")
    usable.set_up()
    assert usable.installs == 2


def test_the_library_is_on_the_path_of_the_environment(usable):
    usable.set_up()
    (path,) = (usable.folder / ".venv").glob("lib/python3.*/site-packages/spikesweep.pth")
    named = path.parent / path.read_text().strip()
    assert os.path.normpath(named) == str(usable.folder / "scripts")


@pytest.mark.parametrize("elsewhere", [True, False], ids=["another folder", "checkout"])
def test_this_environment_imports_the_library_from_anywhere(tmp_path, elsewhere):
    told = subprocess.run(
        [sys.executable, "-c", "import spikesweep, sys; print(spikesweep.__file__, *sys.modules)"],
        cwd=tmp_path if elsewhere else ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    file, *modules = told.stdout.split()
    assert Path(file).parents[1] == ROOT / "scripts"
    # Every Python starts with what a .pth file loads.
    assert not {"numpy", "tensorflow", "pandas"} & set(modules)


def test_a_link_to_the_environment_of_another_checkout_is_refused(usable):
    usable.set_up()
    theirs = usable.stamp.read_text()
    owner = usable.folder
    usable.folder = owner.parent / "linked"
    shutil.copytree(owner, usable.folder, ignore=shutil.ignore_patterns(".venv"))
    (usable.folder / ".venv").symlink_to(owner / ".venv")
    assert "delete the link" in usable.refusal()
    assert (owner / ".venv" / ".complete").read_text() == theirs
    assert usable.installs == 1


def test_an_environment_on_another_disk_may_be_linked(usable, tmp_path):
    (tmp_path / "disk").mkdir()
    (usable.folder / ".venv").symlink_to(tmp_path / "disk")
    for _ in range(2):
        assert usable.set_up().returncode == 0
    usable.folder = usable.folder.rename(usable.folder.parent / "moved")
    assert usable.set_up().returncode == 0
    assert usable.installs == 2


def test_another_interpreter_is_taken_when_it_is_named_and_only_then(usable):
    usable.add_python("python3.13", "3.13.0")
    usable.set_up(PYTHON="python3.13")
    usable.set_up()
    assert usable.installs == 1
    usable.set_up(PYTHON="python3.12")
    assert usable.installs == 2
    assert "Python 3.12.1" in usable.stamp.read_text()


@pytest.mark.fault("killed set-up")
@pytest.mark.parametrize("stage", ["PIP_DOES", "UV_DOES"])
def test_a_killed_set_up_is_repaired_by_the_next(usable, stage):
    usable.set_up()
    usable.stamp.write_text("of another lock")
    reached = usable.folder / "reached"
    process = usable.start(**{stage: f"echo >{reached}; sleep 30"})
    wait_until(reached.exists)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not usable.stamp.exists()
    assert usable.set_up().returncode == 0
    assert usable.stamp.exists()


def test_of_two_set_ups_at_once_one_waits_and_installs_nothing(usable):
    reached, go = usable.folder / "reached", usable.folder / "go"
    first = usable.start(UV_DOES=f"echo >{reached}; while [ ! -e {go} ]; do sleep 0.05; done")
    wait_until(reached.exists)
    second = usable.start()
    assert "waiting" in second.stdout.readline()
    go.touch()
    assert [process.wait(timeout=20) for process in (first, second)] == [0, 0]
    assert usable.installs == 1
    for process in (first, second):
        process.communicate()


@pytest.mark.parametrize(
    ("stage", "complaint", "answer"),
    [
        ("PIP_DOES", "Temporary failure in name resolution", "the package index cannot be reached"),
        ("UV_DOES", "error: Failed to fetch: dns error", "the package index cannot be reached"),
        ("UV_DOES", "No space left on device (os error 28)", "not enough disk space"),
    ],
)
def test_a_failed_installation_is_explained_in_one_line(usable, stage, complaint, answer):
    assert answer in usable.refusal(**{stage: f"echo '{complaint}'; exit 1"})
    assert not usable.stamp.exists()


def test_any_other_failure_shows_what_the_installer_said(usable):
    run = usable.set_up(UV_DOES="echo 'hash mismatch for numpy'; exit 1")
    assert run.returncode == 1
    assert "hash mismatch for numpy" in run.stderr


def test_too_little_disk_space_is_found_before_the_download(usable):
    (usable.programs / "df").unlink()
    usable.add_program("df", "#!/bin/bash\necho Avail\necho '  512'\n")
    assert "512 MB are free" in usable.refusal()
    assert usable.installs == 0


def test_clean_deletes_what_a_run_made_and_nothing_else(checkout):
    made = ("results/figures", ".snakemake/log", ".pytest_cache/d/study")
    for folder in (*made, ".venv/bin", "data/mnist", "config"):
        (checkout.folder / folder).mkdir(parents=True)
        (checkout.folder / folder / "file").touch()
    subprocess.run(["make", "clean"], cwd=checkout.folder, stdin=subprocess.DEVNULL, check=True)
    left = {path.name for path in checkout.folder.iterdir()}
    assert left == {"Makefile", "envs", ".venv", "data", "config"}
    assert (checkout.folder / "data" / "mnist" / "file").exists()


def test_help_lists_every_target():
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    declared = re.search(r"\.PHONY: (.*?)\n\n", (ROOT / "Makefile").read_text(), re.DOTALL)
    targets = declared[1].replace("\\\n", " ").split()
    assert sorted(line.split()[1] for line in listed.stdout.splitlines()) == sorted(targets)


def test_a_config_that_is_not_there_is_named_before_anything_is_set_up(checkout):
    made = subprocess.run(
        ["make", "--no-print-directory", "study", "CONFIG=nosuch.yaml"],
        cwd=checkout.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 2
    [line] = made.stderr.splitlines()
    assert "CONFIG: there is no file nosuch.yaml; name the overlay of a study" in line
    assert not made.stdout


def test_the_lock_pins_every_requirement_with_a_hash_and_names_no_address():
    lock = (ROOT / "envs" / "requirements.lock").read_text()
    wanted = re.findall(
        r"^[A-Za-z0-9-]+", (ROOT / "envs/requirements.in").read_text(), re.MULTILINE
    )
    pins = re.findall(r"^([a-z0-9-]+)==\S+ .*\\\n    --hash=sha256:", lock, re.MULTILINE)
    assert set(wanted) <= set(pins)
    assert len(pins) == len(re.findall(r"^\S", lock, re.MULTILINE))
    assert "://" not in lock


def test_the_conda_environment_installs_the_same_lock():
    environment = yaml.safe_load((ROOT / "envs" / "environment.yaml").read_text())
    pip = environment["dependencies"][-1]["pip"]
    assert pip == ["--require-hashes", "--requirement requirements.lock"]


def wait_until(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "the set-up did not get that far"
        time.sleep(0.02)
