package strictyaml

import (
	"fmt"
	"slices"
	"strings"
)

// Nearest lists up to three of the known words that are closest to a misspelt
// one, closest first, none of them more than one letter farther than the first.
func Nearest(word string, known []string) []string {
	word = strings.ToLower(Clip(word))
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

// Clip keeps a hostile word from filling the screen.
func Clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

// OneOf lists choices for a person: "a", "b" or "c".
func OneOf(choices []string) string {
	quoted := make([]string, len(choices))
	for i, s := range choices {
		quoted[i] = fmt.Sprintf("%q", s)
	}
	last := len(quoted) - 1
	if last < 1 {
		return strings.Join(quoted, "")
	}
	return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
}
