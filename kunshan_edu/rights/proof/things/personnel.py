"""People and appointments, in each state they can reach."""
