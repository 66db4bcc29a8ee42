// The `staywire` command. Placeholder until the commands exist.
export {}
