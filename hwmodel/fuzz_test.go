package hwmodel

import (
	"errors"
	"strings"
	"testing"
)

// FuzzParse feeds any bytes to the loader: it must not panic, its errors must be
// one line that starts with a file, and a chip it accepts must be sound and print.
func FuzzParse(f *testing.F) {
	for _, name := range Names() {
		f.Add([]byte(chipText(f, name)))
	}
	for _, text := range []string{
		"", "extends: unit\n", "extends: unit\ncapabilities: {core: {axons: 1}}\n", "extends: self.yaml\n", "prices: {hop_x: {energy_pj: {low: .inf}}}",
		"a: &a [*a, *a]\n", "a: !!binary |\n  x\n", "? [a]\n: b\n", "- - - - x\n", "{{{{", "\"\x00", "title: |\n  x\n", "\xff\xfe",
		"extends: ternary256\nprices:\n  hop_x: {unknown: \"\\u0000\"}\n",
		"extends: truenorth\ncapabilities: {tick: {quanta: 9}}\ntick_model: {reference_us: 1e-9, per_tick_share: {nominal: 1, low: 0, high: 1}, valid_us: {low: 1e-12, high: 1e9}}\n",
		"extends: odin\ncapabilities: {tick: {quanta: 4294967296, quantum_ps: 1000000000}}\n",
		"extends: isaac128\nprices: {core_tick: {covers: [core_tick, hop_x, nothing, ~]}}\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		chip, err := Parse("f.yaml", text, func(name string) ([]byte, error) {
			if isFile(name) {
				return nil, errors.New("no files here")
			}
			return resolveChip(name)
		})
		if err != nil {
			if message := err.Error(); strings.ContainsAny(message, "\n\r") || !strings.HasPrefix(message, "f.yaml:") {
				t.Fatalf("error %q", message)
			}
			return
		}
		if err := chip.Validate(); err != nil {
			t.Fatalf("accepted and not valid: %v", err)
		}
		if len(chip.PriceHash()) != len("sha256:")+64 || chip.String() == "" {
			t.Fatal("accepted and not printable")
		}
	})
}
