package noc

import "fmt"

// Plane is one of the two networks of routers.
type Plane uint8

// The planes.
const (
	Spikes Plane = iota // packets with one or more destinations
	Sums                // partial sums, each with a token and one destination
	Planes = 2          // how many there are
)

// Port is one of the five ports of a router, as input and as output.
type Port uint8

// The ports, in the order in which they are granted. North is towards y = 0.
const (
	Local Port = iota
	East
	West
	North
	South
	Ports = 5 // how many there are
)

// Limits that keep coordinates in 16 bits and every time below 2^64.
const (
	maxSide   = 1 << 10
	maxQuanta = 1 << 40 // of any one duration; 2^23 of them in a row fit
)

// Config is a mesh: how large, how deep and how fast.
type Config struct {
	Width, Height int

	// FIFO is how many packets an input port holds, reserved places included.
	FIFO int

	// HopX and HopY are the quanta a spike packet needs to cross a link and
	// keeps it busy, along x and along y.
	HopX, HopY uint64

	// SumHop is the same for sums, along both. 0 stands for a chip without
	// sums: scripts that send one are refused.
	SumHop uint64
}

// Nodes is the number of nodes of the mesh.
func (c Config) Nodes() int { return c.Width * c.Height }

// Validate refuses what is no mesh.
func (c Config) Validate() error {
	for _, side := range []struct {
		name  string
		value int
	}{{"Width", c.Width}, {"Height", c.Height}} {
		if side.value < 1 || side.value > maxSide {
			return fmt.Errorf("noc.Config.%s = %d; want 1..%d nodes", side.name, side.value, maxSide)
		}
	}
	if c.FIFO < 1 || c.FIFO > 1<<30 {
		return fmt.Errorf("noc.Config.FIFO = %d; want 1..%d packets, so that an arriving one has a place", c.FIFO, 1<<30)
	}
	for _, hop := range []struct {
		name  string
		value uint64
		least uint64
	}{{"HopX", c.HopX, 1}, {"HopY", c.HopY, 1}, {"SumHop", c.SumHop, 0}} {
		if hop.value < hop.least || hop.value > maxQuanta {
			return fmt.Errorf("noc.Config.%s = %d; want %d..%d quanta, since a packet enters a router no earlier than the quantum after it left the last",
				hop.name, hop.value, hop.least, uint64(maxQuanta))
		}
	}
	return nil
}

// hop is how long a packet of the plane keeps a link of the port busy.
func (c Config) hop(plane Plane, port Port) uint64 {
	switch {
	case plane == Sums:
		return c.SumHop
	case port == East || port == West:
		return c.HopX
	}
	return c.HopY
}
