package hwmodel

import (
	"slices"
	"strings"
)

// nearest lists up to three of the known words that are closest to a misspelt
// one, closest first, none of them more than one letter farther than the first.
func nearest(word string, known []string) []string {
	word = strings.ToLower(clip(word))
	sorted := slices.Clone(known)
	slices.SortStableFunc(sorted, func(a, b string) int {
		return editDistance(word, a) - editDistance(word, b)
	})
	near := 1
	for near < min(3, len(sorted)) && editDistance(word, sorted[near]) <= editDistance(word, sorted[0])+1 {
		near++
	}
	return sorted[:near]
}

// editDistance is the number of letters to insert, delete or replace.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// clip keeps a hostile word from filling the screen.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
