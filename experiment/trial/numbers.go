package trial

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"tritloom/internal/strictyaml"
)

// Numbers as hand-written files may state them. YAML reads 0100 as 64 and people read
// it as 100, so a number that starts with a nought it does not need is refused.
var (
	wholeForm = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	realForm  = regexp.MustCompile(`^-?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$`)
)

// Whole reads a whole number.
func Whole(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || !wholeForm.MatchString(text) {
		return 0, fmt.Errorf("%q; want a whole number, in decimal digits such as 100", strictyaml.Clip(text))
	}
	return n, nil
}

// Unsigned reads a whole number from 0 to 2^64-1.
func Unsigned(text string) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || !wholeForm.MatchString(text) {
		return 0, fmt.Errorf("%q; want a whole number from 0, in decimal digits such as 100", strictyaml.Clip(text))
	}
	return n, nil
}

// Real reads a finite number.
func Real(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !realForm.MatchString(text) {
		return 0, fmt.Errorf("%q; want a finite number, in decimal digits such as 0.5", strictyaml.Clip(text))
	}
	return v, nil
}

// Decimal is the shortest text that Real reads as the same number.
func Decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// OneLine keeps an error to one line of bounded length, for a table or a sentence.
func OneLine(err error) string {
	const most = 400 // bytes
	lines := strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' })
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	text := strings.Join(lines, "; ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}
