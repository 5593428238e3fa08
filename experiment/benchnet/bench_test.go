package benchnet_test

import (
	"context"
	"fmt"
	"testing"

	"tritloom/experiment/benchnet"
	"tritloom/layout"
	"tritloom/sim"
)

// BenchmarkTick is one tick of the peers' network, one thread, no timing.
func BenchmarkTick(b *testing.B) {
	for _, cores := range []int{64, 1024, 4096} {
		for _, period := range []int{50, 10} {
			b.Run(fmt.Sprintf("cores=%d/rate=p%d", cores, 100/period), func(b *testing.B) {
				l, err := benchnet.Peers(context.Background(), cores, period, 1)
				if err != nil {
					b.Fatal(err)
				}
				o := sim.DefaultOptions()
				o.Engine = sim.EngineFast
				perCoreTick(b, l, o, uint64(3*period))
			})
		}
	}
}

// BenchmarkCycle is a tick of the peers' network at 2 % by timing model, 16 cores.
func BenchmarkCycle(b *testing.B) {
	for _, timing := range []string{sim.TimingAnalytic, sim.TimingCycle} {
		b.Run("cores=16/rate=p2/timing="+timing, func(b *testing.B) {
			l, err := benchnet.Peers(context.Background(), 16, 50, 1)
			if err != nil {
				b.Fatal(err)
			}
			o := sim.DefaultOptions()
			o.Timing, o.Latencies = timing, benchnet.Latencies()
			perCoreTick(b, l, o, 0)
		})
	}
}

// BenchmarkCharacterisation is TrueNorth's recipe, whose neurons draw random thresholds.
func BenchmarkCharacterisation(b *testing.B) {
	l, err := benchnet.Characterisation(context.Background(), 64, 1)
	if err != nil {
		b.Fatal(err)
	}
	o := sim.DefaultOptions()
	o.Engine = sim.EngineFast
	perCoreTick(b, l, o, 0)
}

// perCoreTick times b.N ticks of the layout after warm ticks that are not timed.
func perCoreTick(b *testing.B, l *layout.Layout, o sim.Options, warm uint64) {
	b.Helper()
	runner, err := sim.NewRunner(l, o)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := runner.Advance(context.Background(), warm); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	if _, err := runner.Advance(context.Background(), uint64(b.N)); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(l.Cores)), "ns/core-tick")
}
