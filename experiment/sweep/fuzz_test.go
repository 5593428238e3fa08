package sweep_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tritloom/dataset"
	"tritloom/experiment/sweep"
)

// Whatever stands in a sweep, reading it ends with a sweep, all of whose points have
// values, or with one line.
func FuzzLoad(f *testing.F) {
	for _, text := range []string{
		twoHundred,
		fast + "train: {sweeps: 1}\nlatin: {points: 4, log: [prices.bits_read.scale], ranges: {core.axons: [1, 80], prices.bits_read.scale: [0.01, 100]}, choices: {hidden: [2, 4]}}\ngrid: {scenario: [single_stream, offline]}\n",
		"chip: unit\nnet: x.npz\ndata: iris\ngrid: {compile_seed: [1, 2], voltage_v: [0.7]}\npareto: [cores]\n",
		"grid: []\n", "grid: {a: {}}\n", "latin: {points: 1e9}\n", "- a\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "/") || strings.Count(text, "0") > 40 { // no other files; no long lists of points
			return
		}
		file := filepath.Join(t.TempDir(), "s.yaml")
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		s, err := sweep.Load(file, dataset.OpenOptions{})
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("an error of several lines: %v", err)
			}
			return
		}
		for _, point := range []int{0, s.Points() - 1} {
			for i, v := range s.Values(point) {
				if v == "" && s.Axes[i].Name != "net" && s.Axes[i].Name != "encode" {
					t.Errorf("point %d has no %s", point, s.Axes[i].Name)
				}
			}
		}
	})
}
