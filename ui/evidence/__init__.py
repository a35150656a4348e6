"""What is exported as evidence, and from where."""
