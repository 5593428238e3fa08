package sim

import (
	"cmp"
	"fmt"
	"slices"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/sim/noc"
)

// cycle is the timing model that follows every core and every router quantum by
// quantum: package noc has the contract. Cores do what their timetable says; spikes
// travel as packets through five-port routers with buffers of the chip's depth, in
// dimension order, multicast as one tree; partial sums travel on a plane of their own.
// A core whose router has no room waits with its next column. A lone packet takes what
// the analytic model says; whatever meets another takes longer, so that no tick is
// ever shorter.
type cycle struct {
	clock
	table   *timetable
	network *noc.Network
	nodes   []int              // [core]
	scripts []noc.Script       // [core]
	to      [][][]noc.Delivery // [core][column]: of a spike
	tokens  [][]noc.Token      // [core][column]: of the sum that comes to it in this tick
	sums    []noc.Delivery     // one a sum of this tick
	busy    []uint64           // [core]
	total   *networkTotals
}

// newCycle refuses chips that do not say what a router needs.
func newCycle(p *program, latencies *hwmodel.Latencies) (*cycle, error) {
	mesh := p.image.Capabilities.Mesh
	cfg := noc.Config{
		Width: mesh.Width, Height: mesh.Height, FIFO: mesh.BufferPackets,
		HopX: latencies[ledger.HopX], HopY: latencies[ledger.HopY], SumHop: latencies[ledger.PsumHop],
	}
	lacks := func(what string) error {
		return fmt.Errorf("sim: timing %q needs %s of chip %q, which does not state it; use timing %q, or a chip file that extends this one and says it", TimingCycle, what, p.image.Chip, TimingAnalytic)
	}
	only := func(key, means string) error {
		return fmt.Errorf("sim: timing %q knows a router at every core and one tree a spike, and chip %q has mesh.%s, %s; want a chip without it; use timing %q", TimingCycle, p.image.Chip, key, means, TimingAnalytic)
	}
	switch {
	case mesh.TileRouters:
		return nil, only("tile_routers", "one router a tile")
	case mesh.Unicast:
		return nil, only("unicast", "one packet a destination core")
	case cfg.FIFO == 0:
		return nil, lacks("mesh.buffer_packets")
	case cfg.HopX == 0 && mesh.Width > 1:
		return nil, lacks("a latency of hop_x, 1 quantum or more,")
	case cfg.HopY == 0 && mesh.Height > 1:
		return nil, lacks("a latency of hop_y, 1 quantum or more,")
	case cfg.SumHop == 0 && len(p.senders) > 0:
		return nil, lacks("a latency of psum_hop, 1 quantum or more,")
	}
	cfg.HopX, cfg.HopY = max(cfg.HopX, 1), max(cfg.HopY, 1) // of a mesh one core wide or high: never crossed
	network, err := noc.New(cfg)
	if err != nil {
		return nil, err
	}
	m := &cycle{
		clock: newClock(p.image.Capabilities.Tick, latencies), table: newTimetable(p, latencies), network: network,
		nodes: make([]int, len(p.cores)), scripts: make([]noc.Script, len(p.cores)), busy: make([]uint64, len(p.cores)),
		total: newNetworkTotals(len(p.cores), network),
	}
	for c := range p.cores {
		at := placeOf(p.image, int32(c))
		m.nodes[c] = at.y*mesh.Width + at.x
		m.total.coreAt[m.nodes[c]] = c
	}
	for c := range p.cores {
		columns := p.cores[c].columns
		m.tokens = append(m.tokens, make([]noc.Token, len(columns)))
		to := make([][]noc.Delivery, len(columns))
		for n := range columns {
			to[n] = m.deliveries(columns[n].flights)
		}
		m.to = append(m.to, to)
	}
	return m, nil
}

// deliveries are the destinations of a spike by node.
func (m *cycle) deliveries(flights []flight) []noc.Delivery {
	list := make([]noc.Delivery, len(flights))
	for i, f := range flights {
		list[i] = noc.Delivery{Node: m.nodes[f.core], Service: f.service}
	}
	slices.SortFunc(list, func(a, b noc.Delivery) int { return cmp.Compare(a.Node, b.Node) })
	return list
}

func (m *cycle) time(e engine) tickTime {
	m.table.fill(e)
	m.write(e.outcome().sent)
	result, err := m.network.Run(m.scripts)
	if err != nil {
		panic("sim: a timetable that no core can follow: " + err.Error()) // chains have been checked
	}
	t := m.length(result.End)
	t.busy = m.busy
	t.critical = m.total.add(result)
	return t
}

// write turns the timetable into scripts.
func (m *cycle) write(sent []sentSum) {
	m.sums = m.sums[:0]
	for i, s := range sent {
		to := m.table.p.column(s.from).Psum
		m.tokens[to.Core][to.Column] = noc.Token(i + 1)
		m.sums = append(m.sums, noc.Delivery{Node: m.nodes[to.Core]})
	}
	for c := range m.scripts {
		list := &m.table.cores[c]
		script := &m.scripts[c]
		script.Node, script.Steps = m.nodes[c], script.Steps[:0]
		m.busy[c] = list.begin + list.end
		begin := list.begin
		for i := range list.tasks {
			t := &list.tasks[i]
			m.busy[c] += t.work
			step := noc.Step{Work: begin + t.work}
			begin = 0
			if t.await {
				step.Join = m.tokens[c][t.column]
			}
			if t.sends == spikePacket {
				step.To, step.Plane = m.to[c][t.column], noc.Spikes
			} else {
				step.Token = noc.Token(t.sum + 1)
				step.To, step.Plane = m.sums[t.sum:t.sum+1:t.sum+1], noc.Sums
			}
			script.Steps = append(script.Steps, step)
		}
		if rest := begin + list.end; rest > 0 {
			script.Steps = append(script.Steps, noc.Step{Work: rest})
		}
	}
}
