package interop

import (
	"fmt"
)

// The files of a recording, in a folder of core memories.
const (
	rancInputs     = "tb_input.txt"
	rancNumInputs  = "tb_num_inputs.txt"
	rancCorrect    = "tb_correct.txt"
	rancNumOutputs = "tb_num_outputs.txt"
)

// rancRecord is the output spikes that were recorded.
type rancRecord struct {
	perTick [][]int32 // indexes, of each tick
	bitmap  bool      // an index at most once a tick, rising
	after   int       // tick of the first entry; negative: the shortest way
}

// readBench reads the recording of a folder: packets into g, and what came out.
// Without any of its files there is none.
func (g *ranc) readBench(folder rancFolder) (*rancRecord, error) {
	names := []string{rancInputs, rancNumInputs, rancCorrect, rancNumOutputs}
	texts, there := map[string][]byte{}, 0
	for _, name := range names {
		if folder.has(name) {
			there++
		}
	}
	if there == 0 {
		return nil, nil
	}
	for _, name := range names {
		text, err := folder.read(name)
		if err != nil {
			return nil, err
		}
		texts[name] = text
	}
	if err := g.readPackets(texts[rancInputs], texts[rancNumInputs]); err != nil {
		return nil, err
	}
	return g.readCorrect(texts[rancCorrect], texts[rancNumOutputs])
}

// readPackets reads tb_input.txt, whose lines tb_num_inputs.txt deals out to ticks.
func (g *ranc) readPackets(text, num []byte) error {
	counts, total, err := countLines(rancNumInputs, num)
	if err != nil {
		return err
	}
	lines, err := bitLines(rancInputs, text)
	if err != nil {
		return err
	}
	if len(lines) != total {
		return fmt.Errorf("%s: %d packets; %s counts %d; want as many", rancInputs, len(lines), rancNumInputs, total)
	}
	want := 2*rancFieldBits + indexBits(g.axons) + rancTickBits
	for tick, count := range counts {
		for _, line := range lines[:count] {
			if len(line.bits) != want {
				return fmt.Errorf("%s: %d bits; want %d: dx 9, dy 9, axon %d, tick 4", line.where, len(line.bits), want, indexBits(g.axons))
			}
			r := bitReader{line.bits}
			p := rancPacket{x: r.signed(rancFieldBits), y: r.signed(rancFieldBits), axon: r.unsigned(indexBits(g.axons)), where: line.where}
			p.tick = int32(tick) + r.unsigned(rancTickBits)
			g.packets = append(g.packets, p)
		}
		lines = lines[count:]
	}
	return nil
}

// readCorrect reads tb_correct.txt, whose lines tb_num_outputs.txt deals out to
// ticks.
func (g *ranc) readCorrect(text, num []byte) (*rancRecord, error) {
	counts, total, err := countLines(rancNumOutputs, num)
	if err != nil {
		return nil, err
	}
	lines, err := bitLines(rancCorrect, text)
	switch {
	case err != nil:
		return nil, err
	case len(counts) == 0:
		return nil, fmt.Errorf("%s: no counts; want the output spikes of each tick, a line a tick", rancNumOutputs)
	case len(lines) != total:
		return nil, fmt.Errorf("%s: %d output spikes; %s counts %d; want as many", rancCorrect, len(lines), rancNumOutputs, total)
	}
	record := &rancRecord{after: -1}
	for _, count := range counts {
		var tick []int32
		for _, line := range lines[:count] {
			if len(line.bits) > 16 {
				return nil, fmt.Errorf("%s: %d bits; want an output index of at most 16", line.where, len(line.bits))
			}
			r := bitReader{line.bits}
			tick = append(tick, r.unsigned(len(line.bits)))
		}
		record.perTick, lines = append(record.perTick, tick), lines[count:]
	}
	return record, nil
}
