package hwmodel

import (
	"fmt"
	"math"

	"tritloom/ledger"
)

// footprint says which sizes a price without a law stands for. Two chips with
// equal footprints of a kind may share such a price.
func footprint(p *Price, c *Capabilities) string {
	text := fmt.Sprintf("%d axons x %d neurons, %s a synapse, %s a neuron",
		c.Core.Axons, c.Core.Neurons, plural(c.Core.SynapseBits, "bit"), plural(c.Core.NeuronBits, "bit"))
	switch p.Kind {
	case ledger.PacketTile:
		text += fmt.Sprintf(", tiles of %dx%d cores", c.Mesh.TileWidth, c.Mesh.TileHeight)
	case ledger.HopX, ledger.HopY, ledger.PsumHop:
		if c.Mesh.TileRouters {
			text += fmt.Sprintf(", one router a tile of %dx%d cores", c.Mesh.TileWidth, c.Mesh.TileHeight)
		}
	case ledger.Barrier:
		text += fmt.Sprintf(", a mesh of %dx%d cores", c.Mesh.Width, c.Mesh.Height)
	}
	switch {
	case ledger.Kinds[p.Kind].Class == ledger.Time:
		text += fmt.Sprintf(", a quantum of %d ps", c.Tick.QuantumPS)
	case p.Scope == Static:
		text += ", " + tickText(c.Tick)
	}
	return text
}

func tickText(t Tick) string {
	if t.Kind == TickBarrier {
		return "a barrier tick"
	}
	return fmt.Sprintf("a tick of %g us", float64(t.PS())/1e6)
}

// size is the quantity a law makes a price proportional to.
func (l Law) size(c *Capabilities) float64 {
	bits := float64(c.Core.StoredBits())
	tick := float64(c.Tick.PS())
	switch l {
	case PerRowBit:
		return float64(c.Core.Neurons) * float64(c.Core.SynapseBits)
	case PerNeuron:
		return float64(c.Core.NeuronBits)
	case PerPitch:
		return math.Sqrt(bits)
	case PerTick:
		return tick
	case PerBitTick:
		return bits * tick
	}
	return 1
}

// perTick says whether a law needs ticks of one length.
func (l Law) perTick() bool { return l == PerTick || l == PerBitTick }

// carry takes a price of one chip over to another chip whose sizes may differ.
// An absolute price, or a price a tick where there is no tick length, cannot be
// carried over.
func carry(p Price, from, to *Capabilities) (Price, error) {
	if p.State != Priced || p.Law == AnyGeometry {
		return p, nil
	}
	if p.Law == Absolute {
		if was, is := footprint(&p, from), footprint(&p, to); was != is {
			return p, fmt.Errorf("%s is an absolute price for %s; this file changes the geometry to %s; want the sizes it holds for; restate it or give it a law%s", p.Kind, was, is, p.absoluteText())
		}
		return p, nil
	}
	if p.Law.perTick() && (from.Tick.Kind == TickBarrier || to.Tick.Kind == TickBarrier) {
		if from.Tick.Kind == to.Tick.Kind {
			return p, nil
		}
		return p, fmt.Errorf("%s is priced for %s; this file changes it to %s; want a tick of the same kind; restate it", p.Kind, tickText(from.Tick), tickText(to.Tick))
	}
	return p.scaled(p.Law.size(to) / p.Law.size(from)), nil
}

// scaled multiplies a price and says so in its derivation. A measured value
// that was scaled is a derived one.
func (p Price) scaled(factor float64) Price {
	if factor == 1 {
		return p
	}
	return p.times(Band{factor, factor, factor}, fmt.Sprintf("scaled by %.4g, law %s", factor, p.Law))
}

// times multiplies a price and notes why.
func (p Price) times(factor Band, note string) Price {
	p.Nominal *= factor.Nominal
	p.Low *= factor.Low
	p.High *= factor.High
	if p.Evidence == Measured || p.Evidence == Simulated {
		p.Evidence = Derived
	}
	if p.Derivation != "" {
		note = p.Derivation + "; " + note
	}
	p.Derivation = note
	return p
}

// absoluteText says why a price has no law, where that is stated.
func (p *Price) absoluteText() string {
	if p.AbsoluteReason == "" {
		return ""
	}
	return "; it has none because " + p.AbsoluteReason
}
