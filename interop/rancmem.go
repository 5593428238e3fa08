package interop

import (
	"fmt"
	"strings"

	"tritloom/layout"
)

// Bits of a neuron's line besides its connections and its destination axon.
const rancFixedBits = 9*rancFieldBits + 1 + 2*rancFieldBits + rancTickBits

// importFolder reads everything a folder holds.
func importFolder(folder rancFolder, o RANCOptions) (*RANC, error) {
	beside, err := readBeside(folder)
	if err != nil {
		return nil, err
	}
	g := &ranc{}
	if err := g.place(folder, o, beside); err != nil {
		return nil, err
	}
	if err := g.readCores(folder); err != nil {
		return nil, err
	}
	bench, err := g.readBench(folder)
	if err != nil {
		return nil, err
	}
	return g.build(bench, o.OutputsAfter, beside)
}

// place finds grid and bus: options first, then our own file, then the
// simulator's.
func (g *ranc) place(folder rancFolder, o RANCOptions, beside *rancBeside) error {
	g.width, g.height, g.delayMax = o.Width, o.Height, 1<<rancTickBits
	if beside != nil {
		if given := [2]int{o.Width, o.Height}; given != [2]int{} && given != beside.Grid {
			return fmt.Errorf("%s: a grid of %d×%d, where %d×%d is asked for; leave the question to the file", besideName, beside.Grid[0], beside.Grid[1], o.Width, o.Height)
		}
		if o.Bus != nil && *o.Bus != beside.Bus {
			return fmt.Errorf("%s: the output bus is at %d,%d, where %d,%d is asked for; leave the question to the file", besideName, beside.Bus[0], beside.Bus[1], o.Bus[0], o.Bus[1])
		}
		g.width, g.height, g.bus = beside.Grid[0], beside.Grid[1], beside.Bus
		return g.checkPlace()
	}
	if g.width == 0 && g.height == 0 {
		if !folder.has(rancConfig) {
			return fmt.Errorf("%s: not there, and nothing else says the grid; give it, such as --grid 4x3", rancConfig)
		}
		text, err := folder.read(rancConfig)
		if err != nil {
			return err
		}
		config, err := parseRANCConfig(rancConfig, text)
		if err != nil {
			return err
		}
		g.width, g.height = config.Width, config.Height
	}
	switch {
	case o.Bus != nil:
		g.bus = *o.Bus
	case !folder.has(rancInput):
		return fmt.Errorf("%s: not there, and nothing else says where the output bus is; give its place, such as --bus 0,2", rancInput)
	default:
		text, err := folder.read(rancInput)
		if err != nil {
			return err
		}
		input, err := parseRANCInput(rancInput, text)
		if err != nil {
			return err
		}
		g.bus = input.Bus.place()
	}
	return g.checkPlace()
}

func (g *ranc) checkPlace() error {
	if g.width < 1 || g.width > rancMaxSide || g.height < 1 || g.height > rancMaxSide {
		return fmt.Errorf("csram_*.mem: a grid of %d×%d cores; want 1..%d along either side", g.width, g.height, rancMaxSide)
	}
	if g.bus[0] < -rancMaxSide || g.bus[0] > rancMaxSide || g.bus[1] < -rancMaxSide || g.bus[1] > rancMaxSide {
		return fmt.Errorf("csram_*.mem: the output bus is at %d,%d; want %d..%d", g.bus[0], g.bus[1], -rancMaxSide, rancMaxSide)
	}
	return nil
}

func csramName(core int) string { return fmt.Sprintf("csram_%03d.mem", core) }
func typesName(core int) string { return fmt.Sprintf("tc_%03d.mem", core) }

// readCores reads the memory of every core of the grid; that of the bus's place
// may be missing.
func (g *ranc) readCores(folder rancFolder) error {
	if err := g.noOthers(folder); err != nil {
		return err
	}
	g.cores = make([]*rancCore, g.width*g.height)
	for number := range g.cores {
		x, y := number%g.width, number/g.width
		if !folder.has(csramName(number)) && !folder.has(typesName(number)) {
			if [2]int{x, y} == g.bus {
				continue
			}
			return fmt.Errorf("%s: not there; a grid of %d×%d has cores 0..%d; copy the file, or say another grid", csramName(number), g.width, g.height, len(g.cores)-1)
		}
		core, err := g.readCore(folder, number)
		if err != nil {
			return err
		}
		if core.empty() { // takes no more room, and counts for no limit
			core = &rancCore{types: core.types}
		} else {
			g.cells++
		}
		core.x, core.y = x, y
		g.cores[number] = core
	}
	g.outputs = 1 << indexBits(g.axons)
	if g.axons == 0 {
		return fmt.Errorf("%s: not there, and a folder of RANC has cores; say the grid it is for", csramName(0))
	}
	return nil
}

// noOthers refuses memories of cores that the grid does not have.
func (g *ranc) noOthers(folder rancFolder) error {
	names, err := folder.names()
	if err != nil {
		return fmt.Errorf("csram_*.mem: cannot list the folder: %w; name a folder of RANC's files", err)
	}
	for _, file := range names {
		var number int
		for _, name := range []func(int) string{csramName, typesName} {
			prefix, _, _ := strings.Cut(name(0), "_")
			if n, err := fmt.Sscanf(file, prefix+"_%d.mem", &number); n == 1 && err == nil && file == name(number) && number >= g.width*g.height {
				return fmt.Errorf("%s: a grid of %d×%d has cores 0..%d; say another grid, or take the file away", file, g.width, g.height, g.width*g.height-1)
			}
		}
	}
	return nil
}

// readCore reads the two files of a core. The first one sets axons and neurons.
func (g *ranc) readCore(folder rancFolder, number int) (*rancCore, error) {
	name := csramName(number)
	text, err := folder.read(name)
	if err != nil {
		return nil, err
	}
	lines, err := bitLines(name, text)
	if err != nil {
		return nil, err
	}
	if g.axons == 0 {
		if err := g.sizeFrom(name, lines); err != nil {
			return nil, err
		}
	}
	if len(lines) != g.neurons {
		return nil, fmt.Errorf("%s: %d lines of bits; want %d, a neuron a line, as in the first core", name, len(lines), g.neurons)
	}
	if err := g.checkSize(g.cells + 1); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	core := &rancCore{connections: layout.NewPlane(g.axons, g.neurons), neurons: make([]rancNeuron, g.neurons)}
	core.where = func(n int) string { return lines[n].where }
	for n, line := range lines {
		if want := g.axons + indexBits(g.axons) + rancFixedBits; len(line.bits) != want {
			return nil, fmt.Errorf("%s: %d bits; want %d for %d axons, as in the first line", line.where, len(line.bits), want, g.axons)
		}
		core.neurons[n] = g.readNeuron(core, n, line.bits)
	}
	core.types, err = g.readTypes(folder, number)
	return core, err
}

// sizeFrom finds axons and neurons by the first core: no two numbers of axons make
// lines of one length.
func (g *ranc) sizeFrom(name string, lines []rancLine) error {
	if len(lines) == 0 {
		return fmt.Errorf("%s: no line of bits; want a neuron a line", name)
	}
	length := len(lines[0].bits)
	g.neurons, g.axons = len(lines), 0
	for axons := max(1, length-rancFixedBits-indexBits(length+1)); axons <= length-rancFixedBits; axons++ {
		if axons+indexBits(axons)+rancFixedBits == length {
			g.axons = axons
		}
	}
	if g.axons == 0 {
		return fmt.Errorf("%s: %d bits, which is no neuron; want %d besides a bit an axon and the bits that name an axon: 368 for 256 axons", lines[0].where, length, rancFixedBits)
	}
	return g.checkSizeOf(name)
}

func (g *ranc) checkSizeOf(name string) error {
	if err := g.checkSize(1); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// readNeuron takes a line apart.
func (g *ranc) readNeuron(core *rancCore, n int, line []byte) rancNeuron {
	for i, b := range line[:g.axons] {
		if b == '1' {
			core.connections.Put(g.axons-1-i, n, true)
		}
	}
	r := bitReader{line[g.axons:]}
	var v rancNeuron
	v.potential, v.reset = r.signed(rancFieldBits), r.signed(rancFieldBits)
	for t := range v.weights {
		v.weights[t] = r.signed(rancFieldBits)
	}
	v.leak, v.positive, v.negative = r.signed(rancFieldBits), r.signed(rancFieldBits), r.signed(rancFieldBits)
	v.linear = r.unsigned(1) == 1
	v.dx, v.dy = r.signed(rancFieldBits), r.signed(rancFieldBits)
	v.axon, v.tick = r.unsigned(indexBits(g.axons)), r.unsigned(rancTickBits)
	return v
}

// readTypes reads the axon types of a core.
func (g *ranc) readTypes(folder rancFolder, number int) ([]uint8, error) {
	name := typesName(number)
	text, err := folder.read(name)
	if err != nil {
		return nil, err
	}
	lines, err := bitLines(name, text)
	if err != nil {
		return nil, err
	}
	if len(lines) != g.axons {
		return nil, fmt.Errorf("%s: %d lines of bits; want %d, an axon a line, as %s has connections", name, len(lines), g.axons, csramName(number))
	}
	types := make([]uint8, g.axons)
	for a, line := range lines {
		if len(line.bits) != 2 {
			return nil, fmt.Errorf("%s: %d bits; want 2, an axon type", line.where, len(line.bits))
		}
		r := bitReader{line.bits}
		types[a] = uint8(r.unsigned(2))
	}
	return types, nil
}
