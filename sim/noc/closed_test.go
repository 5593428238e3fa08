package noc

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"tritloom/internal/seed"
)

// runOnce runs scripts in a new network and returns what it delivered, in the
// order of time.
func runOnce(t *testing.T, cfg Config, scripts ...Script) (*Network, *Result, []arrival) {
	t.Helper()
	n, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var heard told
	n.watch = heard.hear
	r, err := n.Run(scripts)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(heard, func(a, b arrival) int { return cmp.Compare(a.at, b.at) })
	return n, r, heard
}

// distance is how many links lie between two nodes, along x and along y.
func distance(cfg Config, a, b int) (dx, dy uint64) {
	apart := func(a, b int) uint64 { return uint64(max(a-b, b-a)) }
	return apart(a%cfg.Width, b%cfg.Width), apart(a/cfg.Width, b/cfg.Width)
}

// A lone packet that is accepted at T is delivered at T + dx·HopX + dy·HopY +
// Service, from every node of a 5 × 5 mesh to every node.
func TestLonePacket(t *testing.T) {
	const accepted = 11
	for _, cfg := range []Config{
		{Width: 5, Height: 5, FIFO: 1, HopX: 1, HopY: 1, SumHop: 1},
		{Width: 5, Height: 5, FIFO: 3, HopX: 2, HopY: 7, SumHop: 5},
		{Width: 5, Height: 5, FIFO: 1, HopX: 100, HopY: 3, SumHop: 64},
	} {
		for from := range cfg.Nodes() {
			for to := range cfg.Nodes() {
				service := uint64(from+to) % 4
				dx, dy := distance(cfg, from, to)
				spike := Step{Work: accepted, To: []Delivery{{to, service}}}
				_, r, _ := runOnce(t, cfg, Script{from, []Step{spike}})
				if want := accepted + dx*cfg.HopX + dy*cfg.HopY + service; r.End != want {
					t.Errorf("%+v: spike from %d to %d ends at %d, want %d", cfg, from, to, r.End, want)
				}
				sum := spike
				sum.Plane, sum.Token = Sums, 1
				_, r, _ = runOnce(t, cfg, Script{from, []Step{sum}})
				if want := accepted + (dx+dy)*cfg.SumHop + service; r.End != want {
					t.Errorf("%+v: sum from %d to %d ends at %d, want %d", cfg, from, to, r.End, want)
				}
			}
		}
	}
}

// burst is k packets, one behind the other, without any work between them.
func burst(from, to, k int, service uint64) Script {
	steps := make([]Step, k)
	for i := range steps {
		steps[i].To = []Delivery{{to, service}}
	}
	return Script{from, steps}
}

// One source sends k packets over h >= 1 links of L quanta, each served S
// quanta. The first is delivered at h·L + S, every next one a period later:
//
//	max(L, S)      with FIFOs of 2 or more: a place is taken for L+1 quanta
//	               (reserved at T, left at T+L, seen free at T+L+1), so two
//	               places keep up with a link that takes a packet every L;
//	max(L + 1, S)  with FIFOs of 1: the link waits for the one place.
func TestBackToBack(t *testing.T) {
	const k = 12
	for _, fifo := range []int{1, 2, 3, 8} {
		for _, links := range []int{1, 2, 5} {
			for hop := uint64(1); hop <= 7; hop++ {
				for _, service := range []uint64{0, 1, 2, 5, 9} {
					cfg := Config{Width: 6, Height: 1, FIFO: fifo, HopX: hop, HopY: 1}
					period := max(hop, service)
					if fifo == 1 {
						period = max(hop+1, service)
					}
					_, _, heard := runOnce(t, cfg, burst(0, links, k, service))
					for i, a := range heard {
						want := uint64(links)*hop + service + uint64(i)*period
						if a.step != i || a.at != want {
							t.Fatalf("fifo %d, %d links of %d, service %d: delivery %d is packet %d at %d; want packet %d at %d",
								fifo, links, hop, service, i, a.step, a.at, i, want)
						}
					}
				}
			}
		}
	}
}

// A core that sends to itself has its Local FIFO alone: a packet every
// max(1, S) quanta, whatever the depth.
func TestBackToBackToItself(t *testing.T) {
	for _, fifo := range []int{1, 2, 5} {
		for service := range uint64(4) {
			_, _, heard := runOnce(t, Config{Width: 1, Height: 1, FIFO: fifo, HopX: 1, HopY: 1}, burst(0, 0, 9, service))
			for i, a := range heard {
				if want := service + uint64(i)*max(1, service); a.at != want {
					t.Errorf("fifo %d, service %d: packet %d delivered at %d, want %d", fifo, service, i, a.at, want)
				}
			}
		}
	}
}

// Nodes 0 and 1 of a row send to node 3, so all packets cross the links from 1
// to 3. The link takes one every L quanta and the sources take turns, node 1
// first because it is nearer.
func TestSharedLink(t *testing.T) {
	const k = 30
	for hop := uint64(1); hop <= 5; hop++ {
		cfg := Config{Width: 4, Height: 1, FIFO: 4, HopX: hop, HopY: 1}
		n, r, heard := runOnce(t, cfg, burst(0, 3, k, 0), burst(1, 3, k, 0))
		for i, a := range heard {
			want := arrival{from: 1 - i%2, step: i / 2, to: 3, ready: a.ready, at: 2*hop + uint64(i)*hop}
			if a != want {
				t.Errorf("hop %d: delivery %d is %+v, want %+v", hop, i, a, want)
			}
		}
		if want := (Link{Spikes, 1, East, 2 * k}); r.Busiest != want {
			t.Errorf("hop %d: busiest link %+v, want %+v", hop, r.Busiest, want)
		}
		if want := (Critical{3, ByDelivery}); r.Critical != want {
			t.Errorf("hop %d: %+v ended last, want %+v", hop, r.Critical, want)
		}
		if held := n.Traffic().Peak[Spikes][0*Ports+int(Local)]; held != cfg.FIFO {
			t.Errorf("hop %d: the FIFO of node 0 held %d at most, want all %d", hop, held, cfg.FIFO)
		}
	}
}

// outlet is an output port of a node's router.
type outlet struct {
	node int
	port Port
}

// union walks the routes link by link into a set.
func union(cfg Config, from int, to []Delivery) map[outlet]bool {
	links := map[outlet]bool{}
	for _, d := range to {
		for at := from; at != d.Node; {
			link, next := outlet{at, North}, at-cfg.Width
			switch dx := d.Node%cfg.Width - at%cfg.Width; {
			case dx > 0:
				link.port, next = East, at+1
			case dx < 0:
				link.port, next = West, at-1
			case d.Node > at:
				link.port, next = South, at+cfg.Width
			}
			links[link] = true
			at = next
		}
	}
	return links
}

// A lone multicast crosses every link of the union of its routes once, no
// other, and reaches each destination as if it went there alone.
func TestMulticastIsTheUnionOfRoutes(t *testing.T) {
	for i := range 400 {
		r := seed.Sub(2, seed.TestInput, i)
		cfg := Config{Width: 1 + r.IntN(8), Height: 1 + r.IntN(8), FIFO: 1, HopX: 1 + r.Uint64N(4), HopY: 1 + r.Uint64N(4)}
		m := scriptMaker{Rand: r, nodes: cfg.Nodes()}
		step, from := m.spike(), r.IntN(cfg.Nodes())
		n, result, heard := runOnce(t, cfg, Script{from, []Step{step}})

		used := union(cfg, from, step.To)
		links := len(used)
		for _, d := range step.To {
			used[outlet{d.Node, Local}] = true
		}
		for at, packets := range n.Traffic().Packets[Spikes] {
			by := outlet{at / Ports, Port(at % Ports)}
			if packets > 1 || packets == 1 != used[by] {
				t.Errorf("case %d: %d packets left by %+v; want 1 if %v, else 0", i, packets, by, used[by])
			}
		}
		if result.Hops[Spikes] != uint64(links) {
			t.Errorf("case %d: %d hops, want %d", i, result.Hops[Spikes], links)
		}
		var want told
		for _, d := range step.To {
			dx, dy := distance(cfg, from, d.Node)
			want = append(want, arrival{from, 0, d.Node, step.Work, step.Work + dx*cfg.HopX + dy*cfg.HopY + d.Service})
		}
		if diff := gocmp.Diff(want, told(heard).sorted(), allFields); diff != "" {
			t.Errorf("case %d: deliveries (-want +got):\n%s", i, diff)
		}
	}
}

// Branches of one head leave in different quanta, and what stands behind the
// head waits for the last of them.
func TestBranchesLeaveOneByOne(t *testing.T) {
	cfg := Config{Width: 3, Height: 1, FIFO: 2, HopX: 10, HopY: 1}
	_, _, heard := runOnce(t, cfg,
		Script{0, []Step{{To: []Delivery{{2, 0}}}}},
		Script{1, []Step{{Work: 12, To: []Delivery{{0, 0}, {2, 0}}}, {To: []Delivery{{1, 0}}}}})
	got := ""
	for _, a := range heard {
		got += fmt.Sprintf("%d→%d@%d ", a.from, a.to, a.at)
	}
	// The packet of node 0 keeps the link from 1 to 2 busy from 10 to 20. The
	// multicast leaves West at 12 and East at 20; the packet behind it is seen
	// at 21, though its way into node 1 was free all the time.
	if want := "0→2@20 1→1@21 1→0@22 1→2@30 "; got != want {
		t.Errorf("deliveries %s, want %s", got, want)
	}
}
