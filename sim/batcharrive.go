package sim

import (
	"cmp"
	"fmt"
	"slices"

	"tritloom/hwmodel"
	"tritloom/internal/bits"
)

// slotSources is what arrives at a core on a tick of the wave on which columns
// of it are due.
type slotSources struct {
	tick    int32
	columns []int32
	sources [][]int // [axon] blocks, one a write
	rows    []int   // [axon] the block of the axon; zeroBlock: nothing comes
}

// openSlots makes a slot of every group of columns.
func (b *planner) openSlots() {
	for c := range b.cores {
		axons := len(b.image.Cores[c].Axons)
		var slots []slotSources
		for _, g := range b.cores[c].groups {
			slots = append(slots, slotSources{g.level, g.columns, make([][]int, axons), make([]int, axons)})
		}
		b.slots = append(b.slots, slots)
	}
}

// slot is the slot of a core and tick, or nil if no column is due.
func (b *planner) slot(core, tick int32) *slotSources {
	slots := b.slots[core]
	i, found := slices.BinarySearchFunc(slots, tick, func(s slotSources, tick int32) int { return cmp.Compare(s.tick, tick) })
	if !found {
		return nil
	}
	return &slots[i]
}

// arrivals lists the sources of every axon on every tick.
func (b *planner) arrivals() error {
	for _, e := range b.image.InputMap {
		if err := b.arrive(b.inputs+int(e.Input), e.Core, e.Axon, e.Delay); err != nil {
			return fmt.Errorf("sim: input %d %w", e.Input, err)
		}
	}
	for i, e := range b.image.Schedule.Controls {
		if err := b.arrive(onesBlock, e.Core, e.Axon, e.Tick); err != nil {
			return fmt.Errorf("sim: control spike %d %w", i, err)
		}
	}
	for _, f := range b.firing {
		for _, d := range b.column(f.at).Dests {
			if err := b.arrive(f.block, d.Core, d.Axon, f.level+d.Delay); err != nil {
				return fmt.Errorf("sim: a spike of core %d column %d %w", f.at.Core, f.at.Column, err)
			}
		}
	}
	return nil
}

// arrive lets a source come to an axon on a tick of the wave.
func (b *planner) arrive(source int, core, axon, tick int32) error {
	if int(tick) >= b.levels {
		return fmt.Errorf("comes to core %d axon %d at tick %d of a wave of %d ticks and would meet the next wave; batches need waves apart", core, axon, tick, b.levels)
	}
	slot := b.slot(core, tick)
	if slot == nil {
		return fmt.Errorf("comes to core %d axon %d at tick %d of a wave, when no column of the core is due, and would be lost; batches lose no spikes", core, axon, tick)
	}
	slot.sources[axon] = append(slot.sources[axon], source)
	if b.add && len(slot.sources[axon]) > 1 {
		return fmt.Errorf("meets another on core %d axon %d at tick %d of a wave, and spikes that meet add up on this chip; batches need axon_merge %q or one source an axon", core, axon, tick, hwmodel.MergeOr)
	}
	return nil
}

// mergeAxons finds the block of every axon, a block of its own for those that
// have several sources.
func (b *planner) mergeAxons() error {
	b.ticks = make([]batchTick, b.levels)
	for c := range b.slots {
		for i := range b.slots[c] {
			slot := &b.slots[c][i]
			for axon, sources := range slot.sources {
				switch len(sources) {
				case 0:
				case 1:
					slot.rows[axon] = sources[0]
				default:
					slot.rows[axon] = b.newBlock()
					m := batchMerge{slot.rows[axon], bits.PlanesFor(0, int64(len(sources))), bits.NewList(sources, nil, zeroBlock)}
					if m.planes > bits.MaxPlanes {
						return fmt.Errorf("sim: core %d axon %d has %d sources; batches hold fewer than %d", c, axon, len(sources), 1<<(bits.MaxPlanes-1))
					}
					b.ticks[slot.tick].merged = append(b.ticks[slot.tick].merged, m)
				}
			}
		}
	}
	return nil
}
