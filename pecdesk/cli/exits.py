"""What the program answers with when it ends."""

DONE = 0
NEGATIVE = 1
"""Done, and the answer is no."""
WRONG_WORDS = 2
WORLD_FAILED = 3
"""Network, disk, a missing file; the rest is still done."""
