"""Mail brought in from files through the window: what, whose it is, how far it is, and what came of it."""
