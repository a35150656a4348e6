"""What whoever drives the simulator sees and does, from a program and over HTTP."""
