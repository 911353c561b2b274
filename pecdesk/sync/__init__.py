"""IMAP into the store: what the server has becomes archived, examined, linked; what the user did goes back.

`plan` compares two `state`s of a folder and answers with actions, `apply` carries them out, `check` is one pass over an
account, `worker` the thread that makes one after the other. What is wanted waits in a `feed` until it was recognised
(`recognising`) or fetched (`fetching`, `big`); what the user wants there are `wishes`. `server` says what an IMAP
server can be asked; `imap` asks a real one. A message that vanishes from the server is forgotten by its folder and
stays in the archive: evidence is never deleted because a server forgot it.
"""
