"""The store to SMTP: what was frozen leaves once, and its state is always true.

The states and which may follow which are `pecdesk.pec.sending`; every step between them is journalled by
`pecdesk.store.outbox`. `transport` says how a message is handed over and in which ways that can end, `states` what each
end means; `smtp_transport` hands over to a real provider through `smtp`, the only user of smtplib; `worker` is the one
who does it, `recovery` puts right what a stopped program left. A sending whose end nobody knows is `uncertain`: it is
never repeated by itself, a receipt or the user settles it.
"""
