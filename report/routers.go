package report

import (
	"fmt"

	"tritloom/ledger"
)

// routersText says what timing cycle by cycle saw of the routers, nothing if the run
// has no such timing.
func routersText(n *ledger.Network) string {
	if n == nil {
		return ""
	}
	if n.Packets == 0 {
		return "Routers: no packet crossed them\n"
	}
	text := fmt.Sprintf("Routers: %s deliveries, %s quanta in the mean (p50 %s, p95 %s, p99 %s, max %s), fullest buffer %s\n",
		Count(n.Packets), Mean(float64(n.LatencySum)/float64(n.Packets)), Count(n.LatencyP50), Count(n.LatencyP95), Count(n.LatencyP99), Count(n.LatencyMax), fmt.Sprintf("%d packets", n.PeakQueue))
	if n.Busiest.Packets > 0 {
		text += fmt.Sprintf("  busiest link: from (%d,%d) %s, %s packets\n", n.Busiest.X, n.Busiest.Y, n.Busiest.Port, Count(n.Busiest.Packets))
	}
	stalled, ticks, critical := uint64(0), uint64(0), 0
	for c := range n.CriticalTicks {
		stalled += n.Stalled[c]
		ticks += n.CriticalTicks[c]
		if n.CriticalTicks[c] > n.CriticalTicks[critical] {
			critical = c
		}
	}
	return text + fmt.Sprintf("  cores waited %s quanta for room in their routers; core %d, or a packet to it, ended last in %s of %s ticks\n",
		Count(stalled), critical, Count(n.CriticalTicks[critical]), Count(ticks))
}
