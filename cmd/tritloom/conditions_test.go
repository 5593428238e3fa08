package main

import "testing"

func TestTickPS(t *testing.T) {
	for text, want := range map[string]int64{
		"200us": 200e6, "200µs": 200e6, "1ms": 1e9, "5.12us": 5_120_000, "13333ps": 13333, "99.9975ns": 0, "100s": 100e12, "101s": 0,
		"1s": 1e12, "0.5ps": 0, "0.0005ns": 0, "0.5ns": 500, ".5ns": 500, "": 0, "us": 0, "1": 0, "1/2us": 0, "+1us": 0, "1 us": 0, "0x1us": 0, "1.2.3us": 0,
	} {
		got, err := tickPS(text)
		if (err == nil) != (want > 0) || got != want {
			t.Errorf("%q: %d ps, %v; want %d", text, got, err, want)
		}
	}
}
