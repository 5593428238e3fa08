package noc

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"tritloom/internal/seed"
)

// The example of sim's analytic timing: cores busy for 13, 12 and 12 quanta,
// two links apart, in a chain of sums. The first sum is there at 13+2 = 15 and
// goes on at once, so the second is there at 17. Nobody has stalled.
func TestChainOfSumsByHand(t *testing.T) {
	first, middle, last := sumTo(2, 1), sumTo(4, 2), Step{Work: 12, Join: 2}
	first.Work, middle.Work, middle.Join = 13, 12, 1
	_, r, _ := runOnce(t, mesh5, Script{0, []Step{first}}, Script{2, []Step{middle}}, Script{4, []Step{last}})
	want := []NodeTimes{{Finish: 13}, {}, {Finish: 12, JoinWait: 3}, {}, {Finish: 12, JoinWait: 5}}
	if diff := gocmp.Diff(want, r.Nodes); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	if r.End != 17 || r.Critical != (Critical{4, ByDelivery}) {
		t.Errorf("%+v ends last, at %d; want a delivery to node 4 at 17", r.Critical, r.End)
	}
}

// A lone chain of sums whose columns are all ready at r delivers its last sum at
// r + the links it crosses × SumHop, whatever the FIFOs, and a spike that joins
// it leaves then. It may come back to a node, but not from one to itself.
func TestLoneChain(t *testing.T) {
	for i := range 400 {
		r := seed.Sub(11, seed.TestInput, i)
		cfg := Config{Width: 2 + r.IntN(4), Height: 1 + r.IntN(5), FIFO: 1 + r.IntN(3), HopX: 5, HopY: 6, SumHop: 1 + r.Uint64N(7)}
		scripts := make([]Script, cfg.Nodes())
		ready := r.Uint64N(20)
		for node := range scripts {
			scripts[node] = Script{node, []Step{{Work: ready}}}
		}
		at, links, waited := r.IntN(cfg.Nodes()), uint64(0), uint64(0)
		for token := range Token(1 + r.IntN(12)) {
			next := (at + 1 + r.IntN(cfg.Nodes()-1)) % cfg.Nodes()
			s := sumTo(next, token+1)
			s.Join = token
			scripts[at].Steps = append(scripts[at].Steps, s)
			waited += links * cfg.SumHop
			dx, dy := distance(cfg, at, next)
			links += dx + dy
			if at = next; r.IntN(12) == 0 {
				break
			}
		}
		end := ready + links*cfg.SumHop
		_, result, _ := runOnce(t, cfg, scripts...)
		if result.End != end {
			t.Errorf("case %d, %+v: a chain over %d links from %d on ends at %d, want %d", i, cfg, links, ready, result.End, end)
		}
		joined := uint64(0)
		for _, times := range result.Nodes {
			joined += times.JoinWait
			if times.Finish != ready || times.StallInject != 0 {
				t.Errorf("case %d, %+v: %+v; want no core to wait", i, cfg, times)
			}
		}
		if joined != waited {
			t.Errorf("case %d, %+v: sums were waited for %d quanta, want %d", i, cfg, joined, waited)
		}

		last := Token(0)
		for _, s := range scripts {
			for _, step := range s.Steps {
				last = max(last, step.Token)
			}
		}
		spike := Step{Join: last, To: []Delivery{{(at + 1) % cfg.Nodes(), 2}}}
		scripts[at].Steps = append(scripts[at].Steps, spike)
		dx, dy := distance(cfg, at, spike.To[0].Node)
		_, result, _ = runOnce(t, cfg, scripts...)
		if want := end + dx*cfg.HopX + dy*cfg.HopY + 2; result.End != want {
			t.Errorf("case %d, %+v: a spike that joins the chain is delivered at %d, want %d", i, cfg, result.End, want)
		}
	}
}

// Within one node a sum comes after phase 3, so that every link of a chain
// takes the quantum in which its packet enters.
func TestChainWithinANode(t *testing.T) {
	var steps []Step
	for token := range Token(6) {
		s := sumTo(0, token+1)
		s.Join = token
		steps = append(steps, s)
	}
	if _, r, _ := runOnce(t, mesh5, Script{0, steps}); r.End != 5 || r.Nodes[0] != (NodeTimes{JoinWait: 0 + 1 + 2 + 3 + 4}) {
		t.Errorf("six links end at %d, %+v; want 5, having waited 0+1+2+3+4", r.End, r.Nodes[0])
	}
}

// What node 1 of a row of five sends to node 4 when node 0 sends it sums.
func TestJoinsByHand(t *testing.T) {
	to4 := []Delivery{{Node: 4}}
	sum := func(work uint64, token Token, service uint64) Step {
		return Step{Work: work, Plane: Sums, Token: token, To: []Delivery{{1, service}}}
	}
	type sent struct {
		step      int
		ready, at uint64
	}
	for _, c := range []struct {
		name     string
		fifo     int
		from0    []Step
		from1    []Step
		want     NodeTimes
		arrivals []sent // at node 4, three links on
	}{
		{"parked out of order", 2, // sum 2 is there at 6, sum 1 at 21
			[]Step{sum(5, 2, 0), sum(15, 1, 0)},
			[]Step{{Work: 3, Join: 1, To: to4}, {Work: 1, Join: 2, To: to4}, {Work: 1, To: to4}, {Work: 2}},
			NodeTimes{Finish: 7, JoinWait: (21 - 3) + (6 - 4)},
			[]sent{{2, 5, 8}, {1, 6, 9}, {0, 21, 24}}},
		{"ready long before", 2,
			[]Step{sum(0, 1, 0)},
			[]Step{{Work: 30, Join: 1, To: to4}, {Work: 1}},
			NodeTimes{Finish: 31},
			[]sent{{0, 30, 33}}},
		{"ready in the same quantum", 2, // the core's own: nothing is parked
			[]Step{sum(4, 1, 0)},
			[]Step{{Work: 5, Join: 1, To: to4}},
			NodeTimes{Finish: 5},
			[]sent{{0, 5, 8}}},
		// Sum 1 comes first and is served until 4. Sum 2 is taken then, and is
		// served in no time. Both packets are ready at 4: the first step goes first,
		// and the core, ready at 4 too, stalls till 6.
		{"two at once", 4,
			[]Step{sum(0, 1, 3), sum(0, 2, 0)},
			[]Step{{Join: 2, To: to4}, {Join: 1, To: to4}, {Work: 4, To: to4}},
			NodeTimes{Finish: 6, JoinWait: 4 + 4, StallInject: 2},
			[]sent{{0, 4, 7}, {1, 4, 8}, {2, 4, 9}}},
		{"two at once, the other way round", 4,
			[]Step{sum(0, 1, 3), sum(0, 2, 0)},
			[]Step{{Join: 1, To: to4}, {Join: 2, To: to4}, {Work: 4, To: to4}},
			NodeTimes{Finish: 6, JoinWait: 4 + 4, StallInject: 2},
			[]sent{{0, 4, 7}, {1, 4, 8}, {2, 4, 9}}},
		// Steps 0 and 1 get their sums at 2 and 1: the one that is ready first goes
		// first, at 1; then step 0 and, behind it, the core.
		{"earlier before first", 4,
			[]Step{sum(0, 1, 0), sum(0, 2, 0)},
			[]Step{{Join: 2, To: to4}, {Join: 1, To: to4}, {Work: 2, To: to4}},
			NodeTimes{Finish: 3, JoinWait: 2 + 1, StallInject: 1},
			[]sent{{1, 1, 4}, {0, 2, 5}, {2, 2, 6}}},
		// One place everywhere, so links take a packet every other quantum: sums
		// come at 1 and 3. Of node 1, step 2 enters at 0 and leaves, step 0 enters
		// at 1 and leaves at 2, step 1 enters at 3 and leaves at 4, and step 3 of
		// the core, ready at 1, enters at 5.
		{"no room", 1,
			[]Step{sum(0, 1, 0), sum(0, 2, 0)},
			[]Step{{Join: 1, To: to4}, {Join: 2, To: to4}, {To: to4}, {Work: 1, To: to4}, {Work: 1}},
			NodeTimes{Finish: 6, JoinWait: 1 + 3, StallInject: 4},
			[]sent{{2, 0, 3}, {0, 1, 5}, {1, 3, 7}, {3, 1, 9}}},
	} {
		cfg := mesh5
		cfg.FIFO = c.fifo
		_, r, heard := runOnce(t, cfg, Script{0, c.from0}, Script{1, c.from1})
		var got []sent
		for _, a := range heard {
			if a.to == 4 {
				got = append(got, sent{a.step, a.ready, a.at})
			}
		}
		if diff := gocmp.Diff(c.arrivals, got, gocmp.AllowUnexported(sent{})); diff != "" {
			t.Errorf("%s: arrivals (-want +got):\n%s", c.name, diff)
		}
		if r.Nodes[1] != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, r.Nodes[1], c.want)
		}
	}
}

// A sum and a spike enter in one quantum: of a core, of what is parked, and of
// both.
func TestPlanesEnterSideBySide(t *testing.T) {
	east := []Delivery{{Node: 2}}
	_, r, _ := runOnce(t, mesh5,
		Script{0, []Step{sumTo(1, 1), {Work: 1, Plane: Sums, Token: 2, To: []Delivery{{Node: 1}}}}},
		Script{1, []Step{
			{Join: 1, To: east},                        // enters at 1
			{Work: 1, Plane: Sums, Token: 3, To: east}, // and this
			{Join: 2, Plane: Sums, Token: 4, To: east}, // enters at 2
			{Work: 1, To: east},                        // and this
		}})
	if want := (NodeTimes{Finish: 2, JoinWait: 1 + 1}); r.Nodes[1] != want || r.End != 3 {
		t.Errorf("ends at %d, %+v; want 3, %+v", r.End, r.Nodes[1], want)
	}
}

// A packet that has waited for its turn at an output goes in phase 2, and one
// that was injected behind it is not seen before the next quantum.
func TestLocalFIFOShowsOneHead(t *testing.T) {
	_, r, heard := runOnce(t, mesh5,
		Script{0, []Step{{To: []Delivery{{0, 3}}}, {To: []Delivery{{0, 0}}}, {Work: 2, To: []Delivery{{1, 0}}}}})
	want := []arrival{{0, 0, 0, 0, 3}, {0, 1, 0, 0, 3}, {0, 2, 1, 3, 5}}
	if diff := gocmp.Diff(want, heard, allFields); diff != "" {
		t.Errorf("End %d, deliveries (-want +got):\n%s", r.End, diff)
	}
}
