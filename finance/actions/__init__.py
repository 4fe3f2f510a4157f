"""The verbs of the special fund; each changes its rows through `changing()` and says in the audit what it did."""
