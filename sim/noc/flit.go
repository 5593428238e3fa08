package noc

// flit is a packet, or one branch of it, on its way.
type flit struct {
	ready      uint64 // when the packet was ready to be injected
	first, end int32  // its destinations: targets[first:end], its own alone
	node, step int32  // who sent it
	next       int32  // the flit behind it in a FIFO, or in the list of free flits
}

// none stands for no flit.
const none = -1

// flits is the store of all flits; those that are done are used again.
type flits struct {
	all  []flit
	free int32
}

func (s *flits) reset() { s.all, s.free = s.all[:0], none }

func (s *flits) get() int32 {
	if s.free == none {
		s.all = append(s.all, flit{})
		return int32(len(s.all) - 1)
	}
	f := s.free
	s.free = s.all[f].next
	return f
}

func (s *flits) put(f int32) {
	s.all[f].next = s.free
	s.free = f
}

// target is one destination of a packet, with its coordinates.
type target struct {
	node    int32
	x, y    int16
	service uint64
}

func (n *Network) target(d Delivery) target {
	return target{int32(d.Node), int16(d.Node % n.cfg.Width), int16(d.Node / n.cfg.Width), d.Service}
}
