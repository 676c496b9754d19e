"""A copy of the checkout with the finished smoke study, to change things in."""

import os
import shutil
from collections.abc import Iterator

import pytest
from checkout import Checkout, copy_checkout, link_files


@pytest.fixture(scope="session")
def finished(smoke_study: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The smoke study's checkout, copied; results are linked, none is written in place."""
    kept, folder = smoke_study.folder, tmp_path_factory.mktemp("checkout")
    checkout = copy_checkout(folder, source=kept)
    shutil.rmtree(folder / "results", ignore_errors=True)
    link_files(kept / "results", folder / "results")
    shutil.copytree(kept / ".snakemake" / "metadata", folder / ".snakemake" / "metadata")
    return checkout


@pytest.fixture
def restored(finished: Checkout) -> Iterator[Checkout]:
    """The same, its files as they were after the test."""
    kept = {path: path.read_bytes() for path in finished.folder.glob("scripts/**/*.py")}
    stamps = {path: path.stat() for path in kept}
    yield finished
    for path, content in kept.items():
        if path.read_bytes() != content:
            path.write_bytes(content)
            os.utime(path, ns=(stamps[path].st_atime_ns, stamps[path].st_mtime_ns))
