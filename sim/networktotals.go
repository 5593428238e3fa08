package sim

import (
	"tritloom/ledger"
	"tritloom/sim/noc"
)

// networkTotals is what timing cycle by cycle has seen of cores and routers over all
// ticks.
type networkTotals struct {
	network  *noc.Network
	latency  noc.Histogram // of spike packets, from ready to written
	stalled  []uint64      // [core]
	critical []uint64      // [core]: ticks that ended with it
	coreAt   []int         // [node]; -1: none
	traffic  []noc.Traffic // of streams merged in
}

func newNetworkTotals(cores int, network *noc.Network) *networkTotals {
	t := &networkTotals{network: network, stalled: make([]uint64, cores), critical: make([]uint64, cores)}
	for range len(network.Traffic().Packets[0]) / noc.Ports {
		t.coreAt = append(t.coreAt, -1)
	}
	return t
}

// add takes in a tick and gives the core that ended last.
func (t *networkTotals) add(r *noc.Result) (critical int) {
	t.latency.Merge(&r.Latency[noc.Spikes])
	for node := range r.Nodes {
		if stall := r.Nodes[node].StallInject; stall > 0 {
			t.stalled[t.coreAt[node]] += stall
		}
	}
	critical = -1
	if r.Critical.By != noc.NoCause {
		critical = t.coreAt[r.Critical.Node]
		t.critical[critical]++
	}
	return critical
}

// merge takes in another stream of the same chip.
func (t *networkTotals) merge(o *networkTotals) {
	t.latency.Merge(&o.latency)
	for c := range t.stalled {
		t.stalled[c] += o.stalled[c]
		t.critical[c] += o.critical[c]
	}
	t.traffic = append(t.traffic, *o.network.Traffic())
}

// percentiles of packet latencies that a record names.
var percentiles = [...]int{50, 95, 99}

// ports name the directions of links in records.
var ports = [...]struct {
	name string
	port noc.Port
}{{"east", noc.East}, {"west", noc.West}, {"north", noc.North}, {"south", noc.South}}

// record is the part of a run record.
func (t *networkTotals) record(width int) *ledger.Network {
	r := &ledger.Network{Packets: t.latency.Count(), LatencySum: t.latency.Sum(), LatencyMax: t.latency.Max(), Links: map[string][]uint64{}}
	for i, p := range []*uint64{&r.LatencyP50, &r.LatencyP95, &r.LatencyP99} {
		*p = t.latency.Percentile(percentiles[i])
	}
	r.Stalled, r.CriticalTicks = t.stalled, t.critical
	all := append([]noc.Traffic{*t.network.Traffic()}, t.traffic...)
	for _, p := range ports {
		loads := make([]uint64, len(t.coreAt))
		for node := range loads {
			for _, traffic := range all {
				loads[node] += traffic.Packets[noc.Spikes][node*noc.Ports+int(p.port)]
			}
			if loads[node] > r.Busiest.Packets {
				r.Busiest = ledger.LinkLoad{X: node % width, Y: node / width, Port: p.name, Packets: loads[node]}
			}
		}
		r.Links[p.name] = loads
	}
	for _, traffic := range all {
		for _, peak := range traffic.Peak[noc.Spikes] {
			r.PeakQueue = max(r.PeakQueue, peak)
		}
	}
	return r
}
