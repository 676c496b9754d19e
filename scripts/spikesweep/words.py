"""Numbers as a reader sees them, in figures, in the report and in pieces of config.

A minus is U+2212, not a hyphen; numbers that round to zero have none. Percent signs and units
follow a thin space.
"""

import math
import re
from collections.abc import Iterable
from typing import Any

import yaml

MINUS = "\N{MINUS SIGN}"
THIN_SPACE = "\N{THIN SPACE}"
# In place of a missing number.
NOTHING = "\N{EN DASH}"
# What the studies that come with Spikesweep besides the default one are called, by their folder of
# results, which has the name of their config.
SHIPPED_STUDIES = {
    "results/smoke": "smoke study",
    "results/paper": "study at full scale",
    "results/residual": "study of ResNet-9",
}
# A bound that needs more to be told from a threshold decides by luck.
_MOST_DECIMALS = 3
# An interval of a factor that holds one and whose ends are further apart, as factors, says nothing.
_WIDEST = 100


def number(value: float, spec: str = "g") -> str:
    """A number in one of Python's formats, such as `.2f`."""
    text = format(value, spec)
    # "nan" and "inf" hold an n.
    if not re.search("[1-9n]", text):
        text = format(0.0, spec)
    return text.replace("-", MINUS)


def points(share: float, spec: str = ".1f") -> str:
    """A difference of shares in percentage points, without the word: 0.012 is `1.2`."""
    return number(100 * share, spec)


def decimals_beside(threshold: float, *values: float, least: int = 1) -> int:
    """Decimals with which values that lie beside a threshold also do so as they are written.

    1.018 beside 1 takes two, `1.02`; a value that is the threshold takes none more than `least`.
    """
    apart = [value for value in values if not math.isclose(value, threshold, abs_tol=1e-9)]
    for decimals in range(least, _MOST_DECIMALS):
        written = f"{threshold:.{decimals}f}"
        # Zero may come with a sign.
        if all(float(f"{value:.{decimals}f}") != float(written) for value in apart):
            return decimals
    return max(least, _MOST_DECIMALS)


def factor_between(
    value: float, low: float | None, high: float | None, seeds: int, least: int = 1
) -> str:
    """A factor and its interval over seeds, with digits that tell on which side of one it ends.

    `2.7 (2.2 to 3.3)`; `1.2` without an interval, which a value that all seeds share has not,
    either. An interval such as 0.01 to 4800 is not written, but why: `4.8 (not shown: 2 seeds)`.

    least: decimals, if no more are needed.
    """
    if low is None or high is None or low == high:
        return number(value, f".{least}f")
    if low <= 1 <= high and high > _WIDEST * low:
        return f"{number(value, f'.{least}f')} (not shown: {counted(seeds, 'seed')})"
    spec = f".{decimals_beside(1, low, high, least=least)}f"
    return f"{number(value, spec)} ({number(low, spec)} to {number(high, spec)})"


def percentage(share: float, spec: str = ".1f") -> str:
    """A share as a percentage: 0.985 is `98.5 %`."""
    return f"{points(share, spec)}{THIN_SPACE}%"


def count(value: float) -> str:
    """A whole number, its thousands set apart by narrow spaces."""
    return number(value, ",.0f").replace(",", "\N{NARROW NO-BREAK SPACE}")


def digits(value: float, how_many: int = 2) -> str:
    """A number with so many significant digits, without a power of ten: 174.2 is `170`."""
    return (
        count(rounded) if abs(rounded := float(f"{value:.{how_many}g}")) >= 10 else number(rounded)
    )


def counted(how_many: int, noun: str) -> str:
    """How many there are of something: `1 seed`, `3 seeds`."""
    return f"{how_many} {noun}" if how_many == 1 else f"{how_many} {noun}s"


def listed(words: Iterable[str]) -> str:
    """Words as a sentence lists them: `a`, `a and b`, `a, b and c`."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def si(value: float) -> str:
    """Three significant digits with a prefix: 134794 is `135 k`.

    matplotlib's EngFormatter knows either all digits or a fixed number of decimals.
    """
    for factor, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= 0.9995 * factor:
            value, unit = value / factor, f"{THIN_SPACE}{prefix}"
            break
    else:
        unit = ""
    return f"{three_digits(value)}{unit}"


def three_digits(value: float) -> str:
    """Three significant digits of a number from 1 to 1000, two decimals of a smaller one."""
    decimals = 0 if abs(value) >= 99.95 else 1 if abs(value) >= 9.995 else 2
    return number(value, f".{decimals}f")


def energy(joules: float) -> str:
    """Three significant digits with a prefix: 1.11e-6 is `1.11 µJ`."""
    for factor, prefix in ((1.0, ""), (1e-3, "m"), (1e-6, "\N{MICRO SIGN}"), (1e-9, "n")):
        if abs(joules) >= 0.9995 * factor:
            return f"{three_digits(joules / factor)}{THIN_SPACE}{prefix}J"
    return f"{three_digits(joules / 1e-12)}{THIN_SPACE}pJ"


def duration(seconds: float) -> str:
    """A time to two digits or so: `8 s`, `3 min 20 s`, `34 min`, `5 h 10 min`."""
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    if seconds < 595:
        minutes, rest = divmod(10 * round(seconds / 10), 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    if seconds < 3570:
        return f"{seconds / 60:.0f} min"
    hours, rest = divmod(10 * round(seconds / 600), 60)
    if hours >= 48:
        return f"{hours / 24:.1f} days"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def saving(ratio: float) -> str:
    """What operations save next to others of which they are the `ratio`, to half a percent."""
    saved = round(100 * (1 - ratio))
    if saved > 0:
        return f"saves {percentage(1 - ratio, '.0f')} of the operations"
    if saved == 0:
        return "saves nothing: as many operations"
    return f"saves nothing: {three_digits(ratio)} times as many operations"


def yaml_line(value: Any) -> str:
    """A value as one line of YAML, as the config writes it: `{conv1: 20, conv2: 62.5}`.

    Whole numbers have no decimal point.
    """
    plain = _whole(value)
    text = yaml.safe_dump(plain, default_flow_style=True, sort_keys=False, width=math.inf)
    return text.removesuffix("\n").removesuffix("\n...")


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
