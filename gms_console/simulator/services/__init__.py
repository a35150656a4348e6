"""The services of the Service API: builtin ones and those of ORS, their data and dialogs."""
