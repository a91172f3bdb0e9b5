"""The agent decides and acts over time: the case, its clock, its letters, the daemon and the command line."""
