// Package testdata embeds the small data sets that come with the program, so
// that every demonstration and every test runs without a download.
//
// README.md says where each file comes from, under which licence, and how to
// rebuild it. The package knows nothing about formats: package dataset reads
// the files.
package testdata

import "embed"

// FS holds iris.csv, digits8x8.csv.gz and mnist5k/, as they lie in this folder.
//
//go:embed iris.csv digits8x8.csv.gz mnist5k
var FS embed.FS
