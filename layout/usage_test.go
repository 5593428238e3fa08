package layout

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Usage is the sum over its cores, and its synapses are the weights that are not
// zero, asked for one by one: on random images of every kind of crosspoint.
func TestUsageOfRandomImages(t *testing.T) {
	for s := range uint64(40) {
		l := randomImage(rand.New(rand.NewPCG(s, 21)))
		sum := Usage{CoresChip: l.Capabilities.Mesh.Cores()}
		for c := range l.Cores {
			u, synapses := l.CoreUsage(c), 0
			for a := range l.Cores[c].Axons {
				for n := range l.Cores[c].Columns {
					if l.Weight(c, a, n) != 0 {
						synapses++
					}
				}
			}
			if u.Synapses != synapses || u.Cores != 1 {
				t.Errorf("seed %d core %d: %+v; want %d synapses of one core", s, c, u, synapses)
			}
			sum.add(u)
		}
		if diff := cmp.Diff(sum, l.Usage()); diff != "" {
			t.Errorf("seed %d: the cores add up to another usage (-cores +image):\n%s", s, diff)
		}
	}
}
