package noc

import (
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// mesh5 is a row of five nodes; every time is one quantum.
var mesh5 = Config{Width: 5, Height: 1, FIFO: 2, HopX: 1, HopY: 1, SumHop: 1}

func sumTo(node int, token Token) Step {
	return Step{Plane: Sums, Token: token, To: []Delivery{{Node: node}}}
}

func TestScriptsByHand(t *testing.T) {
	here := []Delivery{{Node: 0}}
	for _, c := range []struct {
		name  string
		steps []Step
		want  NodeTimes
		end   uint64
	}{
		{"nothing", nil, NodeTimes{}, 0},
		{"work alone", []Step{{Work: 3}, {Work: 4}}, NodeTimes{Finish: 7}, 7},
		// Ready at 3, 3 and 3, but a core hands over one a quantum: 3, 4, 5.
		{"no work between", []Step{{Work: 3, To: here}, {To: here}, {To: here}}, NodeTimes{Finish: 5, StallInject: 2}, 5},
		{"work between", []Step{{Work: 3, To: here}, {Work: 1, To: here}}, NodeTimes{Finish: 4}, 4},
		// Served 5 each. The first leaves at 0, the second comes at 1 and leaves
		// at 5; the third comes at 2 and fills the FIFO, so the fourth, ready at 2
		// too, has to wait for the place that is free again at 6.
		{"full FIFO", []Step{
			{To: []Delivery{{0, 5}}}, {To: []Delivery{{0, 5}}}, {Work: 1, To: []Delivery{{0, 5}}}, {To: []Delivery{{0, 5}}}},
			NodeTimes{Finish: 6, StallInject: 1 + 0 + 4}, 20},
		// Ready at 7 and 8 whatever the core does; it comes at 10 and 11.
		{"timed, late", []Step{{Work: 10}, {Timed: true, Work: 7, To: here}, {Timed: true, Work: 8, To: here}},
			NodeTimes{Finish: 11, StallInject: 3 + 3}, 11},
		{"timed, early", []Step{{Work: 2}, {Timed: true, Work: 7, To: here}}, NodeTimes{Finish: 7}, 7},
		// The sum to itself is delivered at 6, long after it was sent at 2. A step
		// that sends nothing waits beside the core, and shows only in JoinWait.
		{"own sum", []Step{{Work: 2, Plane: Sums, Token: 9, To: []Delivery{{0, 4}}}, {Work: 1, Join: 9}, {Work: 1}},
			NodeTimes{Finish: 4, JoinWait: 3}, 6},
		{"own sum, early", []Step{{Work: 2, Plane: Sums, Token: 9, To: []Delivery{{0, 4}}}, {Work: 7, Join: 9}, {Work: 1}},
			NodeTimes{Finish: 10}, 10},
		{"a sum nobody joins", []Step{{Work: 2, Plane: Sums, Token: 9, To: []Delivery{{0, 4}}}}, NodeTimes{Finish: 2}, 6},
		{"two planes", []Step{{To: here}, {Plane: Sums, Token: 1, To: here}}, NodeTimes{}, 0},
	} {
		_, r, _ := runOnce(t, mesh5, Script{0, c.steps})
		if r.Nodes[0] != c.want || r.End != c.end {
			t.Errorf("%s: %+v, end %d; want %+v, end %d", c.name, r.Nodes[0], r.End, c.want, c.end)
		}
	}
}

func TestScriptErrors(t *testing.T) {
	to := func(nodes ...int) (list []Delivery) {
		for _, n := range nodes {
			list = append(list, Delivery{Node: n})
		}
		return list
	}
	one := func(s Step) []Script { return []Script{{1, []Step{{}, s}}} }
	join := func(node int, token, then Token, to int) Script {
		s := sumTo(to, then)
		s.Join = token
		return Script{node, []Step{s}}
	}
	for _, c := range []struct {
		scripts []Script
		want    string
	}{
		{[]Script{{Node: 5}}, "noc: script 0 is for node 5; want 0..4"},
		{[]Script{{Node: -1}}, "noc: script 0 is for node -1; want 0..4"},
		{[]Script{{Node: 2}, {Node: 2}}, "noc: script 1 is a second one for node 2; join their steps"},
		{one(Step{Work: 1<<40 + 1}), "noc: node 1 step 1: works 1099511627777 quanta; want at most 1099511627776"},
		{one(Step{Timed: true}), "noc: node 1 step 1: is timed; want a packet, and one that joins no sum"},
		{one(Step{Timed: true, Join: 1, To: to(1)}), "noc: node 1 step 1: is timed; want a packet, and one that joins no sum"},
		{one(Step{Plane: 2}), "noc: node 1 step 1: uses plane 2; want 0 (spikes) or 1 (sums)"},
		{one(Step{To: to(5)}), "noc: node 1 step 1: sends to node 5; want 0..4"},
		{one(Step{To: to(3, 2)}), "noc: node 1 step 1: sends to node 2 after node 3; want distinct nodes in ascending order"},
		{one(Step{To: to(3, 3)}), "noc: node 1 step 1: sends to node 3 after node 3; want distinct nodes in ascending order"},
		{one(Step{To: []Delivery{{2, 1 << 41}}}), "noc: node 1 step 1: is served 2199023255552 quanta at node 2; want at most 1099511627776"},
		{one(Step{Token: 1, To: to(2)}), "noc: node 1 step 1: has token 1 but sends no sum; want token 0, or a destination on the plane of sums"},
		{one(Step{Token: 1, Plane: Sums}), "noc: node 1 step 1: has token 1 but sends no sum; want token 0, or a destination on the plane of sums"},
		{one(Step{Token: 1, Plane: Sums, To: to(1, 2)}), "noc: node 1 step 1: sends sum 1 to 2 nodes; want one"},
		{one(sumTo(2, 0)), "noc: node 1 step 1: sends a sum with token 0; want 1..16777216"},
		{one(sumTo(2, MaxToken+1)), "noc: node 1 step 1: sends a sum with token 16777217; want 1..16777216"},
		{[]Script{{0, []Step{sumTo(2, 7)}}, {3, []Step{sumTo(2, 7)}}}, "noc: node 3 step 0: sends sum 7, which another step sends too; give each sum a token of its own"},
		{one(Step{Join: 4}), "noc: node 1 step 1: joins sum 4, which no step sends"},
		{[]Script{{0, []Step{sumTo(2, 7)}}, {3, []Step{{Join: 7}}}}, "noc: node 3 step 0: joins sum 7, which goes to node 2"},
		{[]Script{{0, []Step{sumTo(2, 7)}}, {2, []Step{{Join: 7}, {Join: 7}}}},
			"noc: node 2 step 1: joins sum 7, which another step joins too; send each its own"},
		{[]Script{join(2, 1, 2, 4), join(4, 2, 1, 2)},
			"noc: node 2 step 0: joins sum 1, which never comes, since the sums it is made of join each other in a circle; break the circle"},
		{[]Script{{2, []Step{{}, {Join: 3}}}, join(4, 1, 1, 4), {0, []Step{sumTo(2, 3)}}},
			"noc: node 4 step 0: joins sum 1, which never comes, since the sums it is made of join each other in a circle; break the circle"},
		{one(Step{Join: 6, Plane: Sums, Token: 6, To: to(1)}), "noc: node 1 step 1: joins sum 6, which never comes, since the sums it is made of join each other in a circle; break the circle"},
	} {
		n, err := New(mesh5)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.Run(c.scripts); err == nil || err.Error() != c.want {
			t.Errorf("error %v\nwant  %s", err, c.want)
		}
		// An error leaves nothing behind.
		r, err := n.Run([]Script{{0, []Step{{To: to(4)}}}})
		if err != nil || r.End != 4 || r.Latency[Sums].Count() != 0 {
			t.Errorf("after %s\nthe next run ends at %d, error %v; want 4", c.want, r.End, err)
		}
	}
	without := mesh5
	without.SumHop = 0
	n, err := New(without)
	if err != nil {
		t.Fatal(err)
	}
	want := "noc: node 1 step 1: sends sum 3 on a chip without sums; set noc.Config.SumHop"
	if _, err := n.Run(one(sumTo(2, 3))); err == nil || err.Error() != want {
		t.Errorf("error %v\nwant  %s", err, want)
	}
}

// The order of scripts is nothing the chip knows.
func TestOrderOfScriptsDoesNotShow(t *testing.T) {
	cfg := Config{Width: 3, Height: 1, FIFO: 1, HopX: 2, HopY: 1}
	scripts := []Script{burst(0, 2, 5, 1), burst(1, 2, 5, 1), burst(2, 0, 5, 3)}
	_, want, _ := runOnce(t, cfg, scripts...)
	slices.Reverse(scripts)
	_, got, _ := runOnce(t, cfg, scripts...)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("scripts in reverse (-forward +reverse):\n%s", diff)
	}
}
