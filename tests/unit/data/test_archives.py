"""Archives are read in memory: nothing they hold can reach the disk."""

import io
import tarfile

import pytest

from spikesweep.data.archives import read_members
from spikesweep.errors import UserError

MOST = 1_000_000


def test_reads_named_members_only(tmp_path, write_tar):
    path = write_tar(tmp_path / "a.tgz", {"package/b": b"two", "other": b"", "package/a": b"one"})
    assert dict(read_members(path, ["package/a", "package/b"], MOST)) == {
        "package/a": b"one",
        "package/b": b"two",
    }


def test_members_that_climb_out_write_nothing(tmp_path, write_tar):
    inside = tmp_path / "inside"
    inside.mkdir()
    outside = tmp_path / "outside"
    path = write_tar(
        inside / "a.tgz",
        {"../outside": b"evil", str(outside): b"evil", "package/../../outside": b"", "good": b"1"},
    )
    assert dict(read_members(path, ["good"], MOST)) == {"good": b"1"}
    assert dict(read_members(path, ["../outside"], MOST)) == {"../outside": b"evil"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["inside"]
    assert [entry.name for entry in inside.iterdir()] == ["a.tgz"]


def test_links_are_not_followed(tmp_path):
    (tmp_path / "secret").write_text("secret")
    path = tmp_path / "a.tgz"
    with tarfile.open(path, "w:gz") as archive:
        link = tarfile.TarInfo("package/data")
        link.type = tarfile.SYMTYPE
        link.linkname = str(tmp_path / "secret")
        archive.addfile(link)
    with pytest.raises(UserError, match="lacks package/data"):
        dict(read_members(path, ["package/data"], MOST))


@pytest.mark.parametrize("damage", ["empty", "half", "half, rest zero", "no archive"])
def test_damage_is_named(tmp_path, write_tar, damage):
    content = bytes(range(256)) * 400
    path = write_tar(tmp_path / "a.tgz", {"first": content, "second": content[::-1]})
    whole = path.read_bytes()
    half = whole[: len(whole) // 2]
    path.write_bytes(
        {
            "empty": b"",
            "half": half,
            "half, rest zero": half + bytes(len(whole) - len(half)),
            "no archive": b"<html>sign in to this network</html>",
        }[damage]
    )
    with pytest.raises(UserError, match=r"a\.tgz .*damaged or truncated"):
        dict(read_members(path, ["first", "second"], MOST))


def test_uncompressed_archive(tmp_path):
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        member = tarfile.TarInfo("a")
        member.size = 3
        archive.addfile(member, io.BytesIO(b"abc"))
    assert dict(read_members(path, ["a"], MOST)) == {"a": b"abc"}
