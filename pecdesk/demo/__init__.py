"""A made-up office: its mailbox, its certified-mail providers, their authority. Everything made here says DEMO."""
