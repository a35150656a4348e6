"""What lives in a run of the simulator: clock, numbers, instances, switches, pushes."""
