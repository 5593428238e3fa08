package noc

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"tritloom/internal/seed"
)

// randomConfig is a small mesh; now and then with times beyond the calendar's
// window.
func randomConfig(r *rand.Rand) Config {
	hop := func() uint64 {
		if r.IntN(20) == 0 {
			return 60 + r.Uint64N(80)
		}
		return 1 + r.Uint64N(7)
	}
	return Config{
		Width: 1 + r.IntN(6), Height: 1 + r.IntN(5), FIFO: 1 + r.IntN(4),
		HopX: hop(), HopY: hop(), SumHop: hop(),
	}
}

// scriptMaker writes random scripts for the nodes of a mesh.
type scriptMaker struct {
	*rand.Rand
	nodes   int
	scripts []Script
	tokens  Token
}

// randomScripts mixes idle nodes, bursts, multicasts, timed sources and chains
// of sums, the steps of some nodes in any order. A few chains bite their tails.
func randomScripts(r *rand.Rand, cfg Config) []Script {
	m := scriptMaker{Rand: r, nodes: cfg.Nodes()}
	for _, node := range r.Perm(m.nodes) {
		m.scripts = append(m.scripts, Script{Node: node})
	}
	for range r.IntN(2 * m.nodes) {
		switch r.IntN(4) {
		case 0:
			for range 1 + r.IntN(3) {
				m.chain()
			}
		case 1:
			m.burst()
		default:
			m.add(m.someone(), m.spike())
		}
	}
	for _, s := range m.scripts {
		if r.IntN(2) == 0 {
			r.Shuffle(len(s.Steps), func(i, j int) { s.Steps[i], s.Steps[j] = s.Steps[j], s.Steps[i] })
		}
	}
	return slices.DeleteFunc(m.scripts, func(s Script) bool { return len(s.Steps) == 0 && r.IntN(2) == 0 })
}

// someone is a script; hot ones come more often, so that links fill up.
func (m *scriptMaker) someone() int { return min(m.IntN(m.nodes), m.IntN(m.nodes)) }

func (m *scriptMaker) add(script int, s Step) {
	m.scripts[script].Steps = append(m.scripts[script].Steps, s)
}

func (m *scriptMaker) work() uint64 {
	switch m.IntN(30) {
	case 0:
		return m.Uint64N(200)
	case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10:
		return 0
	}
	return m.Uint64N(6)
}

func (m *scriptMaker) delivery(node int) Delivery {
	if m.IntN(30) == 0 {
		return Delivery{node, 60 + m.Uint64N(80)}
	}
	return Delivery{node, m.Uint64N(6)}
}

func (m *scriptMaker) spike() Step {
	s := Step{Work: m.work()}
	if m.IntN(5) == 0 {
		s.Timed, s.Work = true, m.Uint64N(150)
	}
	many := 1
	if m.IntN(3) == 0 {
		many += m.IntN(m.nodes)
	}
	for _, node := range m.Perm(m.nodes)[:many] {
		s.To = append(s.To, m.delivery(node))
	}
	slices.SortFunc(s.To, func(a, b Delivery) int { return cmp.Compare(a.Node, b.Node) })
	return s
}

func (m *scriptMaker) burst() {
	who := m.someone()
	for range 1 + m.IntN(10) {
		s := m.spike()
		s.Work, s.Timed = m.Uint64N(2), false
		m.add(who, s)
	}
}

func (m *scriptMaker) chain() {
	first := m.someone()
	at, join, links := first, Token(0), Token(1+m.IntN(5))
	circle := m.IntN(60) == 0
	if circle {
		join = m.tokens + links
	}
	for i := range links {
		next := m.someone()
		if circle && i == links-1 {
			next = first
		}
		m.tokens++
		to := Delivery{Node: m.scripts[next].Node}
		if m.IntN(2) == 0 {
			to = m.delivery(to.Node)
		}
		m.add(at, Step{Work: m.work(), Join: join, Plane: Sums, Token: m.tokens, To: []Delivery{to}})
		at, join = next, m.tokens
	}
	if circle {
		return
	}
	switch m.IntN(3) {
	case 0:
		m.add(at, Step{Work: m.work(), Join: join})
	case 1:
		s := m.spike()
		s.Work, s.Timed, s.Join = m.work(), false, join
		m.add(at, s)
	}
}

// told is what a watch has heard, in an order of its own.
type told []arrival

func (l *told) hear(a arrival) { *l = append(*l, a) }

func (l told) sorted() told {
	slices.SortFunc(l, func(a, b arrival) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.step, b.step), cmp.Compare(a.to, b.to))
	})
	return l
}

var allFields = gocmp.AllowUnexported(arrival{})

// compare runs the same ticks through one network and one oracle, and says how
// many of them got stuck. The name of the case is enough to make it again.
func compare(t *testing.T, name string, cfg Config, ticks [][]Script) (stuck int) {
	t.Helper()
	n, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	oracle := newPlain(cfg)
	for i, scripts := range ticks {
		var heard, wanted told
		n.watch, oracle.watch = heard.hear, wanted.hear
		got, err := n.Run(scripts)
		want, wantErr := oracle.run(scripts)
		if (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
			t.Fatalf("%s, %+v, tick %d: error %v, oracle says %v", name, cfg, i, err, wantErr)
		}
		if err != nil {
			stuck++
		} else if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("%s, %+v, tick %d: result (-oracle +network):\n%s", name, cfg, i, diff)
		}
		if !slices.Equal(wanted.sorted(), heard.sorted()) {
			t.Fatalf("%s, %+v, tick %d: deliveries (-oracle +network):\n%s", name, cfg, i, gocmp.Diff(wanted, heard, allFields))
		}
		if !reflect.DeepEqual(&oracle.traffic, n.Traffic()) {
			t.Fatalf("%s, %+v, tick %d: traffic (-oracle +network):\n%s", name, cfg, i, gocmp.Diff(&oracle.traffic, n.Traffic()))
		}
	}
	return stuck
}

// TestNetworkIsThePlainOne: every field of every run, in 800 cases of two
// ticks. Every fourth network also runs its first tick again, which must not
// show.
func TestNetworkIsThePlainOne(t *testing.T) {
	cases, runs, stuck, deliveries := 800, 0, 0, 0
	if testing.Short() {
		cases = 150
	}
	for i := range cases {
		r := seed.Sub(1, seed.TestInput, i)
		cfg := randomConfig(r)
		ticks := [][]Script{randomScripts(r, cfg), randomScripts(r, cfg)}
		if i%4 == 0 {
			ticks = append(ticks, ticks[0])
		}
		stuck += compare(t, fmt.Sprintf("case %d", i), cfg, ticks)
		runs += len(ticks)
		for _, scripts := range ticks {
			deliveries += destinations(scripts)
		}
	}
	t.Logf("%d cases, %d runs of which %d got stuck, %d deliveries", cases, runs, stuck, deliveries)
	if stuck == 0 || stuck > runs/10 {
		t.Errorf("%d of %d runs got stuck; the generator wants some, and most to finish", stuck, runs)
	}
}

// destinations is how many deliveries the packets of scripts ask for.
func destinations(scripts []Script) (all int) {
	for _, s := range scripts {
		for _, step := range s.Steps {
			all += len(step.To)
		}
	}
	return all
}

func FuzzNetwork(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(2), uint8(1), uint16(1), uint16(2), uint16(3))
	f.Add(uint64(2), uint8(5), uint8(4), uint8(0), uint16(70), uint16(0), uint16(64))
	f.Add(uint64(3), uint8(0), uint8(0), uint8(3), uint16(0), uint16(0), uint16(0))
	f.Fuzz(func(t *testing.T, source uint64, width, height, fifo uint8, hopX, hopY, sumHop uint16) {
		cfg := Config{Width: 1 + int(width%6), Height: 1 + int(height%5), FIFO: 1 + int(fifo%4),
			HopX: 1 + uint64(hopX%200), HopY: 1 + uint64(hopY%200), SumHop: 1 + uint64(sumHop%200)}
		r := seed.Stream(source, seed.TestInput)
		compare(t, "fuzz", cfg, [][]Script{randomScripts(r, cfg), randomScripts(r, cfg)})
	})
}
