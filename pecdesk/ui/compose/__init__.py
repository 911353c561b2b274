"""Writing a PEC: the window, the fields of recipients, what is attached, what is asked before it leaves, the countdown.

Everything is kept as it is written (`draft_keeper`); what leaves is frozen by `App` and lives on as a row of the list.
Reading order: `compose_form` (the fields), `compose_page` (all that is seen), `leaving_page` and `departure` (the way
out), `compose_window` (what joins them), `composers` (several windows).
"""
