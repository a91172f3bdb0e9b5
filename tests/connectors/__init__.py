"""Each connector's own behaviour, beyond the contract."""
