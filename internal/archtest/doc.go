// Package archtest holds no code, only the test that keeps the rooms of tritloom
// apart: a table of which package may import which, checked against the import
// lines of every Go file in the module. The table is the shape of the program; who
// needs a new row, or a new entry in one, is changing the architecture.
//
// The test reads the files itself. One that asked "go list" would be answered from
// Go's test cache after an import has changed.
package archtest
