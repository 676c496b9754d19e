"""A network is trained in bfloat16 only by processors that have it, and others say so."""

import pytest

from spikesweep.training import precision
from spikesweep.training.precision import precision_here, say_precision

FLAGS = "processor\t: 0\nflags\t\t: fpu sse2 avx2 {more}\nbugs\t\t: avx512_bf16\n"


@pytest.fixture
def processor(tmp_path, monkeypatch):
    """Pretends that the processor has these flags, too, or that none can be read."""
    real = precision._has_bfloat16.__wrapped__

    def pretend(more):
        cpuinfo = tmp_path / "cpuinfo"
        if more is not None:
            cpuinfo.write_text(FLAGS.format(more=more))
        monkeypatch.setattr(precision, "_has_bfloat16", lambda: real(cpuinfo))

    return pretend


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("avx512f avx512_bf16", "bfloat16"),
        ("amx_bf16 amx_tile", "bfloat16"),
        # These would imitate it.
        ("avx512f avx512_vnni", "float32"),
        ("", "float32"),
        (None, "float32"),
    ],
)
def test_bfloat16_is_for_processors_that_have_it(processor, flags, expected):
    processor(flags)
    assert precision_here("bfloat16") == expected
    assert precision_here("float32") == "float32"


def test_another_precision_is_told_and_the_same_one_is_not(processor, caplog):
    processor("avx512_bf16")
    say_precision("bfloat16")
    say_precision("float32")
    assert not caplog.messages
    processor("")
    say_precision("bfloat16")
    [told] = caplog.messages
    assert "trained in float32" in told
    assert "\n" not in told
