package sim

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
)

// oneTick simulates the first tick of an image with all given axons active, by both
// timing models.
func oneTick(t *testing.T, l *layout.Layout, latencies hwmodel.Latencies, axons []layout.Dest) (analytic, cycle Step) {
	t.Helper()
	var steps []Step
	for _, timing := range []string{TimingAnalytic, TimingCycle} {
		o := DefaultOptions()
		o.Timing, o.Latencies = timing, latencies
		s, err := NewStepper(l, o)
		if err != nil {
			t.Fatal(err)
		}
		s.StartWave()
		for _, a := range axons {
			if err := s.Inject(int(a.Core), int(a.Axon), 0); err != nil {
				t.Fatal(err)
			}
		}
		step, err := s.Tick()
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	return steps[0], steps[1]
}

// TestLonePacket: from every core of a 4 × 3 mesh to every other, both models say
//
//	input + axon write + axon read + row + bits + op + touched + spike
//	+ dx · hop_x + dy · hop_y + packet_core [+ packet_tile] + axon write.
func TestLonePacket(t *testing.T) {
	var latencies hwmodel.Latencies
	for k := range latencies {
		latencies[k] = uint64(k) + 3 // every kind another
	}
	at := func(c int) (x, y int) { return c % 4, c / 4 }
	for from := range 12 {
		for to := range 12 {
			text := "chip lone ternary axons 2 neurons 1 mesh 4x3 tile 2x1 buffers 1\ninputs 1\nlayer h 1\nreadout r 1\nticks 2 interval 2\n"
			for c := range 12 {
				x, y := at(c)
				text += fmt.Sprintf("core %d at %d,%d\n", c, x, y)
				if c == to {
					text += "axon 1 from h/0\n"
				}
				if c == from {
					text += fmt.Sprintf("axon 0 from input/0\nrow 0 +\ncolumn 0 spike >= 1 reset clear level 0 is h/0 to %d:1@1\n", to)
				}
			}
			l := mustParse(text)
			k := func(kind ledger.Kind) uint64 { return latencies[kind] }
			bits := l.Capabilities.Core.Neurons * 2
			fx, fy := at(from)
			tx, ty := at(to)
			dx, dy := hwmodel.Distance(fx, fy, tx, ty)
			want := k(ledger.InputSpike) + k(ledger.AxonWrite) + k(ledger.AxonRead) + k(ledger.RowRead) + uint64(bits)*k(ledger.BitsRead) +
				k(ledger.SynapticOp) + k(ledger.NeuronTouched) + k(ledger.SpikeEmitted) +
				uint64(dx)*k(ledger.HopX) + uint64(dy)*k(ledger.HopY) + k(ledger.PacketCore) + k(ledger.AxonWrite) + k(ledger.Barrier)
			if fx/2 == tx/2 && fy == ty {
				want += k(ledger.PacketTile)
			}
			analytic, cycle := oneTick(t, l, latencies, []layout.Dest{{Core: int32(from)}})
			if analytic.Quanta != want || cycle.Quanta != want || cycle.Critical != to {
				t.Errorf("core %d to %d: analytic %d, cycle %d, critical core %d; want %d, %d, %d", from, to, analytic.Quanta, cycle.Quanta, cycle.Critical, want, want, to)
			}
		}
	}
}

// TestFullCore: the worst tick of a core of 256 × 256: every axon active, every
// crosspoint set, every neuron fires. One after another,
//
//	256 rows · (read + row) + 256² ops + 256 · (touched + spike)
//
// and then the last packet's way.
func TestFullCore(t *testing.T) {
	var latencies hwmodel.Latencies
	latencies[ledger.AxonRead], latencies[ledger.RowRead], latencies[ledger.SynapticOp] = 2, 3, 1
	latencies[ledger.NeuronTouched], latencies[ledger.SpikeEmitted], latencies[ledger.PacketCore] = 5, 1, 2
	latencies[ledger.HopX], latencies[ledger.HopY] = 1, 1
	l := mustParse("chip full ternary axons 256 neurons 256 mesh 2x1 buffers 4\ninputs 1\nlayer h 256\nreadout r 1\nticks 1 interval 1\ncore 0 at 0,0\ncore 1 at 1,0\n")
	core := &l.Cores[0]
	var all []layout.Dest
	for a := range 256 {
		core.Axons[a].Label = layout.Label{Layer: layout.InputLabel}
		l.Cores[1].Axons[a].Label = layout.Label{Layer: 0}
		all = append(all, layout.Dest{Axon: int32(a)})
		core.Columns[a] = layout.Column{Role: layout.Spiking, Theta: 1, Psum: layout.NoLink, Dests: []layout.Dest{{Core: 1, Axon: int32(a), Delay: 1}}}
		for n := range 256 {
			core.Planes[0].Put(a, n, true)
		}
	}
	want := uint64(256*(2+3) + 256*256 + 256*(5+1) + 1 + 2)
	analytic, cycle := oneTick(t, l, latencies, all)
	if analytic.Quanta != want || cycle.Quanta != want {
		t.Errorf("analytic %d, cycle %d quanta; want %d", analytic.Quanta, cycle.Quanta, want)
	}
	// Packets leave every 6 quanta: a link of 9 is what they wait for. The k-th is on
	// the link 9k after the first, and the core waits where the buffer of 4 is full.
	latencies[ledger.HopX] = 9
	first := uint64(256*(2+3) + 256*256 + 6)
	want = first + 256*9 + 2
	if analytic, cycle = oneTick(t, l, latencies, all); cycle.Quanta != want || analytic.Quanta != first+255*6+9+2 {
		t.Errorf("a slow link: analytic %d, cycle %d quanta; want %d, %d", analytic.Quanta, cycle.Quanta, first+255*6+9+2, want)
	}
}

// TestODIN: the documented counts of ODIN (Frenkel et al., doc/README): a spike event
// takes 1 cycle and 2 a synapse of its row, 1 + 512; a tick of all 256 neurons 512; so
// 2 cycles a synaptic operation.
func TestODIN(t *testing.T) {
	var latencies hwmodel.Latencies
	latencies[ledger.AxonRead], latencies[ledger.RowRead] = 1, 2*256
	latencies[ledger.NeuronTouched], latencies[ledger.NeuronIdle] = 2, 2
	l := mustParse("chip odin typed-binary axons 256 neurons 256 scores off psum 0 buffers 1\ninputs 1\nlayer h 256\nreadout r 1\nticks 1 interval 1 listen 1\noutput-bias 0\ncore 0 at 0,0\n")
	core := &l.Cores[0]
	r := seed.Stream(1, seed.TestNetwork)
	for a := range 256 {
		core.Axons[a].Label = layout.Label{Layer: layout.InputLabel}
		core.Columns[a] = layout.Column{Role: layout.Spiking, Reset: layout.ToZero, Theta: 10_000, TypeWeights: [4]int32{1}, Psum: layout.NoLink}
		for n := range 256 {
			core.Planes[0].Put(a, n, r.IntN(2) == 0)
		}
	}
	for _, spikes := range []int{0, 1, 2, 100, 256} {
		var axons []layout.Dest
		for a := range spikes {
			axons = append(axons, layout.Dest{Axon: int32(a)})
		}
		analytic, cycle := oneTick(t, l, latencies, axons)
		if want := uint64(spikes*(1+512) + 512); analytic.Quanta != want || cycle.Quanta != want {
			t.Errorf("%d spikes: analytic %d, cycle %d cycles; want %d", spikes, analytic.Quanta, cycle.Quanta, want)
		}
		if spikes == 256 { // 65,536 synaptic operations beside the tick
			if perOp := float64(cycle.Quanta-512-256) / (256 * 256); perOp != 2 {
				t.Errorf("%.3f cycles a synaptic operation; want 2", perOp)
			}
		}
	}
}

// TestPacketsThroughOneLink: two cores in the west each send k packets east over one
// link of L quanta. The link is never idle once the first is on it.
func TestPacketsThroughOneLink(t *testing.T) {
	for _, link := range []uint64{1, 4, 10} {
		for _, k := range []int{1, 2, 5, 16} {
			var latencies hwmodel.Latencies
			latencies[ledger.NeuronTouched], latencies[ledger.HopX], latencies[ledger.HopY] = 1, link, link
			text := fmt.Sprintf("chip link ternary axons 40 neurons 16 mesh 4x1 buffers 8\ninputs 1\nlayer h 16\nreadout r 1\nticks 1 interval 1\ncore 0 at 0,0\naxon 0 from input/0\nrow 0 %s%s\n",
				strings.Repeat("+", k), strings.Repeat("0", 16-k))
			for n := range k {
				text += fmt.Sprintf("column %d spike >= 1 reset clear level 0 is h/%d to 1:%d@1\n", n, n, n)
			}
			text += "core 1 at 3,0\n"
			for n := range k {
				text += fmt.Sprintf("axon %d from h/%d\n", n, n)
			}
			_, cycle := oneTick(t, mustParse(text), latencies, []layout.Dest{{}})
			// The first is ready at 1, on the first link until 1 + L; each next one
			// follows max(1, L) later; the last takes the other two links alone.
			if want := 1 + uint64(k)*link + 2*link; cycle.Quanta != want {
				t.Errorf("%d packets, link of %d: %d quanta; want %d", k, link, cycle.Quanta, want)
			}
		}
	}
}

// TestAnalyticIsNeverAbove: over random chips, each tick by both models; spikes and
// counts of activity are the same, as timing changes nothing.
func TestAnalyticIsNeverAbove(t *testing.T) {
	cases, longer := 400, 0
	if testing.Short() {
		cases = 60
	}
	for i := range cases {
		r := seed.Sub(3, seed.TestNetwork, i)
		l := randomChip(r, chipShape{cores: 6, axons: 24, columns: 24})
		l.Capabilities.Mesh.BufferPackets = 1 + r.IntN(4)
		var latencies hwmodel.Latencies
		for k := range latencies {
			latencies[k] = uint64(r.IntN(4))
		}
		for _, k := range []ledger.Kind{ledger.HopX, ledger.HopY, ledger.PsumHop} {
			latencies[k] = 1 + uint64(r.IntN(5))
		}
		var steppers []*Stepper
		for _, timing := range []string{TimingAnalytic, TimingCycle} {
			o := DefaultOptions()
			o.Timing, o.Latencies = timing, latencies
			if i%2 == 0 {
				o.Engine = EngineFast
			}
			s, err := NewStepper(l, o)
			if err != nil {
				t.Fatalf("case %d: %v", i, err)
			}
			steppers = append(steppers, s)
		}
		for tick := range 10 {
			var got [2]Step
			start := r.IntN(2) == 0
			core, axon := r.IntN(len(l.Cores)), r.IntN(l.Capabilities.Core.Axons)
			failed := false
			for k, s := range steppers {
				if start {
					s.StartWave()
				}
				if err := s.Inject(core, axon, 0); err != nil {
					t.Fatal(err)
				}
				step, err := s.Tick()
				failed = failed || err != nil
				got[k] = step
			}
			if failed {
				break
			}
			if l.Capabilities.Tick.Kind == hwmodel.TickBarrier {
				if got[1].Quanta < got[0].Quanta {
					t.Fatalf("case %d tick %d: cycle %d quanta, analytic %d\n%s", i, tick, got[1].Quanta, got[0].Quanta, l.Text())
				}
				if got[1].Quanta > got[0].Quanta {
					longer++
				}
			} else if got[0].Overrun && !got[1].Overrun {
				t.Fatalf("case %d tick %d: analytic overruns the tick, cycle does not\n%s", i, tick, l.Text())
			}
			for c := range got[0].Counts {
				a, b := got[0].Counts[c], got[1].Counts[c]
				a[ledger.CoreWaiting], b[ledger.CoreWaiting] = 0, 0
				if a != b {
					t.Fatalf("case %d tick %d core %d: counts %s; analytic %s", i, tick, c, countText(&b), countText(&a))
				}
			}
		}
	}
	if longer < cases/10 {
		t.Errorf("packets met in %d ticks only; this tests little", longer)
	}
}

// TestCycleRecord: a run's record says what the routers did, and the same whatever
// the number of workers.
func TestCycleRecord(t *testing.T) {
	each(t, 20, true, func(t *testing.T, _ dense, l *layout.Layout, _ []tiles, s samples) {
		l.Capabilities.Mesh.BufferPackets = 2
		var texts []string
		for _, workers := range []int{1, 2} {
			o := options(ledger.SingleStream, TimingAnalytic, workers)
			o.Timing = TimingCycle
			m, err := New(l, o)
			if err != nil {
				t.Fatal(err)
			}
			run, err := m.Run(context.Background(), s, nil)
			if err != nil {
				t.Fatal(err)
			}
			n, total := run.Timing.Network, run.Total()
			if n == nil || n.Packets != total[ledger.PacketCore] || len(n.Links) != 4 || n.LatencyMax < n.LatencyP50 {
				t.Fatalf("network %+v, packets %d", n, total[ledger.PacketCore])
			}
			hops := uint64(0)
			for _, loads := range n.Links {
				for _, load := range loads {
					hops += load
				}
			}
			if want := total[ledger.HopX] + total[ledger.HopY]; hops != want {
				t.Fatalf("links carried %d packets; hops were %d", hops, want)
			}
			text, err := run.JSON()
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(text))
		}
		if texts[0] != texts[1] {
			t.Fatalf("workers show:\n%s\n%s", texts[0], texts[1])
		}
	})
}

func TestCycleRefuses(t *testing.T) {
	for _, c := range []struct {
		buffers int
		kind    ledger.Kind
		want    string
	}{
		{0, ledger.HopX, "needs mesh.buffer_packets of chip"},
		{1, ledger.HopX, "needs a latency of hop_x"},
		{1, ledger.HopY, "needs a latency of hop_y"},
	} {
		l := mustParse(strings.Replace(oneScore, "gate on", "mesh 2x2 gate on", 1))
		l.Capabilities.Mesh.BufferPackets = c.buffers
		o := DefaultOptions()
		o.Timing, o.Latencies = TimingCycle, unitLatencies()
		o.Latencies[c.kind] = 0
		if _, err := NewStepper(l, o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v; want %q", err, c.want)
		}
	}
	for key, change := range map[string]func(*hwmodel.Mesh){
		"tile_routers, one router a tile":        func(m *hwmodel.Mesh) { m.TileRouters = true },
		"unicast, one packet a destination core": func(m *hwmodel.Mesh) { m.Unicast = true },
	} {
		l := mustParse(strings.Replace(oneScore, "gate on", "mesh 2x2 gate on", 1))
		l.Capabilities.Mesh.BufferPackets = 4
		change(&l.Capabilities.Mesh)
		o := DefaultOptions()
		o.Timing, o.Latencies = TimingCycle, unitLatencies()
		want := `sim: timing "cycle" knows a router at every core and one tree a spike, and chip "` + l.Chip + `" has mesh.` + key + `; want a chip without it; use timing "analytic"`
		if _, err := NewStepper(l, o); err == nil || err.Error() != want {
			t.Errorf("error %v\nwant  %s", err, want)
		}
	}
}
