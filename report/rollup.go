package report

// Node is a part of the chip and the energy spent in it over the whole run, in
// joules. The parts of a node add up to it: chip, tiles, cores, components.
type Node struct {
	Name   string   `json:"name"` // "chip", "tile 0,1", "core 3", "sram"
	Joules Interval `json:"joules"`
	Parts  []Node   `json:"parts,omitempty"`
}

// CoreShare is one used core on the map of the chip.
type CoreShare struct {
	Core        int             `json:"core"` // logical number
	X           int             `json:"x"`
	Y           int             `json:"y"`
	Joules      Interval        `json:"joules"`      // of the whole run
	By          Object[float64] `json:"by"`          // nominal joules by component
	Utilisation *Utilisation    `json:"utilisation"` // of this core; null without a layout
}
