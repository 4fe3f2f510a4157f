"""Enrollment (招生): an app of its own beside personnel and finance."""
