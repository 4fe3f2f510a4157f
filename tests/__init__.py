"""The tests, one folder per app, and the small world they stand on."""
