package noc

// Network runs scripts on one mesh, one run after another. It skips every
// quantum in which nothing can happen, and touches a router only when one of
// its heads, links or places ahead has changed, so a run costs what its
// packets' hops cost. It is for one goroutine at a time.
type Network struct {
	cfg     Config
	routers []router // [plane*nodes + node]
	cores   []core   // [node]
	checker *checker
	tokens  []token // [token]
	flits   flits
	targets []target // destinations of all packets of the run

	// What is still to happen.
	outputs calendar // output ports (router*Ports + port) whose link or ejection ends
	ready   calendar // nodes that try to inject
	active  []int32  // routers with something to arbitrate in this quantum
	soon    []int32  // routers with something to arbitrate in the next
	left    []int32  // input ports (router*Ports + port) whose head left in this quantum

	run     uint64 // number of the run; routers and tokens of older runs are stale
	now     uint64 // quantum
	open    uint64 // first quantum whose phase 3 is still to come
	parked  int    // steps that wait for sums
	touched []int32
	scratch []target
	result  Result
	traffic Traffic
	watch   func(arrival) // told of every delivery; nil for nobody
}

// New builds the network of a mesh.
func New(cfg Config) (*Network, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	nodes := cfg.Nodes()
	n := &Network{
		cfg:     cfg,
		routers: make([]router, Planes*nodes),
		cores:   make([]core, nodes),
		checker: newChecker(cfg),
		result:  newResult(nodes),
		traffic: newTraffic(nodes),
	}
	for id := range n.routers {
		n.routers[id].build(cfg, id)
	}
	return n, nil
}

// Run carries out one tick. Scripts are for nodes in any order, one a node at
// most; they are only read. The result holds until the next Run.
func (n *Network) Run(scripts []Script) (*Result, error) {
	if err := n.checker.check(scripts); err != nil {
		return nil, err
	}
	n.begin(scripts)
	for n.next() {
		for _, output := range n.outputs.take(n.now) { // phase 1
			n.arrive(output)
		}
		for _, id := range n.active { // phase 2
			n.eject(id)
		}
		n.open = n.now + 1
		for _, node := range n.ready.take(n.now) { // phase 3
			n.inject(node)
		}
		for _, id := range n.active { // phase 4
			n.arbitrate(id)
		}
		n.release()
	}
	n.collect()
	if n.parked > 0 {
		return nil, n.stuck(scripts)
	}
	return &n.result, nil
}

// Traffic is what all runs since New or ResetTraffic add up to. It belongs to
// the network and goes on growing.
func (n *Network) Traffic() *Traffic { return &n.traffic }

// ResetTraffic forgets the traffic of the runs so far.
func (n *Network) ResetTraffic() { n.traffic.reset() }

// begin makes everything as in a new network and starts the scripts.
func (n *Network) begin(scripts []Script) {
	n.run++
	n.now, n.open, n.parked = 0, 0, 0
	n.outputs.reset()
	n.ready.reset()
	n.flits.reset()
	n.targets = n.targets[:0]
	n.result.reset()
	for i := range scripts {
		n.cores[scripts[i].Node].load(&scripts[i])
	}
	for i := range scripts {
		n.advance(int32(scripts[i].Node))
	}
}

// next moves on to the next quantum in which something can happen, and says
// whether there is one.
func (n *Network) next() bool {
	n.active, n.soon = n.soon, n.active[:0]
	if len(n.active) > 0 {
		n.now++
	} else {
		n.now = min(n.outputs.next(), n.ready.next())
	}
	n.open = n.now
	return n.now != never
}

// collect brings in the counters of the routers the run has touched.
func (n *Network) collect() {
	for _, id := range n.touched {
		r := &n.routers[id]
		plane, node := n.place(id)
		for port := range Ports {
			at := node*Ports + port
			n.traffic.Peak[plane][at] = max(n.traffic.Peak[plane][at], int(r.in[port].peak))
			packets := r.out[port].packets
			n.traffic.Packets[plane][at] += packets
			if Port(port) != Local {
				n.result.Hops[plane] += packets
				n.result.carried(Link{plane, node, Port(port), packets})
			}
		}
	}
	n.touched = n.touched[:0]
}

// place is the plane and node of a router.
func (n *Network) place(router int32) (Plane, int) {
	if nodes := len(n.cores); int(router) >= nodes {
		return Sums, int(router) - nodes
	}
	return Spikes, int(router)
}

// stuck names the first step that waits for a sum that never comes.
func (n *Network) stuck(scripts []Script) error {
	for i := range scripts {
		for j := range scripts[i].Steps {
			if join := scripts[i].Steps[j].Join; join != 0 && !n.token(join).arrived {
				return errStuck(scripts[i].Node, j, join)
			}
		}
	}
	panic("noc: a step is parked and waits for nothing")
}
