"""The special fund: Measures and limits, budgets, fund requests, decisions and payments."""
