package strictyaml

// Entries are the entries of a decoded file, or of one section of it: whether each is
// stated, and where to point an error about it.
type Entries struct {
	Places  Places
	Top     Place  // for what nothing around it is stated
	Section string // keys below are within it, such as "cases[0]"; empty: the whole file
}

// In are the entries of a section, by its key.
func (e Entries) In(key string) Entries {
	e.Section = join(e.Section, key)
	return e
}

// At is the place of an entry, or of the nearest entry around it that is stated.
func (e Entries) At(key string) Place { return e.Places.Near(join(e.Section, key), e.Top) }

// Stated tells whether the file states an entry.
func (e Entries) Stated(key string) bool {
	_, ok := e.Places[join(e.Section, key)]
	return ok
}

// Errorf is an error that points at an entry.
func (e Entries) Errorf(key, format string, args ...any) error {
	return e.At(key).Errorf(format, args...)
}
