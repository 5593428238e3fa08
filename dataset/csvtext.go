package dataset

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxShown bounds the cell text in a message, in bytes.
const maxShown = 40

// clip keeps an error line short. It never cuts a character in two.
func clip(text []byte) []byte {
	if len(text) <= maxShown {
		return text
	}
	end := maxShown - len("...")
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return append(text[:end:end], "..."...)
}

// shown is outside text as part of a message: short, and with what a terminal
// would not print, or would take for a line's end, written as an escape.
func shown(text string) string {
	quoted := strconv.Quote(string(clip([]byte(text))))
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
