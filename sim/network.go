package sim

import (
	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
)

// place is a core's position on the mesh, in cores.
type place struct{ x, y int }

// routes is what the packets of one spike do on the mesh. Each takes the
// dimension-order route (x first, then y) from the source's router to that of a
// destination core: the core's own, or on chips with tile routers its tile's, so
// that within a tile no link is crossed.
type routes struct {
	cores uint64 // destination cores: one packet delivered to each
	tiles uint64 // those of them in the source's own tile
	hopX  uint64 // links crossed in x
	hopY  uint64 // links crossed in y
}

// routesOf finds them. Destinations in one core share a packet, so the places may
// repeat.
func routesOf(mesh hwmodel.Mesh, from place, to []place) routes {
	var r routes
	var routers []place // of every destination core
	seen := map[place]bool{}
	for _, at := range to {
		if seen[at] {
			continue
		}
		seen[at] = true
		r.cores++
		if sameTile(mesh, at, from) {
			r.tiles++
		}
		routers = append(routers, routerOf(mesh, at))
	}
	if mesh.Unicast {
		r.hopX, r.hopY = unicast(routerOf(mesh, from), routers)
	} else {
		r.hopX, r.hopY = multicast(routerOf(mesh, from), routers)
	}
	return r
}

// unicast counts the links of packets that travel one by one: every route in full.
func unicast(from place, to []place) (x, y uint64) {
	for _, at := range to {
		dx, dy := hwmodel.Distance(from.x, from.y, at.x, at.y)
		x, y = x+uint64(dx), y+uint64(dy)
	}
	return x, y
}

// multicast counts the links of the tree that is the union of all routes: those
// that routes share are crossed once.
//
// All routes leave along the source's row, so the links in x are those from
// the source to the farthest destination on each side. Every column of the
// mesh that is turned into is then walked up and down from that row, again to
// the farthest destination on each side.
func multicast(from place, to []place) (x, y uint64) {
	west, east := from.x, from.x
	type reach struct{ low, high int }
	columns := map[int]reach{}
	for _, at := range to {
		west, east = min(west, at.x), max(east, at.x)
		r, ok := columns[at.x]
		if !ok {
			r = reach{from.y, from.y}
		}
		columns[at.x] = reach{min(r.low, at.y), max(r.high, at.y)}
	}
	for _, r := range columns { // a sum: order does not matter
		y += uint64(r.high - r.low)
	}
	return uint64(east - west), y
}

// routerOf is the place of the router that serves a core.
func routerOf(mesh hwmodel.Mesh, at place) place {
	x, y := mesh.Router(at.x, at.y)
	return place{x, y}
}

// sameTile tells whether two cores belong to one tile.
func sameTile(mesh hwmodel.Mesh, a, b place) bool {
	ax, ay := mesh.Tile(a.x, a.y)
	bx, by := mesh.Tile(b.x, b.y)
	return ax == bx && ay == by
}

// flight is the packet of a spike on its way to one core.
type flight struct {
	core    int32
	axons   uint64 // it is written to in that core
	links   uint64 // quanta on the mesh, if no other packet is in the way
	service uint64 // quanta at the core: into it, within the tile, into its scheduler
}

// flights lists the destination cores of a spike of core c, rising.
func flights(l *layout.Layout, c int, dests []layout.Dest, latencies *hwmodel.Latencies) []flight {
	var list []flight
	mesh, from := l.Capabilities.Mesh, placeOf(l, int32(c))
	for _, d := range dests { // sorted by core
		if n := len(list); n > 0 && list[n-1].core == d.Core {
			list[n-1].axons++
			list[n-1].service += latencies[ledger.AxonWrite]
			continue
		}
		at := placeOf(l, d.Core)
		dx, dy := links(mesh, from, at)
		f := flight{core: d.Core, axons: 1, links: dx*latencies[ledger.HopX] + dy*latencies[ledger.HopY]}
		f.service = latencies[ledger.PacketCore] + latencies[ledger.AxonWrite]
		if sameTile(mesh, from, at) {
			f.service += latencies[ledger.PacketTile]
		}
		list = append(list, f)
	}
	return list
}

// places lists where the destinations of a column are.
func places(l *layout.Layout, dests []layout.Dest) []place {
	list := make([]place, len(dests))
	for i, d := range dests {
		list[i] = placeOf(l, d.Core)
	}
	return list
}

func placeOf(l *layout.Layout, core int32) place {
	return place{l.Cores[core].X, l.Cores[core].Y}
}

// links is the number of mesh links of a dimension-order route between two cores.
func links(mesh hwmodel.Mesh, a, b place) (dx, dy uint64) {
	x, y := mesh.Links(a.x, a.y, b.x, b.y)
	return uint64(x), uint64(y)
}
