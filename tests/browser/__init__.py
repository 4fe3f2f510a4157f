"""Whole ways through the site in a real Chromium."""
