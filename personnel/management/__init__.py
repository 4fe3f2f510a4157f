"""Commands of personnel."""
