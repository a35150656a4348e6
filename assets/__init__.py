"""What is neither engine nor window: catalogue data, icons, examples."""
