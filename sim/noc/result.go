package noc

// Result is what happened in one run. It belongs to the network and holds
// until its next run.
type Result struct {
	// End is the last quantum of anything: a script or a delivery.
	End uint64
	// Critical is what ended at End.
	Critical Critical
	// Busiest is the link between routers that carried most packets in the
	// run; of equals the first by plane, node and port.
	Busiest Link
	// Nodes has a row for every node, zero for those without a script.
	Nodes []NodeTimes
	// Latency counts the deliveries of each plane by their latency in quanta.
	Latency [Planes]Histogram
	// Hops counts the links crossed by the packets of each plane.
	Hops [Planes]uint64
}

// NodeTimes is how the script of one node went, in quanta.
type NodeTimes struct {
	Finish      uint64 // end of the script
	StallInject uint64 // the core waiting for the local port to take a packet that was ready
	JoinWait    uint64 // parked steps waiting for sums, beside the core and each other
}

// Cause says what kind of thing ended last.
type Cause uint8

// The causes. At one node and quantum a delivery goes before a script.
const (
	NoCause    Cause = iota // a run without scripts
	ByScript                // the script of the node finished
	ByDelivery              // a packet was delivered to the node
)

// Critical names what ended last in a run; of equals, what is at the first node.
type Critical struct {
	Node int
	By   Cause
}

// Link is a directed link between two routers, by the output port it leaves
// from, and how many packets it carried.
type Link struct {
	Plane   Plane
	Node    int
	Port    Port
	Packets uint64
}

// Traffic adds up all runs of a network. Rows are indexed by node*Ports + port.
type Traffic struct {
	// Packets is how many packets left by each output port; those of Local
	// are ejections.
	Packets [Planes][]uint64
	// Peak is how many packets the FIFO of each input port held at most.
	Peak [Planes][]int
}

func newTraffic(nodes int) Traffic {
	var t Traffic
	for plane := range Planes {
		t.Packets[plane] = make([]uint64, nodes*Ports)
		t.Peak[plane] = make([]int, nodes*Ports)
	}
	return t
}

func (t *Traffic) reset() {
	for plane := range Planes {
		clear(t.Packets[plane])
		clear(t.Peak[plane])
	}
}

func newResult(nodes int) Result {
	return Result{Nodes: make([]NodeTimes, nodes)}
}

// reset forgets the last run and keeps its memory.
func (r *Result) reset() {
	r.End, r.Critical, r.Busiest, r.Hops = 0, Critical{}, Link{}, [Planes]uint64{}
	clear(r.Nodes)
	for plane := range r.Latency {
		r.Latency[plane].Reset()
	}
}

// ended notes that something ended, in whatever order things are noted.
func (r *Result) ended(at uint64, node int, by Cause) {
	first := node < r.Critical.Node || node == r.Critical.Node && by > r.Critical.By
	if r.Critical.By == NoCause || at > r.End || at == r.End && first {
		r.End, r.Critical = at, Critical{node, by}
	}
}

// carried notes how many packets a link carried, in whatever order.
func (r *Result) carried(l Link) {
	b := &r.Busiest
	first := l.Plane < b.Plane || l.Plane == b.Plane && (l.Node < b.Node || l.Node == b.Node && l.Port < b.Port)
	if l.Packets > b.Packets || l.Packets == b.Packets && l.Packets > 0 && first {
		*b = l
	}
}

// arrival is one delivery, as the watch of a run is told of it.
type arrival struct {
	from, step int // the node that sent the packet and the step of its script
	to         int
	ready, at  uint64 // quanta
}
