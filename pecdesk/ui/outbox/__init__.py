"""What can be done with a row beyond looking at it: answered, sent on, taken back, sent again, settled."""
