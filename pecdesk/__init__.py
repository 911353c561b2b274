"""pecdesk: the desktop mail client for Italian certified mail (PEC).

Reading order for a newcomer: `pec` (the rules of certified mail), `examine` (all that bytes tell about a message),
`store` (what is remembered), `app` (the verbs), then the two faces, `cli` and the window.
"""

__version__ = "0.1.0"
