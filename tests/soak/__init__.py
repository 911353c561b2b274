"""Long runs, started by hand: what must stay true for hours, and after every kill."""
