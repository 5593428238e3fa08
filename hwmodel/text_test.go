package hwmodel

import (
	"testing"

	"tritloom/internal/textcase"
)

// TestString shows embedded chips, or chips that the input describes, as people
// see them.
func TestString(t *testing.T) {
	textcase.Run(t, "testdata/chips.txt", func(t *testing.T, c textcase.Case) string {
		if c.Command == "show" {
			chip, err := Load(c.Args[0])
			if err != nil {
				return err.Error()
			}
			return chip.String()
		}
		chip, err := Parse(c.Args[0], []byte(c.Input), resolveChip)
		if err != nil {
			return err.Error()
		}
		return chip.String()
	})
}
