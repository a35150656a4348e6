"""Demo mode: what stands on the stage, recording, replay."""
