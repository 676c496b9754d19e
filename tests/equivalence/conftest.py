"""Makes the fused engine's random networks importable here."""

import sys
from pathlib import Path

UNIT = Path(__file__).resolve().parent.parent / "unit"
sys.path.insert(0, str(UNIT / "simulation" / "fused"))
