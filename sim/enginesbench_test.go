package sim

import (
	"context"
	"fmt"
	"testing"

	"tritloom/internal/bits"
	"tritloom/internal/seed"
)

// BenchmarkEngines runs 784-512-10 with random weights on cores of 256 × 256 through a
// machine: one worker, no timing, nobody looking at waves, a third of the inputs active.
// Density is how many of a hundred weights are not zero. Rates are of this machine.
func BenchmarkEngines(b *testing.B) {
	for _, percent := range []int{12, 25, 67} {
		r := seed.Stream(1, seed.TestNetwork)
		l := sparseImage(r, percent)
		all := randomSamples(r, 20*bits.Lanes, l.Inputs)
		for _, c := range []struct {
			engine string
			images int
		}{{EngineReference, 8}, {EngineFast, 512}, {EngineBatch, len(all)}} {
			b.Run(fmt.Sprintf("net=784-512-10/density=p%d/cores=%d/inputs=p33/engine=%s", percent, len(l.Cores), c.engine), func(b *testing.B) {
				o := DefaultOptions()
				o.Engine = c.engine
				m, err := New(l, o)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					if _, err := m.Run(context.Background(), all[:c.images], nil); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.N*c.images)/b.Elapsed().Seconds(), "images/s")
			})
		}
	}
}

// BenchmarkNewMachine prepares the same image.
func BenchmarkNewMachine(b *testing.B) {
	l := sparseImage(seed.Stream(1, seed.TestNetwork), 67)
	for _, engine := range []string{EngineFast, EngineBatch} {
		b.Run("net=784-512-10/density=p67/engine="+engine, func(b *testing.B) {
			o := DefaultOptions()
			o.Engine = engine
			for b.Loop() {
				if _, err := New(l, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
