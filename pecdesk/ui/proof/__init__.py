"""What leaves the archive through the window: proof bundles and original messages, their weak points told first."""
