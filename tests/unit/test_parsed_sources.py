"""What is kept of a source file is what parsing it gives."""

import json

import pytest

from spikesweep import parsed_sources
from spikesweep.parsed_sources import parsed

CACHED = (parsed_sources._known, parsed_sources.parsed)


@pytest.fixture
def start_again(tmp_path, monkeypatch):
    """Forget what this process knows, as a new one would; gives the file that stays."""
    kept = tmp_path / "kept" / "sources.json"
    monkeypatch.setattr(parsed_sources, "_KEPT", kept)
    monkeypatch.setattr(parsed_sources, "_new", set())
    monkeypatch.setattr("sys.dont_write_bytecode", False)

    def start():
        for function in CACHED:
            function.cache_clear()
        return kept

    start()
    yield start
    start()


def test_a_later_start_does_not_parse_again(start_again, tmp_path, monkeypatch):
    source = tmp_path / "module.py"
    source.write_text('"""Doc."""\nimport spikesweep.words\n')
    first = parsed(source)
    assert first.imports == {"spikesweep.words"}
    parsed_sources._keep()
    start_again()
    monkeypatch.setattr(parsed_sources, "_parsed", None)
    assert parsed(source) == first


def test_an_edit_is_seen(start_again, tmp_path):
    source = tmp_path / "module.py"
    source.write_text("x = 1\n")
    before = parsed(source)
    parsed_sources._keep()
    start_again()
    source.write_text("x = 2\n")
    assert parsed(source) != before


@pytest.mark.parametrize("content", ["", "{", "[1]", "\x00"])
def test_half_a_file_is_no_hindrance(start_again, tmp_path, content):
    kept = start_again()
    kept.parent.mkdir()
    kept.write_text(content)
    source = tmp_path / "module.py"
    source.write_text("x = 1\n")
    parsed(source)
    parsed_sources._keep()
    assert len(json.loads(kept.read_text())) == 1


def test_of_many_edits_only_what_is_used_is_kept(start_again, tmp_path, monkeypatch):
    monkeypatch.setattr(parsed_sources, "_MOST", 2)
    monkeypatch.setattr(parsed_sources, "_used", set())
    kept = start_again()
    kept.parent.mkdir()
    kept.write_text(json.dumps({str(number): ["digest"] for number in range(3)}))
    source = tmp_path / "module.py"
    source.write_text("x = 1\n")
    parsed(source)
    parsed_sources._keep()
    assert len(json.loads(kept.read_text())) == 1


def test_a_library_that_cannot_be_written_to_is_read_all_the_same(start_again, tmp_path):
    start_again().parent.write_text("a file in place of the folder")
    source = tmp_path / "module.py"
    source.write_text("x = 1\n")
    assert parsed(source).imports == frozenset()
    parsed_sources._keep()
