package sim

import (
	"cmp"
	"fmt"
	"slices"

	"tritloom/internal/bits"
	"tritloom/layout"
	"tritloom/ledger"
)

// batchCount is the events of one kind at one core that depend on the sample:
// rows with weights. Counters of a kind run on from core to core, so that they
// end as what every sample pays.
type batchCount struct {
	kind   ledger.Kind // axon_write is of spikes from columns only, see settle
	core   int
	layer  int // of spike_emitted: label layer, or -1
	most   int64
	planes int // of the counter
	terms  []weighted
	last   bool // of its counter
}

// fullCounter is more than a counter may reach.
const fullCounter = 1 << (bits.MaxPlanes - 1)

// planCounts plans all counts.
func (b *planner) planCounts() error {
	b.constants = make([]ledger.Counts, len(b.cores))
	b.countConstants()
	for c := range b.constants {
		b.constant.Add(&b.constants[c])
	}
	b.countArrivals()
	b.countColumns()
	slices.SortStableFunc(b.counts, func(x, y batchCount) int { return cmp.Compare(x.kind, y.kind) })
	for start := 0; start < len(b.counts); {
		end, sum := start, int64(0)
		for end < len(b.counts) && b.counts[end].kind == b.counts[start].kind && sum+b.counts[end].most < fullCounter {
			sum += b.counts[end].most
			end++
		}
		if end == start {
			c := &b.counts[start]
			return fmt.Errorf("sim: core %d may count %d %s in a wave; batches count fewer than %d at a core", c.core, c.most, c.kind, fullCounter)
		}
		for i := start; i < end; i++ {
			b.counts[i].planes = bits.PlanesFor(0, sum)
		}
		b.counts[end-1].last = true
		start = end
	}
	return nil
}

// counting collects the rows of one count.
type counting struct {
	terms terms
	most  int64
}

func (c *counting) add(row int, weight uint64) {
	c.terms.add(row, int64(weight))
	c.most += int64(weight)
}

// count plans a count, unless it is always nothing.
func (b *planner) count(kind ledger.Kind, core, layer int, c *counting) {
	if c.most > 0 {
		b.counts = append(b.counts, batchCount{kind: kind, core: core, layer: layer, most: c.most, terms: c.terms.lists(false)})
	}
}

// countConstants counts what every wave costs. Columns that no partial sum comes
// to are idle until they are touched.
func (b *planner) countConstants() {
	for c := range b.cores {
		b.constants[c][ledger.CoreTick] = b.schedule.step
	}
	if b.barrier {
		b.constants[0][ledger.Barrier] = b.schedule.step
	}
	for _, e := range b.image.Schedule.Controls {
		b.constants[e.Core][ledger.ControlSpike]++
		b.constants[e.Core][ledger.AxonWrite]++
	}
	b.used(func(at layout.Link, column *columnProgram) {
		pays := &b.constants[at.Core]
		if b.neuronMajor {
			pays[ledger.RowRead]++
		}
		pays[ledger.NeuronIdle]++ // see settle
		if b.depth[at.Core][at.Column] > 0 {
			pays[ledger.NeuronTouched]++
		}
		switch column.Role {
		case layout.Sender:
			pays[ledger.PsumSend]++
			pays[ledger.PsumHop] += column.psumHops
		case layout.Score:
			pays[ledger.OutputScore]++
		}
	})
}

// countArrivals counts what sources do at axons: writes, merges and synaptic
// operations.
func (b *planner) countArrivals() {
	for c := range b.slots {
		var inputs, spikes, merges, ops counting
		for i := range b.slots[c] {
			slot := &b.slots[c][i]
			for axon, sources := range slot.sources {
				for _, source := range sources {
					switch {
					case source >= b.inputs && source < b.inputs+b.image.Inputs:
						inputs.add(source, 1)
					case source != onesBlock:
						spikes.add(source, 1)
					}
				}
				if len(sources) > 1 {
					for _, source := range sources {
						merges.add(source, 1)
					}
					merges.terms.add(slot.rows[axon], -1)
				}
				if len(sources) > 0 {
					ops.add(slot.rows[axon], b.rowOps(c, axon, slot.columns))
				}
			}
		}
		b.count(ledger.InputSpike, c, -1, &inputs)
		b.count(ledger.AxonWrite, c, -1, &spikes)
		b.count(ledger.AxonMerge, c, -1, &merges)
		b.count(ledger.SynapticOp, c, -1, &ops)
	}
}

// rowOps is how many synapses of some columns an axon meets.
func (b *planner) rowOps(c, axon int, columns []int32) (ops uint64) {
	for _, n := range columns {
		if b.image.Weight(c, axon, int(n)) != 0 {
			ops++
		}
	}
	return ops
}

// countColumns counts what columns do: being touched, and firing.
func (b *planner) countColumns() {
	for c := range b.cores {
		var touched, outputs, packets, tiles, x, y counting
		layers := make([]counting, len(b.image.Layers)+2) // the last: of no layer
		for n := range b.cores[c].columns {
			if block := b.touched[c][n]; block != zeroBlock {
				touched.add(block, 1)
			}
			fired, column := b.fired[c][n], &b.cores[c].columns[n]
			if fired == zeroBlock {
				continue
			}
			layer := int(column.Label.Layer)
			if layer < 0 || layer > len(b.image.Layers) {
				layer = len(b.image.Layers) + 1
			}
			layers[layer].add(fired, 1)
			if column.class != noClass {
				outputs.add(fired, 1)
			}
			packets.add(fired, column.route.cores)
			tiles.add(fired, column.route.tiles)
			x.add(fired, column.route.hopX)
			y.add(fired, column.route.hopY)
		}
		b.count(ledger.NeuronTouched, c, -1, &touched)
		for layer := range layers {
			b.count(ledger.SpikeEmitted, c, layer, &layers[layer])
		}
		b.count(ledger.OutputSpike, c, -1, &outputs)
		b.count(ledger.PacketCore, c, -1, &packets)
		b.count(ledger.PacketTile, c, -1, &tiles)
		b.count(ledger.HopX, c, -1, &x)
		b.count(ledger.HopY, c, -1, &y)
	}
}

// settle makes the counts of samples or cores from those that were planned, on top of
// what every wave costs: the rest follows. Columns that were touched stand among the
// idle ones before.
func (b *batchProgram) settle(t *countTable) {
	for i := range t[ledger.AxonWrite] {
		written := t[ledger.AxonWrite][i] + t[ledger.InputSpike][i]
		read := written - t[ledger.AxonMerge][i]
		t[ledger.AxonWrite][i], t[ledger.AxonRead][i] = written, read
		if !b.neuronMajor {
			t[ledger.RowRead][i] = read
		}
		t[ledger.BitsRead][i] = t[ledger.RowRead][i] * b.rowBits
		if b.analogue.pairs {
			t[ledger.DACRow][i], t[ledger.ADCConversion][i] = read, t[ledger.NeuronIdle][i]
		}
		t[ledger.NeuronIdle][i] -= t[ledger.NeuronTouched][i]
	}
}
