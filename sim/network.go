package sim

import (
	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
)

// place is a core's position on the mesh, in cores.
type place struct{ x, y int }

// tree is what the packets of one spike do on the mesh: the union of the
// dimension-order routes (x first, then y) from the source to every
// destination core. Links that routes share are crossed once.
type tree struct {
	cores uint64 // destination cores: one packet delivered to each
	tiles uint64 // those of them in the source's own tile
	hopX  uint64 // links in x
	hopY  uint64 // links in y
}

// multicast finds the tree. Destinations in one core share a packet, so the
// places may repeat.
//
// All routes leave along the source's row, so the links in x are those from
// the source to the farthest destination on each side. Every column of the
// mesh that is turned into is then walked up and down from that row, again to
// the farthest destination on each side.
func multicast(mesh hwmodel.Mesh, from place, to []place) tree {
	var t tree
	seen := map[place]bool{}
	west, east := from.x, from.x
	type reach struct{ low, high int }
	columns := map[int]reach{}
	for _, at := range to {
		if seen[at] {
			continue
		}
		seen[at] = true
		t.cores++
		if tileOf(mesh, at) == tileOf(mesh, from) {
			t.tiles++
		}
		west, east = min(west, at.x), max(east, at.x)
		r, ok := columns[at.x]
		if !ok {
			r = reach{from.y, from.y}
		}
		columns[at.x] = reach{min(r.low, at.y), max(r.high, at.y)}
	}
	t.hopX = uint64(east - west)
	for _, r := range columns { // a sum: order does not matter
		t.hopY += uint64(r.high - r.low)
	}
	return t
}

// tileOf is the tile a place belongs to.
func tileOf(mesh hwmodel.Mesh, at place) place {
	return place{at.x / max(1, mesh.TileWidth), at.y / max(1, mesh.TileHeight)}
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
	from := placeOf(l, int32(c))
	for _, d := range dests { // sorted by core
		if n := len(list); n > 0 && list[n-1].core == d.Core {
			list[n-1].axons++
			list[n-1].service += latencies[ledger.AxonWrite]
			continue
		}
		at := placeOf(l, d.Core)
		dx, dy := distance(from, at)
		f := flight{core: d.Core, axons: 1, links: dx*latencies[ledger.HopX] + dy*latencies[ledger.HopY]}
		f.service = latencies[ledger.PacketCore] + latencies[ledger.AxonWrite]
		if tileOf(l.Capabilities.Mesh, from) == tileOf(l.Capabilities.Mesh, at) {
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

// distance is the number of mesh links of a dimension-order route.
func distance(a, b place) (dx, dy uint64) {
	x, y := hwmodel.Distance(a.x, a.y, b.x, b.y)
	return uint64(x), uint64(y)
}
