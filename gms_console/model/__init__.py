"""What GMS exchanges are made of: data types that know nobody else."""
