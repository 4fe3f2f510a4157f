"""The demonstration: an invented city of schools, groups and requests, made through actions, the same every time."""

from kunshan_edu.demo.cast import PASSWORD, Account, accounts
from kunshan_edu.demo.loading import load

__all__ = ["PASSWORD", "Account", "accounts", "load"]
