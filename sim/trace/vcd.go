package trace

import (
	"fmt"
	"regexp"
	"strconv"

	"tritloom/layout"
	"tritloom/sim"
)

// vcd is trace.vcd, a value change dump (IEEE 1364): a wire a neuron that may spike,
// 1 from the start to the end of a tick in which it fires, and an integer a traced
// potential, which has the value after a tick from that tick's start on, so that a tick
// shows what its row of potentials.csv says.
type vcd struct {
	out        *text
	scale      scale
	timed      bool
	wires      [][]string // [core][column]: identifier, "" for columns that never spike
	fired      [][]bool   // [core][column], in the last tick
	high       []layout.Link
	potentials []potential
	width      int    // bits of a potential
	now        uint64 // quanta, or ticks without timing
	begun      bool
	stamp      uint64 // the last one written
}

// potential is a traced one.
type potential struct {
	at    layout.Link
	id    string
	value int64 // as last written
}

func beginVCD(out *text, o *Options) (Writer, error) {
	l := o.Layout
	v := &vcd{out: out, timed: o.Timed, scale: scale{"1 ns", 1}, width: l.Capabilities.Neuron.PotentialBits}
	unit := "one unit stands for one tick; there is no timing"
	if o.Timed {
		v.scale = scaleOf(l.Capabilities.Tick.QuantumPS)
		unit = fmt.Sprintf("a quantum of the chip is %d of the timescale", v.scale.each)
	}
	out.put("$version tritloom trace 1 $end\n")
	out.put("$comment values after a tick, from the start of the tick on; ", unit, " $end\n")
	out.put("$timescale ", v.scale.unit, " $end\n$scope module chip $end\n")
	kept, ids := o.Potentials, 0
	for c := range l.Cores {
		out.put("$scope module core_", strconv.Itoa(c), " $end\n")
		columns := l.Cores[c].Columns
		v.wires, v.fired = append(v.wires, make([]string, len(columns))), append(v.fired, make([]bool, len(columns)))
		for n := range columns {
			if columns[n].Role == layout.Spiking {
				v.wires[c][n] = identifier(ids)
				v.declare("wire 1", v.wires[c][n], "n", l, layout.Link{Core: int32(c), Column: int32(n)})
				ids++
			}
		}
		for ; len(kept) > 0 && int(kept[0].Core) == c; kept = kept[1:] {
			v.potentials = append(v.potentials, potential{at: kept[0], id: identifier(ids)})
			v.declare("integer "+strconv.Itoa(v.width), identifier(ids), "v", l, kept[0])
			ids++
		}
		out.put("$upscope $end\n")
	}
	out.put("$upscope $end\n$enddefinitions $end\n")
	return v, nil
}

// identifier is the i-th of the shortest ones: printable characters, no blanks.
func identifier(i int) string {
	const first, letters = '!', '~' - '!' + 1
	id := []byte{byte(first + i%letters)}
	for i /= letters; i > 0; i /= letters {
		i--
		id = append(id, byte(first+i%letters))
	}
	return string(id)
}

// declare names a variable by its column and its label; brackets and blanks would
// have a meaning.
func (v *vcd) declare(kind, id, prefix string, l *layout.Layout, at layout.Link) {
	name := prefix + strconv.Itoa(int(at.Column))
	label := l.Column(at).Label
	if layer, ok := labelled(l, label); ok {
		name += "_" + notWord.ReplaceAllString(layer, "_") + "_" + strconv.Itoa(int(label.Neuron))
	}
	v.out.put("$var ", kind, " ", id, " ", name, " $end\n")
}

var notWord = regexp.MustCompile(`[^A-Za-z0-9_]`)

func (v *vcd) Tick(step *sim.Step, chip sim.State) error {
	at, err := v.scale.at(v.now)
	if err != nil {
		return err
	}
	if !v.begun {
		v.begin(step, chip)
	} else {
		v.changes(at, step, chip)
	}
	if v.timed {
		v.now += step.Quanta
	} else {
		v.now++
	}
	return v.out.Flush()
}

// begin writes every variable at time 0.
func (v *vcd) begin(step *sim.Step, chip sim.State) {
	v.begun = true
	v.out.put("#0\n$dumpvars\n")
	v.mark(step)
	for c := range v.wires {
		for n, id := range v.wires[c] {
			if id != "" {
				v.wire(v.fired[c][n], id)
			}
		}
	}
	for i := range v.potentials {
		p := &v.potentials[i]
		p.value = chip.Potential(int(p.at.Core), int(p.at.Column))
		v.vector(p)
	}
	v.out.put("$end\n")
}

// changes writes what is not as it was in the last tick.
func (v *vcd) changes(at uint64, step *sim.Step, chip sim.State) {
	for _, f := range step.Spikes {
		if !v.fired[f.Core][f.Column] {
			v.time(at)
			v.wire(true, v.wires[f.Core][f.Column])
		}
	}
	for _, n := range v.high {
		v.fired[n.Core][n.Column] = false
	}
	for _, f := range step.Spikes {
		v.fired[f.Core][f.Column] = true
	}
	for _, n := range v.high {
		if !v.fired[n.Core][n.Column] {
			v.time(at)
			v.wire(false, v.wires[n.Core][n.Column])
		}
	}
	v.mark(step)
	for i := range v.potentials {
		p := &v.potentials[i]
		if now := chip.Potential(int(p.at.Core), int(p.at.Column)); now != p.value {
			p.value = now
			v.time(at)
			v.vector(p)
		}
	}
}

// mark remembers which wires are high.
func (v *vcd) mark(step *sim.Step) {
	v.high = v.high[:0]
	for _, f := range step.Spikes {
		v.fired[f.Core][f.Column] = true
		v.high = append(v.high, layout.Link{Core: f.Core, Column: f.Column})
	}
}

// time writes a moment, once.
func (v *vcd) time(at uint64) {
	if at == v.stamp {
		return
	}
	v.stamp = at
	v.out.put("#")
	v.out.number(at)
	v.out.put("\n")
}

func (v *vcd) wire(high bool, id string) {
	value := "0"
	if high {
		value = "1"
	}
	v.out.put(value, id, "\n")
}

// vector writes a potential in two's complement. Readers fill a short value up with
// zeros, so that a negative one has all its bits.
func (v *vcd) vector(p *potential) {
	v.out.put("b")
	v.out.Write(strconv.AppendUint(v.out.AvailableBuffer(), uint64(p.value)&(1<<v.width-1), 2))
	v.out.put(" ", p.id, "\n")
}

// End writes the moment at which the last tick has ended.
func (v *vcd) End() error {
	at, err := v.scale.at(v.now)
	if err != nil {
		return err
	}
	if !v.begun {
		v.out.put("#0\n")
	}
	v.time(at)
	return v.out.Flush()
}
