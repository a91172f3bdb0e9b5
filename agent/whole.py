"""A file written whole or not at all, readable for its owner alone."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Written beside it, then put in its place, also when the power goes meanwhile. Raises ``OSError``."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".afterword-")  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
