"""What is told outside the window: new mail and settled outcomes, through the system's tray.

`Notifier` decides what and when, `Tray` shows it. Without a tray the window itself asks for attention, and nothing
else changes.
"""
