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
// Quantum T has three phases:
//
//  1. What arrives at T enters the FIFO place it has reserved. Ejections whose
//     service ends at T are delivered.
//  2. A core with a packet that is ready at T puts it into the Local FIFO, if
//     that has a free place as seen at the start of the quantum; else the core
//     stalls until it has. A core hands over at most one packet a quantum, on
//     whichever plane.
//  3. Every output port that is free grants one of the input FIFOs whose head
//     wants it: the first in the order Local, East, West, North, South, Local,
//     … after the port it granted last; in a new run it begins with Local. A
//     link is granted only if the FIFO it leads to has a free place: places
//     taken and places reserved are counted as they were at the start of the
//     phase, so a place freed at T is seen at T+1. Several outputs may grant
//     one head in one quantum, but a FIFO shows one head a quantum: the packet
//     behind a head that left at T is seen at T+1.
//
// A granted link is busy until T + hop, when the packet arrives: Config.HopX,
// HopY or, on the plane of sums, SumHop. A granted ejection holds the Local
// output until T + Service of that destination and is delivered then; with
// Service 0 it is delivered at T, in phase 3, and the port is free at T+1.
// Ejection always drains: the core has a register for every sum it is sent.
//
// So a lone packet that is accepted at T and goes dx and dy links is delivered
// at exactly T + dx·HopX + dy·HopY + Service, and a packet to its own node at
// T + Service.
//
// # A script
//
// A core does the steps of its script one after another. A step that begins at
// quantum b (0 for the first) goes through
//
//	computed = b + Work
//	awaited  = max(computed, quantum of the delivery of the sum Await)
//	ready    = awaited + After
//	accepted = the first quantum >= b and >= ready whose phase 2 takes the packet
//
// and the next step begins at accepted, or at ready if there is no packet. A
// sum delivered in phase 3 of T counts from T, but a packet that is ready at T
// because of it meets phase 2 at T+1. A Timed step is a source with a queue of
// its own outside the core: its packet is ready at quantum Work of the run,
// however late the core is.
//
// Stalls follow from these: StallAwait is the sum of awaited - computed,
// StallInject of accepted - ready. The latency of a delivery is the quantum of
// the delivery less ready. A script finishes where a next step would begin.
//
// # A run
//
// A run is one tick: it begins at quantum 0 with empty FIFOs and free ports,
// and ends when every script has finished and every packet is delivered. A run
// never depends on the runs before it. Spikes always drain, since routes in
// dimension order close no circle of waiting packets; only scripts can wait
// for each other for ever, which is an error.
package noc
