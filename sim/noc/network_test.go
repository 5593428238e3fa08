package noc

import (
	"slices"
	"testing"

	"tritloom/internal/seed"
)

func TestConfigErrors(t *testing.T) {
	good := Config{Width: 3, Height: 2, FIFO: 1, HopX: 1, HopY: 1}
	if err := good.Validate(); err != nil {
		t.Errorf("%+v: %v", good, err)
	}
	const late = ", since a packet enters a router no earlier than the quantum after it left the last"
	for _, c := range []struct {
		spoil func(*Config)
		want  string
	}{
		{func(c *Config) { c.Width = 0 }, "noc.Config.Width = 0; want 1..1024 nodes"},
		{func(c *Config) { c.Height = 1025 }, "noc.Config.Height = 1025; want 1..1024 nodes"},
		{func(c *Config) { c.FIFO = 0 }, "noc.Config.FIFO = 0; want 1..1073741824 packets, so that an arriving one has a place"},
		{func(c *Config) { c.HopX = 0 }, "noc.Config.HopX = 0; want 1..1099511627776 quanta" + late},
		{func(c *Config) { c.HopY = 0 }, "noc.Config.HopY = 0; want 1..1099511627776 quanta" + late},
		{func(c *Config) { c.SumHop = 1 << 41 }, "noc.Config.SumHop = 2199023255552; want 0..1099511627776 quanta" + late},
	} {
		cfg := good
		c.spoil(&cfg)
		if _, err := New(cfg); err == nil || err.Error() != c.want {
			t.Errorf("error %v\nwant  %s", err, c.want)
		}
	}
}

// Run is called once a tick, millions of times.
func TestRunsDoNotAllocate(t *testing.T) {
	r := seed.Stream(8, seed.TestInput)
	cfg := Config{Width: 4, Height: 4, FIFO: 2, HopX: 3, HopY: 70, SumHop: 2}
	scripts := uniform(r, cfg, 200, 3)
	for i := range scripts {
		next := (i + 5) % len(scripts)
		steps := &scripts[i].Steps
		*steps = slices.Insert(*steps, 0, Step{Join: Token(i + 1), To: []Delivery{{Node: next}}})
		*steps = append(*steps, sumTo(next, Token(next+1)))
	}
	n, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	run := func() {
		if _, err := n.Run(scripts); err != nil {
			t.Fatal(err)
		}
	}
	run()
	run() // lists have found their sizes
	if allocations := testing.AllocsPerRun(20, run); allocations != 0 {
		t.Errorf("a run makes %.1f allocations, want 0", allocations)
	}
}

func TestTrafficAddsUp(t *testing.T) {
	n, err := New(mesh5)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := n.Run([]Script{burst(0, 2, 4, 3)}); err != nil {
			t.Fatal(err)
		}
	}
	traffic := n.Traffic()
	at := func(node int, port Port) int { return node*Ports + int(port) }
	if got := traffic.Packets[Spikes][at(0, East)]; got != 12 {
		t.Errorf("%d packets left node 0 for the East, want 3 runs of 4", got)
	}
	if got := traffic.Packets[Spikes][at(2, Local)]; got != 12 {
		t.Errorf("%d packets were ejected at node 2, want 12", got)
	}
	if got := traffic.Peak[Spikes][at(2, West)]; got != mesh5.FIFO {
		t.Errorf("the FIFO before the slow ejection held %d at most, want %d", got, mesh5.FIFO)
	}
	n.ResetTraffic()
	if got := traffic.Packets[Spikes][at(0, East)] + uint64(traffic.Peak[Spikes][at(2, West)]); got != 0 {
		t.Errorf("after a reset there is %d, want 0", got)
	}
}

// Of equals, the first node is critical, and there a delivery goes before a
// script; the first link is the busiest.
func TestTies(t *testing.T) {
	to := func(node int) []Step { return []Step{{To: []Delivery{{Node: node}}}} }
	idle := func(node int, work uint64) Script { return Script{node, []Step{{Work: work}}} }
	for _, c := range []struct {
		name    string
		scripts []Script
		want    Critical
		busiest Link
	}{
		{"no scripts", nil, Critical{}, Link{}},
		{"two scripts", []Script{idle(3, 5), idle(1, 5), idle(4, 5)}, Critical{1, ByScript}, Link{}},
		{"later wins", []Script{idle(1, 5), idle(3, 6)}, Critical{3, ByScript}, Link{}},
		{"delivery before script", []Script{{0, to(2)}, idle(2, 2)}, Critical{2, ByDelivery}, Link{Spikes, 0, East, 1}},
		{"first node before cause", []Script{{0, to(2)}, idle(1, 2)}, Critical{1, ByScript}, Link{Spikes, 0, East, 1}},
		{"first link", []Script{{4, to(2)}, {0, to(1)}}, Critical{2, ByDelivery}, Link{Spikes, 0, East, 1}},
	} {
		_, r, _ := runOnce(t, mesh5, c.scripts...)
		if r.Critical != c.want || r.Busiest != c.busiest {
			t.Errorf("%s: critical %+v, busiest %+v; want %+v, %+v", c.name, r.Critical, r.Busiest, c.want, c.busiest)
		}
	}
}
