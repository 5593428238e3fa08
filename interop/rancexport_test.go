package interop

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tritloom/compiler"
	"tritloom/encode"
	"tritloom/experiment/randomnet"
	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/sim"
)

// truenorth is the embedded chip, loaded once.
var truenorth = sync.OnceValue(func() *hwmodel.Chip {
	chip, err := hwmodel.Load("truenorth")
	if err != nil {
		panic(err)
	}
	return chip
})

// rancLayout draws a layout of any kind that RANC can hold: cores in any order and
// place, labels without sense, all three resets, outputs under any number.
func rancLayout(r *rand.Rand) *layout.Layout {
	caps := truenorth().Capabilities
	caps.Core.Axons, caps.Core.Neurons = 1+r.IntN(20), 1+r.IntN(12)
	caps.Mesh.Width, caps.Mesh.Height = 1+r.IntN(4), 1+r.IntN(4)
	caps.Spikes.DelayMaxTicks = 16
	caps.Core.AxonTypes = 1 + r.IntN(4)
	caps.Neuron.Saturates = r.IntN(2) == 0
	l := &layout.Layout{
		Chip: "drawn \"chip\"", Capabilities: caps, Network: fmt.Sprintf("sha256:%d", r.IntN(9)), Inputs: 1 + r.IntN(5),
		Layers: []layout.LayerLabel{{Name: "a", Neurons: 9}, {Name: "b <&>", Neurons: 9}}, Readout: layout.LayerLabel{Name: "class"},
		Schedule: layout.Schedule{TicksPerInference: 3, InitiationInterval: 1 + r.IntN(3)},
	}
	if r.IntN(2) == 0 {
		l.Encoder.Scheme = encode.Threshold
		for range l.Inputs {
			l.Encoder.Features = append(l.Encoder.Features, encode.Feature{On: []int64{r.Int64N(9)}})
		}
	}
	places := r.Perm(caps.Mesh.Cores())
	for _, place := range places[:1+r.IntN(len(places))] {
		core := layout.NewCore(caps.Core)
		core.X, core.Y = place%caps.Mesh.Width, place/caps.Mesh.Width
		l.Cores = append(l.Cores, core)
	}
	var read []layout.Link
	for c := range l.Cores {
		core := &l.Cores[c]
		for a := range core.Axons {
			if r.IntN(4) > 0 {
				core.Axons[a] = layout.Axon{Type: uint8(r.IntN(caps.Core.AxonTypes)), Label: layout.Label{Layer: int32(r.IntN(4) - 2), Neuron: 0}}
				if core.Axons[a].Label.Layer == layout.UnusedLabel {
					core.Axons[a].Label.Layer = layout.ControlLabel
				}
			}
		}
		for n := range core.Columns {
			if r.IntN(4) == 0 {
				continue
			}
			column := rancColumn(r, l)
			if r.IntN(4) == 0 {
				column.Dests = nil
				read = append(read, layout.Link{Core: int32(c), Column: int32(n)})
			}
			core.Columns[n] = column
			for a := range core.Axons {
				if core.Axons[a].Label != layout.NoLabel && r.IntN(3) == 0 {
					core.Planes[0].Put(a, n, true)
				}
			}
		}
	}
	rancPorts(r, l, read)
	return l
}

// rancPorts gives the host its maps.
func rancPorts(r *rand.Rand, l *layout.Layout, read []layout.Link) {
	l.InputMap = []layout.InputEntry{{Input: 0, Core: 0, Axon: 0, Delay: int32(r.IntN(3))}}
	if r.IntN(2) == 0 {
		l.Schedule.Controls = []layout.Control{{Tick: int32(r.IntN(3)), Core: 0, Axon: 0}}
	}
	most := 1 << indexBits(l.Capabilities.Core.Axons)
	for len(read) > most { // the bus names no more lines than a core has axons: these spike to an axon
		at := read[0]
		l.Column(at).Dests = []layout.Dest{{Core: 0, Axon: 0, Delay: 1}}
		read = read[1:]
	}
	if len(read) == 0 {
		return
	}
	r.Shuffle(len(read), func(i, k int) { read[i], read[k] = read[k], read[i] })
	l.Readout.Neurons = min(len(read)+r.IntN(2), most)
	skip := l.Readout.Neurons - len(read)
	for class, at := range read {
		l.OutputMap = append(l.OutputMap, layout.OutputEntry{Core: at.Core, Column: at.Column, Class: int32(class + skip)})
	}
	l.Schedule.OutputTicks = 1 + r.IntN(3)
	for range l.Readout.Neurons {
		l.OutputBias = append(l.OutputBias, int32(r.IntN(5)-2))
	}
	if r.IntN(2) == 0 {
		for k := range l.Readout.Neurons {
			l.Classes = append(l.Classes, fmt.Sprint("class ", k))
		}
	}
}

// rancColumn draws a neuron with small numbers and those at the ends of fields.
func rancColumn(r *rand.Rand, l *layout.Layout) layout.Column {
	draw := func(low, high int) int32 {
		switch r.IntN(6) {
		case 0:
			return int32([]int{low, high, 0}[r.IntN(3)])
		case 1:
			return int32(low + r.IntN(high-low+1))
		}
		return int32(r.IntN(7) - 3)
	}
	c := layout.Column{
		Role: layout.Spiking, Theta: draw(-256, 255), Leak: draw(-256, 255), Level: int32(r.IntN(3)), Psum: layout.NoLink,
		Label: layout.Label{Layer: int32(r.IntN(5) - 2), Neuron: int32(r.IntN(9))},
		Dests: []layout.Dest{{Core: int32(r.IntN(len(l.Cores))), Axon: int32(r.IntN(l.Capabilities.Core.Axons)), Delay: int32(1 + r.IntN(16))}},
	}
	if r.IntN(3) == 0 {
		c.Leak = 0
	}
	for t := range l.Capabilities.Core.AxonTypes {
		c.TypeWeights[t] = draw(-256, 255)
	}
	switch r.IntN(3) {
	case 0:
		c.Reset = layout.Clear
	case 1:
		c.Reset = layout.Subtract
		c.Dynamics = layout.Dynamics{Initial: draw(-256, 255), Floor: layout.Bounce, Beta: draw(-255, 256)}
	case 2:
		c.Reset = layout.ToZero
		c.Dynamics = layout.Dynamics{Initial: draw(-256, 255), ResetTo: draw(-256, 255), Floor: layout.Bounce, Beta: draw(-255, 256)}
		if r.IntN(2) == 0 { // what reads as reset clear
			c.Dynamics.Initial, c.Dynamics.ResetTo, c.Dynamics.Beta = 0, 0, -c.Theta
		}
	}
	return c
}

func folderOf(t testing.TB, l *layout.Layout) memoryFolder {
	t.Helper()
	files, err := ExportRANC(l)
	if err != nil {
		t.Fatalf("%v\n%s", err, l.Text())
	}
	folder := memoryFolder{}
	for _, f := range files {
		folder[f.Name] = f.Data
	}
	return folder
}

func TestRANCHoldsEveryLayoutItAccepts(t *testing.T) {
	resets, zero := map[layout.Reset]int{}, 0
	for trial := range 600 {
		l := rancLayout(seed.Sub(21, seed.TestNetwork, trial))
		if err := l.Validate(); err != nil {
			t.Fatalf("trial %d: the generator is wrong: %v", trial, err)
		}
		folder := folderOf(t, l)
		back, err := importFolder(folder, DefaultRANCOptions())
		if err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		if diff := cmp.Diff(l, back.Layout, cmpopts.EquateEmpty()); diff != "" || back.Layout.Hash() != l.Hash() {
			t.Fatalf("trial %d (-layout +read):\n%s", trial, diff)
		}
		for c := range l.Cores {
			for n := range l.Cores[c].Columns {
				if column := &l.Cores[c].Columns[n]; column.Role == layout.Spiking {
					resets[column.Reset]++
				}
			}
		}
		zero += strings.Count(string(folder[besideName]), `"zero"`)
	}
	if len(resets) != 3 || zero < 100 {
		t.Errorf("resets %v, %d cores with zeros that read as clear; the generator shows too little", resets, zero)
	}
}

// Without our own file a folder is plain RANC, and so is the JSON beside it: both
// give one layout, which spikes as the exported one does.
func TestPlainRANCSpikesAlike(t *testing.T) {
	compared, spikes := 0, 0
	for trial := range 300 {
		l := rancLayout(seed.Sub(22, seed.TestNetwork, trial))
		l.Capabilities.Neuron.Saturates = false // RANC does not
		l.Capabilities.Neuron.PotentialBits = 32
		folder := folderOf(t, l)
		delete(folder, besideName)
		plain, err := importFolder(folder, DefaultRANCOptions())
		if err != nil {
			if strings.Contains(err.Error(), "can fire") { // no neuron is left
				continue
			}
			t.Fatalf("trial %d: %v", trial, err)
		}
		fromJSON, err := ImportRANCJSON(RANCFile{rancInput, folder[rancInput]}, RANCFile{rancConfig, folder[rancConfig]}, nil)
		if err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		fromJSON.Layout.Capabilities.Spikes.DelayMaxTicks-- // the simulator needs a slot more
		if diff := cmp.Diff(plain.Layout, fromJSON.Layout); diff != "" {
			t.Fatalf("trial %d (-memories +json):\n%s", trial, diff)
		}
		compared++
		spikes += sameSpikes(t, trial, l, plain.Layout)
	}
	if compared < 250 || spikes < 10000 {
		t.Errorf("%d layouts with %d spikes compared; the generator shows too little", compared, spikes)
	}
}

// sameSpikes runs both and compares the places that spike, tick by tick.
func sameSpikes(t *testing.T, trial int, a, b *layout.Layout) (spikes int) {
	t.Helper()
	var steppers [2]*sim.Stepper
	var cores [2]map[[2]int]int
	for i, l := range []*layout.Layout{a, b} {
		var err error
		if steppers[i], err = sim.NewStepper(l, sim.DefaultOptions()); err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		cores[i] = map[[2]int]int{}
		for c := range l.Cores {
			cores[i][[2]int{l.Cores[c].X, l.Cores[c].Y}] = c
		}
	}
	for tick := range 20 {
		for at, c := range cores[1] { // order does not matter: spikes merge
			for axon := range a.Capabilities.Core.Axons {
				if (axon*7+tick*3+c)%4 == 0 {
					for i, core := range []int{cores[0][at], c} {
						if err := steppers[i].Inject(core, axon, 0); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
		}
		var fired [2][][3]int
		for i, l := range []*layout.Layout{a, b} {
			step, err := steppers[i].Tick()
			if err != nil {
				t.Fatalf("trial %d: %v", trial, err)
			}
			for _, s := range step.Spikes {
				core := &l.Cores[s.Core]
				fired[i] = append(fired[i], [3]int{core.Y, core.X, int(s.Column)})
			}
			slices.SortFunc(fired[i], func(x, y [3]int) int { return slices.Compare(x[:], y[:]) })
		}
		if diff := cmp.Diff(fired[0], fired[1]); diff != "" {
			t.Fatalf("trial %d, tick %d: who fires (-layout +plain):\n%s", trial, tick, diff)
		}
		spikes += len(fired[0])
	}
	return spikes
}

func TestCompiledLayoutGoesOutAndComesBack(t *testing.T) {
	held := 0
	for trial := range 20 {
		n := randomnet.Dense(seed.Sub(23, seed.TestNetwork, trial), 12, 6, 3)
		l, _, err := compiler.Compile(n, truenorth(), compiler.DefaultOptions())
		if err != nil {
			continue
		}
		if l.Bursts() {
			if _, err := ExportRANC(l); err == nil {
				t.Error("a burst, which has no floor, was exported")
			}
			continue
		}
		held++
		back, err := importFolder(folderOf(t, l), DefaultRANCOptions())
		if err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		if diff := cmp.Diff(l, back.Layout, cmpopts.EquateEmpty()); diff != "" || back.Layout.Hash() != l.Hash() {
			t.Fatalf("trial %d (-layout +read):\n%s", trial, diff)
		}
	}
	if held < 5 {
		t.Errorf("%d of 20 compiled layouts could be held; want more to compare", held)
	}
}
