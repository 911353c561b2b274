"""The evidence inspector: what one message is worth and what shows it, in a window of its own, several side by side.

`Inspectors` opens the windows; an `Inspector` looks at one message through an `Inspection` (archive, file, or a message
inside another) and draws the verdict above seven tabs. What stands in them is decided in `pecdesk.explain`.
"""
