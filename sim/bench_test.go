package sim

import (
	"context"
	"fmt"
	"testing"

	"tritloom/encode"
	"tritloom/internal/seed"
	"tritloom/ledger"
)

// BenchmarkTick simulates 784-512-10 with random weights on cores of 256 × 256,
// one wave at a time. Rates are of this machine, not of the chip.
func BenchmarkTick(b *testing.B) {
	r := seed.Stream(1, seed.TestNetwork)
	d := randomTernary(r, 784, 512, 10)
	l, _ := d.image(r, 256, 256, true)
	for _, percent := range []int{5, 20, 50} {
		in := encode.NewBits(784)
		for i := range 784 {
			in.Put(i, r.IntN(100) < percent)
		}
		for _, timing := range []string{TimingNone, TimingAnalytic} {
			b.Run(fmt.Sprintf("net=784-512-10/cores=%d/inputs=p%d/timing=%s", len(l.Cores), percent, timing), func(b *testing.B) {
				m, err := New(l, options(ledger.SingleStream, timing, 1))
				if err != nil {
					b.Fatal(err)
				}
				s := make(samples, 32)
				for i := range s {
					s[i] = in
				}
				var total ledger.Counts
				for b.Loop() {
					run, err := m.Run(context.Background(), s, nil)
					if err != nil {
						b.Fatal(err)
					}
					counts := run.Total()
					total.Add(&counts)
				}
				seconds := b.Elapsed().Seconds()
				b.ReportMetric(float64(total[ledger.SynapticOp])/seconds, "synaptic_ops/s")
				b.ReportMetric(float64(total[ledger.CoreTick])/seconds, "core_ticks/s")
				b.ReportMetric(float64(b.N*len(s))/seconds, "inferences/s")
			})
		}
	}
}
