package noc

import "math/bits"

// router is one node's router on one plane. Sets of ports are bit masks.
type router struct {
	x, y   int16
	peer   [Ports]int32  // input port (router*Ports + port) an output leads to, and the output that feeds the input
	hop    [Ports]uint64 // quanta a link is busy
	run    uint64        // the run the rest belongs to
	due    [2]uint64     // [q%2]: 1 + q if it is on the list of active routers of quantum q
	fresh  uint8         // inputs with a head not looked at yet
	left   uint8         // inputs whose head left in this quantum
	wanted uint8         // outputs that some head wants
	asks   [Ports]uint8  // [output] inputs whose head wants it
	in     [Ports]input
	out    [Ports]output
}

// input is a FIFO. Its flits are linked from head to tail.
type input struct {
	head, tail int32
	held       int32            // flits in it
	taken      int32            // places taken: flits in it and places reserved
	peak       int32            // most flits it held in the run
	wants      uint8            // outputs the head still wants
	branch     [Ports + 1]int32 // the head's branch by output o goes to targets[branch[o]:branch[o+1]]
}

// output is a link, or the way into the core.
type output struct {
	until   uint64 // busy before
	packets uint64 // granted in the run
	flit    int32  // on the link, or being ejected
	last    Port   // the input granted last
}

// opposite is the port at the other end of a link.
var opposite = [Ports]Port{Local: Local, East: West, West: East, North: South, South: North}

func (r *router) build(cfg Config, id int) {
	plane, node := Plane(id/cfg.Nodes()), id%cfg.Nodes()
	r.x, r.y = int16(node%cfg.Width), int16(node/cfg.Width)
	ahead := [Ports]int{East: 1, West: -1, North: -cfg.Width, South: cfg.Width}
	for port := range Port(Ports) {
		r.hop[port] = cfg.hop(plane, port)
		// Links off the mesh lead nowhere, and no route asks for them.
		r.peer[port] = int32((id+ahead[port])*Ports) + int32(opposite[port])
	}
}

// touch makes a router as new when a run first takes a place in it. Until then
// it is as the last run has left it: drained, but with other pointers.
func (n *Network) touch(id int32) {
	r := &n.routers[id]
	if r.run == n.run {
		return
	}
	r.run, r.due, r.fresh, r.left, r.wanted, r.asks = n.run, [2]uint64{}, 0, 0, 0, [Ports]uint8{}
	for port := range Ports {
		r.in[port] = input{}
		r.out[port] = output{last: South}
	}
	n.touched = append(n.touched, id)
}

// wake has a router arbitrate in quantum at, which is this one or the next.
func (n *Network) wake(id int32, at uint64) {
	r := &n.routers[id]
	if r.due[at%2] == at+1 {
		return
	}
	r.due[at%2] = at + 1
	if at == n.now {
		n.active = append(n.active, id)
	} else {
		n.soon = append(n.soon, id)
	}
}

// arrive ends the time of an output port: its flit reaches the next router or
// the core, and the port is free for others.
func (n *Network) arrive(at int32) {
	id, port := at/Ports, Port(at%Ports)
	r := &n.routers[id]
	if port == Local {
		plane, _ := n.place(id)
		n.deliver(plane, r.out[Local].flit)
	} else {
		n.enter(r.peer[port], r.out[port].flit)
	}
	if r.asks[port] != 0 {
		n.wake(id, n.now)
	}
}

// enter puts a flit into the place of a FIFO that was taken for it.
func (n *Network) enter(at, f int32) {
	id, port := at/Ports, at%Ports
	r := &n.routers[id]
	in := &r.in[port]
	if in.held == 0 {
		in.head = f
		if r.left&(1<<port) == 0 { // else release shows it
			r.fresh |= 1 << port
			n.wake(id, n.now)
		}
	} else {
		n.flits.all[in.tail].next = f // seen when it becomes the head
	}
	in.tail = f
	in.held++
	in.peak = max(in.peak, in.held)
}

// eject is phase 2 at one router.
func (n *Network) eject(id int32) {
	r := &n.routers[id]
	n.look(r)
	if r.wanted&(1<<Local) != 0 && r.out[Local].until <= n.now {
		n.choose(id, Local)
	}
}

// arbitrate is phase 4 at one router.
func (n *Network) arbitrate(id int32) {
	r := &n.routers[id]
	n.look(r)
	for open := r.wanted; open != 0; open &= open - 1 {
		port := Port(bits.TrailingZeros8(open))
		if r.out[port].until > n.now {
			continue
		}
		if port != Local && int(n.input(r.peer[port]).taken) == n.cfg.FIFO {
			continue
		}
		n.choose(id, port)
	}
	if r.wanted&(1<<Local) != 0 && r.out[Local].until == n.now+1 {
		n.wake(id, n.now+1) // after service 0, of which the calendar is not told
	}
}

// look sees to new heads.
func (n *Network) look(r *router) {
	for ; r.fresh != 0; r.fresh &= r.fresh - 1 {
		n.expose(r, bits.TrailingZeros8(r.fresh))
	}
}

// choose lets an output take a head, in turn.
func (n *Network) choose(id int32, port Port) {
	r := &n.routers[id]
	out := &r.out[port]
	out.last = after(out.last, r.asks[port])
	n.send(id, port, n.grant(id, out.last, port))
}

// after is the first port of a set after the last one, in a circle.
func after(last Port, set uint8) Port {
	twice := uint16(set) | uint16(set)<<Ports
	return Port((bits.TrailingZeros16(twice>>(last+1)) + int(last) + 1) % Ports)
}

func (n *Network) input(at int32) *input { return &n.routers[at/Ports].in[at%Ports] }

// grant takes the branch by an output from the head of an input, and the head
// from its FIFO if that was its last branch.
func (n *Network) grant(id int32, from, to Port) int32 {
	r := &n.routers[id]
	in := &r.in[from]
	in.wants &^= 1 << to
	if r.asks[to] &^= 1 << from; r.asks[to] == 0 {
		r.wanted &^= 1 << to
	}
	f := in.head
	if in.wants != 0 {
		f = n.flits.get()
		n.flits.all[f] = n.flits.all[in.head]
	} else {
		in.head = n.flits.all[f].next
		in.held--
		r.left |= 1 << from
		n.left = append(n.left, id*Ports+int32(from))
	}
	n.flits.all[f].first, n.flits.all[f].end = in.branch[to], in.branch[to+1]
	return f
}

// send puts a flit on the link of an output, or hands it to the core.
func (n *Network) send(id int32, port Port, f int32) {
	r := &n.routers[id]
	out := &r.out[port]
	out.flit = f
	out.packets++
	busy := r.hop[port]
	if port == Local {
		busy = n.targets[n.flits.all[f].first].service
	} else {
		n.touch(r.peer[port] / Ports)
		n.input(r.peer[port]).taken++
	}
	if busy > 0 {
		out.until = n.now + busy
		n.outputs.push(out.until, id*Ports+int32(port))
		return
	}
	out.until = n.now + 1
	plane, _ := n.place(id)
	n.deliver(plane, f)
}

// release frees the places of the heads that left in this quantum, for the
// next, and shows the heads behind them. Only a FIFO that was full has kept
// anybody waiting.
func (n *Network) release() {
	for _, at := range n.left {
		id, port := at/Ports, Port(at%Ports)
		r := &n.routers[id]
		in := &r.in[port]
		r.left &^= 1 << port
		if in.held > 0 {
			r.fresh |= 1 << port
			n.wake(id, n.now+1)
		}
		full := int(in.taken) == n.cfg.FIFO
		in.taken--
		if !full {
			continue
		}
		if port != Local {
			if feeder := r.peer[port]; n.routers[feeder/Ports].asks[feeder%Ports] != 0 {
				n.wake(feeder/Ports, n.now+1)
			}
			continue
		}
		plane, node := n.place(id)
		if c := &n.cores[node]; c.full&(1<<plane) != 0 {
			c.full &^= 1 << plane
			n.ready.push(n.now+1, int32(node))
		}
	}
	n.left = n.left[:0]
}
