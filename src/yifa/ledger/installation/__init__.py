"""An installation: how it is founded, set, backed up and looked after every day."""
