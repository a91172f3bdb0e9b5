"""What holds for all tests."""

import os
from pathlib import Path

from hypothesis import settings

# Whatever home a test invents: what was read of the shipped packs once need not be read by every process.
os.environ["XDG_CACHE_HOME"] = str(Path(__file__).parents[1] / ".cache")

# In CI the same examples every time, so that a red run means a changed program; new ones are looked for by hand.
settings.register_profile("ci", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
