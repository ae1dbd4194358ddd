"""Property tests that never flake."""

from hypothesis import settings

# The same examples every time, by no clock, and nothing remembered between runs.
steady = settings(derandomize=True, deadline=None, database=None)
