"""The window: one face of `App`. Views show what the store holds, ask `App` for what is to be done, and never wait.

Divided by what the user sees: `mailbox` (side bar and list), `reader`, `evidence` (the inspector), `compose`, `outbox`
(what can be done with a row), `proof` (export), `intake` (import), `accounts`, `settings`, `notify`; `style` holds
every colour, mark and icon. Qt enters the program here and nowhere else.
"""
