"""Reading the YAML files that a person writes for the simulator."""
