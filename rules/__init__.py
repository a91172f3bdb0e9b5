"""Rules say what a message means. They know no server, no clock and no case."""
