"""Core: people, the guideline, refusals, the audit trail, the inbox and background work; never a domain word."""
