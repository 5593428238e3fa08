package report

import (
	"testing"

	"tritloom/ledger"
)

func TestRoutersText(t *testing.T) {
	n := &ledger.Network{
		Packets: 4, LatencySum: 10, LatencyP50: 2, LatencyP95: 4, LatencyP99: 4, LatencyMax: 4, PeakQueue: 2,
		Busiest: ledger.LinkLoad{X: 1, Y: 2, Port: "east", Packets: 3}, Stalled: []uint64{0, 5}, CriticalTicks: []uint64{1, 7},
	}
	const want = "Routers: 4 deliveries, 2.50 quanta in the mean (p50 2, p95 4, p99 4, max 4), fullest buffer 2 packets\n" +
		"  busiest link: from (1,2) east, 3 packets\n" +
		"  cores waited 5 quanta for room in their routers; core 1, or a packet to it, ended last in 7 of 8 ticks\n"
	if got := routersText(n); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := routersText(nil); got != "" {
		t.Errorf("without cycle timing: %q", got)
	}
	if got := routersText(&ledger.Network{}); got != "Routers: no packet crossed them\n" {
		t.Errorf("without packets: %q", got)
	}
}
