package netspec

import (
	"fmt"
	"slices"
	"strings"

	"cogentcore.org/lab/tensor"
	"github.com/emer/emergent/v2/paths"

	"tritloom/internal/seed"
)

// Kind names one of emergent's patterns.
type Kind string

// The patterns. Each is what emergent's paths package makes of it, with one
// change: fields do not wrap round the edges unless Wrap says so, because a
// field that wraps reads the opposite border of an image.
const (
	// Full listens to every input.
	Full Kind = "full"
	// OneToOne listens to the input of the same number.
	OneToOne Kind = "one-to-one"
	// Rect listens to a rectangle that moves with the neuron's place.
	Rect Kind = "rect"
	// PoolTile listens to all units of a rectangle of pools, for four sizes.
	PoolTile Kind = "pool-tile"
	// Uniform listens to a random choice of FanIn inputs, the same number for
	// every neuron.
	Uniform Kind = "uniform"
)

// kinds is the one list of patterns, with the fields that each may set.
var kinds = []struct {
	kind   Kind
	fields []string
}{
	{Full, nil},
	{OneToOne, nil},
	{Rect, []string{"size", "stride", "start", "wrap"}},
	{PoolTile, []string{"size", "stride", "start", "wrap"}},
	{Uniform, []string{"fan_in"}},
}

// Pattern says which inputs each neuron of a layer may listen to. Pairs are
// [y, x].
type Pattern struct {
	Kind Kind `yaml:"kind" json:"kind" jsonschema:"enum=full,enum=one-to-one,enum=rect,enum=pool-tile,enum=uniform,description=emergent's connectivity pattern"`
	// Size is the field: inputs of Rect, pools of PoolTile.
	Size Pair `yaml:"size,omitempty,flow" json:"size,omitempty" jsonschema:"description=[y x] size of the field: inputs for rect and pools for pool-tile"`
	// Stride is how far the field moves from one neuron or pool to the next;
	// 0 means 1.
	Stride Pair `yaml:"stride,omitempty,flow" json:"stride,omitempty" jsonschema:"description=[y x] step of the field (default 1 and 1)"`
	// Start is where the field of the first neuron begins; it may be negative
	// to hang over the edge.
	Start Pair `yaml:"start,omitempty,flow" json:"start,omitempty" jsonschema:"description=[y x] place of the first field (default 0 and 0)"`
	Wrap  bool `yaml:"wrap,omitempty" json:"wrap,omitempty" jsonschema:"description=fields go on at the opposite edge"`
	// FanIn is the number of inputs of every neuron of Uniform.
	FanIn int `yaml:"fan_in,omitempty" json:"fan_in,omitempty" jsonschema:"description=inputs of every neuron of uniform"`
}

// Pair is a size or place in two dimensions, y first.
type Pair [2]int

// validate checks the fields of the pattern against the list of kinds.
func (p Pattern) validate() error {
	kind := p.kind()
	for _, k := range kinds {
		if k.kind == kind {
			return p.validateFields(k.fields)
		}
	}
	var known []string
	for _, k := range kinds {
		known = append(known, string(k.kind))
	}
	return fmt.Errorf("pattern %q; known are %s", p.Kind, strings.Join(known, ", "))
}

func (p Pattern) validateFields(allowed []string) error {
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"size", p.Size != Pair{}}, {"stride", p.Stride != Pair{}}, {"start", p.Start != Pair{}},
		{"wrap", p.Wrap}, {"fan_in", p.FanIn != 0},
	} {
		if f.set && !slices.Contains(allowed, f.name) {
			return fmt.Errorf("pattern %s takes no %s; remove it or choose another kind", p.kind(), f.name)
		}
	}
	const most = 1 << 16
	field := slices.Contains(allowed, "size")
	for i, axis := range []string{"y", "x"} {
		if field && (p.Size[i] < 1 || p.Size[i] > most) {
			return fmt.Errorf("pattern %s: size %s is %d; want 1..%d", p.kind(), axis, p.Size[i], most)
		}
		if p.Stride[i] < 0 || p.Stride[i] > most {
			return fmt.Errorf("pattern %s: stride %s is %d; want 1..%d, or 0 for 1", p.kind(), axis, p.Stride[i], most)
		}
		if p.Start[i] < -most || p.Start[i] > most {
			return fmt.Errorf("pattern %s: start %s is %d; want -%d..%d", p.kind(), axis, p.Start[i], most, most)
		}
	}
	if p.kind() == Uniform && p.FanIn < 1 {
		return fmt.Errorf("pattern uniform: fan_in is %d; want 1 or more", p.FanIn)
	}
	return nil
}

// kind is the pattern's kind, Full if none is given.
func (p Pattern) kind() Kind {
	if p.Kind == "" {
		return Full
	}
	return p.Kind
}

// stride is Stride with 1 for 0.
func (p Pattern) stride() Pair { return Pair{max(p.Stride[0], 1), max(p.Stride[1], 1)} }

// path is emergent's pattern for layer number layer of a network with the
// given seed. Every layer draws from a stream of its own; emergent's random
// pattern would otherwise start every layer from one fixed seed, and layers of
// one shape would share a mask.
func (p Pattern) path(inputs int, runSeed uint64, layer int) paths.Pattern {
	stride := p.stride()
	switch p.kind() {
	case OneToOne:
		return paths.NewOneToOne()
	case Rect:
		r := paths.NewRect()
		r.Size.Set(p.Size[1], p.Size[0])
		r.Start.Set(p.Start[1], p.Start[0])
		r.Scale.Set(float32(stride[1]), float32(stride[0]))
		r.Wrap = p.Wrap
		return r
	case PoolTile:
		t := paths.NewPoolTile()
		t.Size.Set(p.Size[1], p.Size[0])
		t.Start.Set(p.Start[1], p.Start[0])
		t.Skip.Set(stride[1], stride[0])
		t.Wrap = p.Wrap
		return t
	case Uniform:
		u := paths.NewUniformRand()
		u.PCon = float32(p.FanIn) / float32(inputs)
		u.RandSeed = seed.Sub(runSeed, seed.NetspecMask, layer).Int64N(1<<62) + 1 // emergent takes 0 for its own seed
		return u
	}
	return paths.NewFull()
}

// connect makes the mask of a layer: row-major neurons × inputs, true where a
// weight may be nonzero; nil for a full pattern. It refuses a neuron that
// listens to nothing or to more than maxFanIn inputs (0: no limit).
func (p Pattern) connect(send, recv []int, maxFanIn int, runSeed uint64, layer int) ([]bool, error) {
	inputs, neurons := product(send), product(recv)
	if err := p.fits(send, recv); err != nil {
		return nil, err
	}
	if p.kind() == Full {
		return nil, checkFanIn("Full", 0, inputs, maxFanIn)
	}
	path := p.path(inputs, runSeed, layer)
	_, _, cons := path.Connect(tensor.NewShape(plane(send)...), tensor.NewShape(plane(recv)...), false)
	mask := make([]bool, neurons*inputs)
	for n := range neurons {
		fanIn := 0
		for i := range inputs {
			if cons.Bool1D(n*inputs + i) { // receiver-major
				mask[n*inputs+i] = true
				fanIn++
			}
		}
		if err := checkFanIn(path.Name(), n, fanIn, maxFanIn); err != nil {
			return nil, err
		}
	}
	return mask, nil
}

// checkFanIn compares one neuron's fan-in with the limit.
func checkFanIn(pattern string, neuron, fanIn, limit int) error {
	if fanIn == 0 {
		return fmt.Errorf("pattern %s: neuron %d listens to no input; shrink the layer, or change start, stride or size", pattern, neuron)
	}
	if limit > 0 && fanIn > limit {
		return fmt.Errorf("pattern %s: neuron %d listens to %d inputs; the chip allows %d; shrink the field or split the layer", pattern, neuron, fanIn, limit)
	}
	return nil
}

// fits checks the shapes that a pattern is given.
func (p Pattern) fits(send, recv []int) error {
	switch p.kind() {
	case PoolTile:
		if len(send) != 4 || len(recv) != 4 {
			return fmt.Errorf("pattern pool-tile joins shapes %v and %v; want four sizes each: pools y and x, units y and x", send, recv)
		}
	case Rect:
		if len(send) != 2 || len(recv) != 2 {
			return fmt.Errorf("pattern rect joins shapes %v and %v; want two sizes each: y and x", send, recv)
		}
	case Uniform:
		if inputs := product(send); p.FanIn > inputs {
			return fmt.Errorf("pattern uniform: fan_in is %d; want 1..%d, the inputs there are", p.FanIn, inputs)
		}
	}
	if weights := product(send) * product(recv); p.kind() != Full && weights > maxMask {
		return fmt.Errorf("pattern %s over %d × %d places; at most %d; split the layer", p.kind(), product(recv), product(send), maxMask)
	}
	return nil
}

// maxMask bounds the places of one mask.
const maxMask = 1 << 28

// plane gives emergent two dimensions where a shape has one.
func plane(shape []int) []int {
	if len(shape) == 1 {
		return []int{1, shape[0]}
	}
	return shape
}

// product is the number of places of a shape.
func product(shape []int) int {
	n := 1
	for _, s := range shape {
		n *= s
	}
	return n
}
