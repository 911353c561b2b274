"""Mailboxes in the window: setting one up, changing it, and how its synchronisation stands, in words.

`AccountWatch` hears from the workers and tells the window; `AccountWizard` is the first run of ui.md section 5; the
dialogs ask for what a worker waits for: a password, an answer about a folder, other servers.
"""
