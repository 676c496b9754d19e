"""What all tests share: checkouts to run Snakemake in, and the smoke study's results."""

import fcntl
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from checkout import SMOKE, Checkout, copy_checkout, fingerprint
from untouched import keep_untouched, made_here

keep_untouched()


@pytest.fixture(scope="session", autouse=True)
def checkout_left_alone() -> Iterator[None]:
    """Fail if the tests left something where studies write."""
    before = made_here()
    yield
    left = made_here() - before
    assert not left, f"the tests left {', '.join(map(str, sorted(left)))} in this checkout"


@pytest.fixture(scope="session")
def fresh_checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout in which nothing was run. For dry runs: tests share it."""
    return copy_checkout(tmp_path_factory.mktemp("fresh_checkout"))


@pytest.fixture(scope="session")
def smoke_study(request: pytest.FixtureRequest) -> Checkout:
    """A checkout of the tests' own with the finished smoke study; tests only read it.

    It takes minutes, so it is kept in pytest's cache. Its name holds the hash of all that the
    study reads: after any edit it runs again from nothing, so what is there never depends on
    what was run before. After a failure its logs are there.
    """
    kept = request.config.cache.mkdir("smoke_study")
    folder = kept / fingerprint()
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            for old in kept.glob("*/"):
                shutil.rmtree(old)
            unfinished = kept / "copying"
            unfinished.mkdir()
            copy_checkout(unfinished).folder.rename(folder)
        study = Checkout(folder)
        study.snakemake("--cores", "all")
    return study


@pytest.fixture(scope="session")
def smoke_results(smoke_study: Checkout) -> Path:
    """Folder of the smoke study's results."""
    return smoke_study.folder / yaml.safe_load((smoke_study.folder / SMOKE).read_text())["results"]


@pytest.fixture(autouse=True)
def count_faults(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    """A test marked with `fault(kind)` injects one; without a kind, it records how many itself."""
    for mark in request.node.iter_markers("fault"):
        if mark.args:
            record_property("fault", (mark.args[0], 1))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many faults of each kind were injected, and how many were survived."""
    injected, survived = Counter[str](), Counter[str]()
    for outcome, reports in terminalreporter.stats.items():
        for report in reports if outcome in ("passed", "failed", "error") else ():
            # A file that cannot be collected has a report without properties.
            told = getattr(report, "user_properties", ())
            for name, value in told if report.when != "teardown" else ():
                if name == "fault":
                    injected[value[0]] += value[1]
                    survived[value[0]] += value[1] if outcome == "passed" else 0
    if injected:
        terminalreporter.section("faults")
    for kind, number in injected.items():
        lost = number - survived[kind]
        terminalreporter.line(f"{kind}: {number} injected, {survived[kind]} survived, {lost} lost")
