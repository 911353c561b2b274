"""What the user decides: settings, mailboxes, notifications, authorities, the archive; what the keys do, and about."""
