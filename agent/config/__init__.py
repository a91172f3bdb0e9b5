"""The one YAML file that the user writes: read, checked, frozen."""
