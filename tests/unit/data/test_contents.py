"""Only what a file holds decides what reruns."""

import os

from spikesweep.data.contents import content_of


def test_content_decides_and_not_the_time(tmp_path):
    cache, folder = tmp_path / "cache.json", tmp_path / "photos"
    image = folder / "cat" / "1.png"
    image.parent.mkdir(parents=True)
    image.write_bytes(b"first")
    first = content_of([folder], cache)
    os.utime(image, (1, 1))
    assert content_of([folder], cache) == first
    assert content_of([folder], tmp_path / "another.json") == first
    # As long as before, and older: what goes by times and sizes would not notice.
    image.write_bytes(b"other")
    os.utime(image, (0, 0))
    assert content_of([folder], cache) != first
    image.write_bytes(b"first")
    assert content_of([folder], cache) == first
    image.rename(folder / "cat" / "2.png")
    assert content_of([folder], cache) != first


def test_links_are_followed_but_not_in_circles(tmp_path):
    cache = tmp_path / "cache.json"
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_text("a")
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "cat").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "round").symlink_to(tmp_path / "train")
    before = content_of([tmp_path / "train"], cache)
    (tmp_path / "real" / "a").write_text("b")
    assert content_of([tmp_path / "train"], cache) != before
    (tmp_path / "real" / "lost").symlink_to("/nowhere/at/all")
    assert content_of([tmp_path / "gone"], cache) != content_of([tmp_path / "train"], cache)


def test_a_damaged_cache_is_made_again(tmp_path):
    cache, file = tmp_path / "cache.json", tmp_path / "net {1}.keras"
    file.write_text("a")
    first = content_of([file], cache)
    cache.write_text("{")
    assert content_of([file], cache) == first
