"""From an address to a configuration: which server, how to get in, what to watch, and the YAML that says so.

Nothing here prints or reads the keyboard: it is done through a ``Talk``, which ``agent/cli/init.py`` gives.
"""
