package noc

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tritloom/internal/seed"
)

// uniform writes scripts of one-destination spikes: packets of them, from
// random nodes to random nodes, each after work quanta.
func uniform(r *rand.Rand, cfg Config, packets int, work uint64) []Script {
	scripts := make([]Script, cfg.Nodes())
	for node := range scripts {
		scripts[node].Node = node
	}
	to := make([]Delivery, packets)
	for i := range to {
		to[i].Node = r.IntN(len(scripts))
		s := &scripts[r.IntN(len(scripts))]
		s.Steps = append(s.Steps, Step{Work: work, To: to[i : i+1 : i+1]})
	}
	return scripts
}

// BenchmarkRun runs one tick of random one-destination spikes. Rates are of
// this machine; quanta are of the chip.
func BenchmarkRun(b *testing.B) {
	for _, c := range []struct {
		cfg     Config
		packets int
		work    uint64
	}{
		{Config{Width: 4, Height: 4, FIFO: 4, HopX: 1, HopY: 1}, 80, 0},
		{Config{Width: 4, Height: 4, FIFO: 4, HopX: 4, HopY: 4}, 80, 10},
		{Config{Width: 16, Height: 16, FIFO: 4, HopX: 1, HopY: 1}, 100_000, 0},
		{Config{Width: 16, Height: 16, FIFO: 1, HopX: 3, HopY: 3}, 100_000, 0},
	} {
		b.Run(fmt.Sprintf("mesh=%dx%d/packets=%d/fifo=%d/hop=%d", c.cfg.Width, c.cfg.Height, c.packets, c.cfg.FIFO, c.cfg.HopX), func(b *testing.B) {
			n, err := New(c.cfg)
			if err != nil {
				b.Fatal(err)
			}
			scripts := uniform(seed.Stream(1, seed.TestInput), c.cfg, c.packets, c.work)
			var hops, quanta uint64
			b.ReportAllocs()
			for b.Loop() {
				r, err := n.Run(scripts)
				if err != nil {
					b.Fatal(err)
				}
				hops += r.Hops[Spikes]
				quanta += r.End
			}
			b.ReportMetric(float64(hops)/b.Elapsed().Seconds(), "packet-hops/s")
			b.ReportMetric(float64(quanta)/float64(b.N), "quanta/run")
		})
	}
}
