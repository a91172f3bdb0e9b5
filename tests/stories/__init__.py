"""Twelve stories, told end to end: `afterword run` in a process of its own, a real Dovecot, and a clock in hand.

`story` is the vocabulary, `mails` what people write, `page` prints a story into docs/stories.md.
"""
