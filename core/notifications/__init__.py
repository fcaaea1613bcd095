"""Notifications: an inbox entry and, where wanted, a mail, written in the unit of work and sent only after commit."""
