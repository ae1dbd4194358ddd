"""Property tests that never flake."""

from hypothesis import settings

# The same examples for the same source, whose constants are among them: by no clock, nothing remembered between runs.
steady = settings(derandomize=True, deadline=None, database=None)
