"""The configuration of the played GMS, in sections and options as GMS has them."""
