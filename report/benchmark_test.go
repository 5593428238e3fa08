package report

import (
	"fmt"
	"testing"

	"tritloom/ledger"
)

// BenchmarkPriceRun prices runs in which 8 kinds differ from sample to sample.
func BenchmarkPriceRun(b *testing.B) {
	chip := toyChip(b)
	for _, samples := range []int{100, 10000} {
		events := eventsOf{}
		for k := range ledger.Kind(8) {
			for i := range samples {
				events[k] = append(events[k], uint64(i))
			}
		}
		run := newRun(chip, samples, events)
		b.Run(fmt.Sprintf("samples=%d", samples), func(b *testing.B) {
			for b.Loop() {
				if _, err := PriceRun(run, chip, DefaultEnergyOptions()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(samples)*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}
