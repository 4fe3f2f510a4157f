"""The rules of the special fund, pure: whether a verb may be done, and why not; who decides, and why."""
