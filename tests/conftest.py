"""What holds for all tests."""

import os

from hypothesis import settings

# In CI the same examples every time, so that a red run means a changed program; new ones are looked for by hand.
settings.register_profile("ci", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
