package noc

import (
	"fmt"
	"math/rand/v2"
)

// LoadPoint is how a mesh took one offered load of uniform random traffic.
type LoadPoint struct {
	// Rate is the load: packets per node and 1000 quanta.
	Rate int
	// Window is what was measured, in nodes × quanta.
	Window uint64
	// Offered is how many packets were ready for the first time in the window,
	// Delivered how many were delivered in it, whenever they were ready. Over
	// Window they are packets per node and quantum.
	Offered, Delivered uint64
	// Latency is of the packets Offered counts, from ready to delivered. Beyond
	// saturation source queues grow, and it says how long the window was.
	Latency Histogram
}

// LoadCurve measures a mesh under uniform random traffic, one point a rate. In
// each of the given quanta every node makes a packet with the probability rate
// per 1000, whatever became of the ones before (an open loop: source queues
// have no end), for any node with equal probability, its own included, with
// service 0. The first quarter of the quanta warms up, the rest is the window;
// then everything drains. Equal streams give equal points.
func LoadCurve(cfg Config, rates []int, quanta uint64, r *rand.Rand) ([]LoadPoint, error) {
	n, err := New(cfg)
	if err != nil {
		return nil, err
	}
	if quanta < 4 || quanta > 1<<32 {
		return nil, fmt.Errorf("noc.LoadCurve: %d quanta; want 4..%d, the first quarter to warm up", quanta, uint64(1<<32))
	}
	points := make([]LoadPoint, len(rates))
	for i, rate := range rates {
		if rate < 0 || rate > 1000 {
			return nil, fmt.Errorf("noc.LoadCurve: rate %d; want 0..1000 packets per node and 1000 quanta", rate)
		}
		points[i] = LoadPoint{Rate: rate}
		if err := n.measure(&points[i], quanta, r); err != nil {
			return nil, err
		}
	}
	return points, nil
}

func (n *Network) measure(p *LoadPoint, quanta uint64, r *rand.Rand) error {
	start := quanta / 4
	p.Window = uint64(n.cfg.Nodes()) * (quanta - start)
	inside := func(t uint64) bool { return t >= start && t < quanta }
	n.watch = func(a arrival) {
		if inside(a.ready) {
			p.Offered++
			p.Latency.Add(a.at - a.ready)
		}
		if inside(a.at) {
			p.Delivered++
		}
	}
	_, err := n.Run(n.sources(p.Rate, quanta, r))
	return err
}

// sources are the scripts of an open loop.
func (n *Network) sources(rate int, quanta uint64, r *rand.Rand) []Script {
	scripts := make([]Script, n.cfg.Nodes())
	everywhere := make([]Delivery, len(scripts))
	for node := range scripts {
		everywhere[node].Node = node
	}
	for node := range scripts {
		s := &scripts[node]
		s.Node = node
		for t := range quanta {
			if r.IntN(1000) < rate {
				to := r.IntN(len(everywhere))
				s.Steps = append(s.Steps, Step{Timed: true, Work: t, To: everywhere[to : to+1]})
			}
		}
	}
	return scripts
}
