package testdata

import "embed"

// Validation holds the rows of published figures that the chips are held against, and
// the hand-written part of VALIDATION.md, both below validation/.
//
//go:embed validation
var Validation embed.FS
