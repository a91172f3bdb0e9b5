"""Any story: mail, user, time, zones and crashes in any order. `life` is the world, `laws` are what must always hold,
`machine` is what may happen, `files` puts the same world on a Maildir."""
