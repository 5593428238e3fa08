// Package container is the one file form of tritloom: a bounded npz, that is a
// zip of npy members, which NumPy and every npz reader opens.
//
// A file is a kind ("network", "layout", ...), a JSON header and named arrays of
// little-endian numbers in C order. Its content hash covers all of them but not
// the version of the tool that wrote it, so that two builds which made the same
// thing agree. No clock, host, path or compression level reaches the bytes:
// equal content gives equal files.
//
// Reading trusts nothing. Every size is compared with Limits and with the bytes
// really present before memory is taken for it. Sizes are in bytes.
//
// The package does not know what the arrays mean: names, shapes and value ranges
// are checked by the package that owns the kind.
package container

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

// formatVersion is the container version this package writes and the newest it
// reads; it is the number after the slash of "tritloom-network/1".
const formatVersion = 1

// headerName is the member that holds the JSON envelope; no array may take it.
const headerName = "header"

// File is one tritloom file in memory.
type File struct {
	// Kind says what the file holds: lower-case letters, digits and dashes.
	Kind string
	// Header is a JSON object owned by the kind. Its keys keep their order;
	// white space between them is not content. Marshal a struct, not by hand.
	Header json.RawMessage
	// Tool is the version of the program that wrote the file. It is recorded
	// but is not part of the content hash.
	Tool string
	// Arrays hold the numbers, in any order; files are sorted by name.
	Arrays []Array
}

// Array returns the named array, or an error that lists what the file holds.
func (f *File) Array(name string) (*Array, error) {
	for i := range f.Arrays {
		if f.Arrays[i].Name == name {
			return &f.Arrays[i], nil
		}
	}
	return nil, fmt.Errorf("%s file has no array %q; it holds %s", f.Kind, name, f.names())
}

// names lists the arrays for a message, cut so that it stays one readable line.
func (f *File) names() string {
	const most = 12
	var names []string
	for _, a := range f.sorted() {
		names = append(names, a.Name)
	}
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("[%s and %d more]", strings.Join(names[:most], " "), more)
	}
	return fmt.Sprintf("[%s]", strings.Join(names, " "))
}

// sorted returns the arrays by name, leaving f as it was.
func (f *File) sorted() []Array {
	arrays := append([]Array(nil), f.Arrays...)
	sort.SliceStable(arrays, func(i, j int) bool { return arrays[i].Name < arrays[j].Name })
	return arrays
}

// format is the string that opens the envelope, such as "tritloom-layout/1".
func (f *File) format() string { return fmt.Sprintf("tritloom-%s/%d", f.Kind, formatVersion) }
