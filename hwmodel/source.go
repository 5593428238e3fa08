package hwmodel

// Source is the text of an embedded chip, by its name, or of a chip file, as Parse
// takes it.
func Source(nameOrFile string) ([]byte, error) { return resolveChip(nameOrFile) }
