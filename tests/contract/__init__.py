"""The contract every connector keeps. The suite's own asserts are rewritten, so that a failure shows the values."""

import pytest

pytest.register_assert_rewrite("tests.contract.mailbox")
