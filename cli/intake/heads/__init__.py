"""Which row is the head, what its columns mean, in which unit its amounts are, and the profiles that remember it."""
