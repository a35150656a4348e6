"""Where to send: environments, switching, what is let out."""
