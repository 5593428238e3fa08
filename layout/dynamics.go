package layout

import (
	"fmt"
	"slices"
	"strconv"

	"tritloom/hwmodel"
)

// Dynamics is what a spiking column does beyond adding, leaking and comparing. The
// zero value adds nothing; every other value needs a capability of the chip. With
// A the sum of the tick, V the potential, ρ random numbers, one after another (see
// sim for their order), M = RandomThreshold, and F(s) = sgn(s) if |s| >= ρ, else 0:
//
//	A     a stochastic axon type adds F(w) instead of the weight w
//	u     with Current: u := decay(u, CurrentDecay) + A, and V adds u instead of A
//	V     := decay(V, PotentialDecay) + A
//	leak  := Leak; with RandomLeak F(Leak); with LeakReversal times sgn(V), and V
//	      becomes 0 where it would change its sign
//	η     := ρ & M
//	fires if V >= Theta + η; then resets: zero V := ResetTo, subtract
//	      V := V - (Theta + η), keep
//	else, with a floor: Hold: if V < -Beta then V := -Beta
//	      Bounce: if V < -(Beta + η), by the column's reset: zero V := -ResetTo,
//	      subtract V := V + (Beta + η), keep
//	after a spike a column rests for Refractory ticks: V stays, A is lost (u goes on)
//
// decay(x, d) = sgn(x) · ⌊|x| · (2^b - d) / 2^b⌋ with the chip's b decay bits. The
// equation and its reset table are TrueNorth's (Cassidy et al. 2013); current,
// decays and rest are Loihi's (Davies et al. 2018), whose threshold is ">" where
// this one is ">=".
type Dynamics struct {
	Initial         int32  // potential before the first tick and after a state reset
	ResetTo         int32  // what reset zero sets the potential to
	Floor           Floor  // what happens below the negative threshold
	Beta            int32  // the negative threshold's size
	RandomThreshold uint32 // mask of the random bits added to both thresholds
	RandomSynapses  uint8  // bit g: axons of type g are stochastic
	RandomLeak      bool
	LeakReversal    bool
	Current         bool   // the column has a current besides its potential
	CurrentDecay    uint32 // in units of 2^-decay_bits a tick
	PotentialDecay  uint32 // in units of 2^-decay_bits a tick
	Refractory      uint16 // ticks of rest after a spike
}

// Floor is what a spiking column does with a potential below its negative
// threshold.
type Floor uint8

const (
	// NoFloor lets potentials fall to the end of their width.
	NoFloor Floor = iota
	// Hold sets the potential to the negative threshold.
	Hold
	// Bounce resets the potential as a spike would, with opposite sign, without
	// one.
	Bounce
)

// Floors names the floors in texts.
var Floors = [...]string{NoFloor: "none", Hold: "hold", Bounce: "bounce"}

func (f Floor) String() string { return Floors[f] }

// Stochastic tells whether the column draws random numbers.
func (d *Dynamics) Stochastic() bool {
	return d.RandomThreshold != 0 || d.RandomSynapses != 0 || d.RandomLeak
}

// dynamicsField is one thing that dynamics hold: how texts and files name it, and
// what a chip must have for it to be other than 0.
type dynamicsField struct {
	word  string
	names []string // of its values, where they have names
	get   func(*Dynamics) int64
	set   func(*Dynamics, int64) bool // false: no such value
	need  string                      // capability
	has   func(*hwmodel.Capabilities) bool
}

// dynamicsFields is the one list of them.
var dynamicsFields = []dynamicsField{
	{"initial", nil, func(d *Dynamics) int64 { return int64(d.Initial) }, func(d *Dynamics, v int64) bool { return setInt32(&d.Initial, v) },
		"neuron.reset_potential", func(c *hwmodel.Capabilities) bool { return c.Neuron.ResetPotential }},
	{"reset_to", nil, func(d *Dynamics) int64 { return int64(d.ResetTo) }, func(d *Dynamics, v int64) bool { return setInt32(&d.ResetTo, v) },
		"neuron.reset_potential", func(c *hwmodel.Capabilities) bool { return c.Neuron.ResetPotential }},
	{"floor", Floors[:], func(d *Dynamics) int64 { return int64(d.Floor) }, func(d *Dynamics, v int64) bool { d.Floor = Floor(v); return v >= 0 && v < int64(len(Floors)) },
		"neuron.negative_threshold", func(c *hwmodel.Capabilities) bool { return c.Neuron.NegativeThreshold }},
	{"beta", nil, func(d *Dynamics) int64 { return int64(d.Beta) }, func(d *Dynamics, v int64) bool { return setInt32(&d.Beta, v) },
		"neuron.negative_threshold", func(c *hwmodel.Capabilities) bool { return c.Neuron.NegativeThreshold }},
	{"random_threshold", nil, func(d *Dynamics) int64 { return int64(d.RandomThreshold) }, func(d *Dynamics, v int64) bool { d.RandomThreshold = uint32(v); return v == int64(uint32(v)) },
		"neuron.stochastic", func(c *hwmodel.Capabilities) bool { return c.Neuron.Stochastic }},
	{"random_synapses", nil, func(d *Dynamics) int64 { return int64(d.RandomSynapses) }, func(d *Dynamics, v int64) bool { d.RandomSynapses = uint8(v); return v == int64(uint8(v)) },
		"neuron.stochastic", func(c *hwmodel.Capabilities) bool { return c.Neuron.Stochastic }},
	{"random_leak", nil, func(d *Dynamics) int64 { return truth(d.RandomLeak) }, func(d *Dynamics, v int64) bool { return setBool(&d.RandomLeak, v) },
		"neuron.stochastic", func(c *hwmodel.Capabilities) bool { return c.Neuron.Stochastic }},
	{"leak_reversal", nil, func(d *Dynamics) int64 { return truth(d.LeakReversal) }, func(d *Dynamics, v int64) bool { return setBool(&d.LeakReversal, v) },
		"neuron.leak_reversal", func(c *hwmodel.Capabilities) bool { return c.Neuron.LeakReversal }},
	{"current", nil, func(d *Dynamics) int64 { return truth(d.Current) }, func(d *Dynamics, v int64) bool { return setBool(&d.Current, v) },
		"neuron.decay_bits", func(c *hwmodel.Capabilities) bool { return c.Neuron.DecayBits > 0 }},
	{"current_decay", nil, func(d *Dynamics) int64 { return int64(d.CurrentDecay) }, func(d *Dynamics, v int64) bool { d.CurrentDecay = uint32(v); return v == int64(uint32(v)) },
		"neuron.decay_bits", func(c *hwmodel.Capabilities) bool { return c.Neuron.DecayBits > 0 }},
	{"potential_decay", nil, func(d *Dynamics) int64 { return int64(d.PotentialDecay) }, func(d *Dynamics, v int64) bool { d.PotentialDecay = uint32(v); return v == int64(uint32(v)) },
		"neuron.decay_bits", func(c *hwmodel.Capabilities) bool { return c.Neuron.DecayBits > 0 }},
	{"refractory", nil, func(d *Dynamics) int64 { return int64(d.Refractory) }, func(d *Dynamics, v int64) bool { d.Refractory = uint16(v); return v == int64(uint16(v)) },
		"neuron.refractory_max_ticks", func(c *hwmodel.Capabilities) bool { return c.Neuron.RefractoryMaxTicks > 0 }},
}

// text is a value as texts write it: by its name, if it has one.
func (f *dynamicsField) text(v int64) string {
	if v >= 0 && v < int64(len(f.names)) {
		return f.names[v]
	}
	return strconv.FormatInt(v, 10)
}

// parse sets what text wrote; false: no such value.
func (f *dynamicsField) parse(d *Dynamics, text string) bool {
	if f.names != nil {
		v := slices.Index(f.names, text)
		return v >= 0 && f.set(d, int64(v))
	}
	v, err := strconv.ParseInt(text, 10, 64)
	return err == nil && f.set(d, v)
}

// wants says what parse takes.
func (f *dynamicsField) wants() string {
	if f.names != nil {
		return fmt.Sprintf("one of %q", f.names)
	}
	return "a whole number that fits"
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func setBool(b *bool, v int64) bool { *b = v == 1; return v == 0 || v == 1 }

func setInt32(i *int32, v int64) bool { *i = int32(v); return int64(*i) == v }

// validateDynamics refuses what the chip lacks, what leaves a width, and values
// that mean nothing, so that every behaviour has one form.
func validateDynamics(c *Column, caps *hwmodel.Capabilities) error {
	d := &c.Dynamics
	if *d == (Dynamics{}) {
		return nil
	}
	if c.Role != Spiking {
		return fmt.Errorf("a %s column has neuron dynamics; only spiking columns do", c.Role)
	}
	for _, f := range dynamicsFields {
		if v := f.get(d); v != 0 && !f.has(caps) {
			return fmt.Errorf("%s %s; the chip has no %s; choose a chip that has it", f.word, f.text(v), f.need)
		}
	}
	low, high := hwmodel.SignedRange(caps.Neuron.PotentialBits)
	for _, v := range []struct {
		word  string
		value int32
	}{{"initial", d.Initial}, {"reset_to", d.ResetTo}} {
		if int64(v.value) < low || int64(v.value) > high || -int64(v.value) > high {
			return fmt.Errorf("%s %d; the chip's potentials hold %d..%d with either sign", v.word, v.value, -high, high)
		}
	}
	low, high = hwmodel.SignedRange(caps.Neuron.ThresholdBits)
	most := uint64(1)<<caps.Neuron.RandomBits - 1
	whole := uint64(1) << caps.Neuron.DecayBits
	switch {
	case int64(d.Beta) < low || int64(d.Beta) > high:
		return fmt.Errorf("beta %d; the chip's thresholds hold %d..%d", d.Beta, low, high)
	case d.Floor == NoFloor && d.Beta != 0:
		return fmt.Errorf("beta %d without a floor; want 0, or floor hold or bounce", d.Beta)
	case int(d.Floor) >= len(Floors):
		return fmt.Errorf("floor %d; known are 0..%d", d.Floor, len(Floors)-1)
	case uint64(d.RandomThreshold) > most:
		return fmt.Errorf("random_threshold %d; random numbers are 0..%d", d.RandomThreshold, most)
	case int(d.RandomSynapses) >= 1<<max(1, caps.Core.AxonTypes):
		return fmt.Errorf("random_synapses %d; the chip has %d axon types, so want 0..%d", d.RandomSynapses, max(1, caps.Core.AxonTypes), 1<<max(1, caps.Core.AxonTypes)-1)
	case uint64(d.CurrentDecay) > whole, uint64(d.PotentialDecay) > whole:
		return fmt.Errorf("decays %d and %d; the chip holds 0..%d", d.CurrentDecay, d.PotentialDecay, whole)
	case d.CurrentDecay != 0 && !d.Current:
		return fmt.Errorf("current_decay %d without a current; want 0, or current 1", d.CurrentDecay)
	case int(d.Refractory) > caps.Neuron.RefractoryMaxTicks:
		return fmt.Errorf("refractory %d; the chip allows 0..%d ticks", d.Refractory, caps.Neuron.RefractoryMaxTicks)
	case d.ResetTo != 0 && c.Reset != ToZero:
		return fmt.Errorf("reset_to %d with reset %s; only reset %s goes to a potential", d.ResetTo, c.Reset, ToZero)
	case d.RandomLeak && c.Leak == 0, d.LeakReversal && c.Leak == 0:
		return fmt.Errorf("a random or reversing leak of 0; want a leak, or neither")
	case c.Reset == Clear && (d.Initial != 0 || d.Floor != NoFloor || d.PotentialDecay != 0 || d.LeakReversal || d.Refractory != 0 || d.Current):
		return fmt.Errorf("dynamics of a kept potential with reset %s, which keeps none; want another reset", Clear)
	}
	return nil
}
