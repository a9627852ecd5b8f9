"""Tests for another kernel than this one, with more sorts of links: tests/live/test_second_kernel.py boots it."""

import os

collect_ignore_glob = [] if "GETIFS_SECOND_KERNEL" in os.environ else ["test_*.py"]
