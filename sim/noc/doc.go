// Package noc runs the cores of a mesh through the scripts of one tick and
// carries their packets over five-port routers, quantum by quantum.
//
// It knows nodes, scripts and packets, and nothing of layouts, neurons or
// prices. All times are whole quanta; no float type exists here. What follows
// is the contract: plain.go does it literally, the other files skip whatever
// cannot change, and tests demand equal results in every field.
//
// # The mesh
//
// Width × Height nodes, node = y*Width + x, with x growing to the East and y
// to the South. Every node has two routers, one a plane: Spikes, whose packets
// may have many destinations, and Sums, whose packets have one. The planes are
// built alike and share nothing but the cores.
//
// A router has the ports Local, East, West, North and South. Every input port
// (the Local one takes what the core injects) has a FIFO of Config.FIFO
// packets; a packet is one flit. Every output port sends one packet at a time
// over its link, or into the core (Local).
//
// Routes are dimension-ordered: first along x, then along y, then Local. A
// packet to many nodes travels as the union of its routes. The head of an
// input FIFO wants the outputs of its remaining destinations; each may be
// granted in a quantum of its own, the copy that leaves carries the
// destinations of that branch, and the head leaves the FIFO when its last
// branch is granted.
//
// # A quantum
//
// Quantum T has four phases:
//
//  1. Arrivals. What arrives at T enters the FIFO place it has reserved.
//     Ejections whose service ends at T are delivered.
//  2. Ejections. Every Local output that is free grants.
//  3. Injections. On each plane one packet of the core at most enters the Local
//     FIFO, if that has a free place. A packet that was parked (see below) and
//     is ready goes before the core's own; of several the one that was ready
//     first, and of equals the one of the earlier step.
//  4. Links. Every output that is free and has not granted at T grants: the
//     links, and a Local output that nothing wanted in phase 2, so that a packet
//     to its own node need not wait.
//
// To grant is to take one of the input FIFOs whose head wants the output: the
// first in the order Local, East, West, North, South, Local, … after the port
// granted last; in a new run it begins with Local. A link is granted only if
// the FIFO it leads to has a free place.
//
// Whatever leaves at T, in phase 2 or 4, is missed from T+1 on. Places taken and
// places reserved are counted as they were after phase 1, so a place freed at T
// is seen at T+1, by links and cores alike. Several outputs may grant one head
// in one quantum, but a FIFO shows one head a quantum: the packet behind a head
// that left at T is seen at T+1.
//
// A granted link is busy until T + hop, when the packet arrives: Config.HopX,
// HopY or, on the plane of sums, SumHop. A granted ejection holds the Local
// output until T + Service of that destination and is delivered then; with
// Service 0 it is delivered at T, in the phase that granted it, and the port is
// free at T+1. Ejection always drains: the core has a register for every sum it
// is sent.
//
// So a lone packet that is accepted at T and goes dx and dy links is delivered
// at exactly T + dx·HopX + dy·HopY + Service, and a packet to its own node at
// T + Service.
//
// # A script
//
// A core does the steps of its script one after another and never waits for a
// sum: sums are added where they arrive, beside it. A step that begins at
// quantum b (0 for the first) is done at b + Work but for the sum it joins, if
// any. A Timed step is a source with a queue of its own outside the core: it is
// done at quantum Work of the run, however late the core is. Call this quantum
// own.
//
// A packet whose step joins no sum, or one that is delivered by phase 3 of own,
// is ready at own. The core hands it over at
//
//	accepted = the first quantum >= b and >= ready whose phase 3 takes it
//
// and the next step begins then. Steps without a packet end at own. As each plane
// takes a packet, a sum and a spike may be accepted in one quantum.
//
// If the sum is not delivered by phase 3 of own, the step's packet is parked in
// a register of its column, and the next step begins at own. Once the sum is
// delivered, at D, the packet is ready at D and enters the Local FIFO when phase
// 3 takes it: at D itself, if nothing is in its way. There is a register for
// every packet that is parked, and none of them ever stalls the core, but for
// going first. A step that joins a sum and sends nothing waits beside the core,
// too, and shows only in JoinWait.
//
// So a sum with Service 0 costs hops · SumHop and no more: in a lone chain of
// columns on different nodes that are all done at r, the last sum is delivered
// at r + Σ hops · SumHop. Only a sum to the node that sends it comes after phase
// 3, in phase 4, if it was injected at D itself; a packet that joins it and is
// done by then enters at D+1.
//
// The waits follow from these: StallInject is the sum of accepted - ready over
// the core's own packets, JoinWait the sum of D - own over the parked steps. The
// latency of a delivery is the quantum of the delivery less ready, so it counts
// how long a packet waited for a place, parked or not, and not how long for a
// sum. A script finishes where a next step would begin.
//
// # A run
//
// A run is one tick: it begins at quantum 0 with empty FIFOs and free ports,
// and ends when every script has finished, nothing is parked and every packet
// is delivered. A run never depends on the runs before it. Packets always drain,
// since routes in dimension order close no circle of waiting packets; only sums
// can join each other in a circle, which is an error.
package noc
