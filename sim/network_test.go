package sim

import (
	"slices"
	"testing"

	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
)

// mesh of 8 × 8 cores in tiles of 2 × 2.
var mesh8 = hwmodel.Mesh{Width: 8, Height: 8, TileWidth: 2, TileHeight: 2, Routing: "xy"}

func TestMulticastByHand(t *testing.T) {
	for _, c := range []struct {
		name string
		from place
		to   []place
		want routes
	}{
		{"to nobody", place{3, 3}, nil, routes{}},
		{"own core, twice", place{3, 3}, []place{{3, 3}, {3, 3}}, routes{cores: 1, tiles: 1}},
		// (2,2) and (3,3) share the tile (1,1); the route is one link in x, one in y.
		{"within the tile", place{2, 2}, []place{{3, 3}}, routes{cores: 1, tiles: 1, hopX: 1, hopY: 1}},
		{"next core, other tile", place{1, 0}, []place{{2, 0}}, routes{cores: 1, hopX: 1}},
		// Both turn at x = 4: 4 links in x, then 1 up, 3 up of which the first is shared.
		{"a shared stem", place{0, 0}, []place{{4, 1}, {4, 3}}, routes{cores: 2, hopX: 4, hopY: 3}},
		// Up 2 and down 1 from the row of the source, at the same x.
		{"both ways in y", place{0, 3}, []place{{2, 1}, {2, 4}}, routes{cores: 2, hopX: 2, hopY: 3}},
		// 2 links west, 3 east, and 1 + 2 in y at different x.
		{"both ways in x", place{3, 3}, []place{{1, 4}, {6, 1}}, routes{cores: 2, hopX: 5, hopY: 3}},
		// (5,0) lies on the way to (7,0): no link of its own.
		{"on the way", place{2, 0}, []place{{5, 0}, {7, 0}, {7, 0}}, routes{cores: 2, hopX: 5}},
	} {
		if got := routesOf(mesh8, c.from, c.to); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

// The same mesh with other routers. With tile routers the places are worked out in
// tiles of 2 × 2: (x/2, y/2).
func TestRoutesByHand(t *testing.T) {
	tiles, single, both := mesh8, mesh8, mesh8
	tiles.TileRouters, single.Unicast = true, true
	both.TileRouters, both.Unicast = true, true
	for _, c := range []struct {
		name string
		mesh hwmodel.Mesh
		from place
		to   []place
		want routes
	}{
		{"own core, twice", both, place{3, 3}, []place{{3, 3}, {3, 3}}, routes{cores: 1, tiles: 1}},
		// (2,2) and (3,3) share the router (1,1).
		{"within the tile", tiles, place{2, 2}, []place{{3, 3}, {2, 3}}, routes{cores: 2, tiles: 2}},
		{"within the tile, by itself", both, place{2, 2}, []place{{3, 3}, {2, 3}}, routes{cores: 2, tiles: 2}},
		// (1,0) is in tile (0,0), (2,0) and (3,1) in (1,0), whose link both packets share.
		{"next tile", tiles, place{1, 0}, []place{{2, 0}, {3, 1}}, routes{cores: 2, hopX: 1}},
		{"next tile, each by itself", both, place{1, 0}, []place{{2, 0}, {3, 1}}, routes{cores: 2, hopX: 2}},
		// From core to core: 1 and 2 links in x, 1 in y.
		{"next tile, own routers, each by itself", single, place{1, 0}, []place{{2, 0}, {3, 1}, {3, 1}}, routes{cores: 2, hopX: 3, hopY: 1}},
		// A stem of 4 links in x, then 1 and 3 up: 4 + 4 and 1 + 3 if nothing is shared.
		{"no shared stem", single, place{0, 0}, []place{{4, 1}, {4, 3}}, routes{cores: 2, hopX: 8, hopY: 4}},
		// In tiles: to (2,0) and (2,1) from (0,0).
		{"a stem of tiles", tiles, place{0, 0}, []place{{4, 1}, {4, 3}}, routes{cores: 2, hopX: 2, hopY: 1}},
		{"no shared stem of tiles", both, place{0, 0}, []place{{4, 1}, {4, 3}}, routes{cores: 2, hopX: 4, hopY: 1}},
		// From (1,1): to (0,2), 1 west and 1 up; to (3,0), 2 east and 1 down.
		{"both ways in x", both, place{3, 3}, []place{{1, 4}, {6, 1}}, routes{cores: 2, hopX: 3, hopY: 2}},
	} {
		if got := routesOf(c.mesh, c.from, c.to); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

// TestMulticastIsTheUnionOfRoutes walks every route link by link into a set.
func TestMulticastIsTheUnionOfRoutes(t *testing.T) {
	for i := range 500 {
		r := seed.Sub(7, seed.TestInput, i)
		spot := func() place { return place{r.IntN(8), r.IntN(8)} }
		from := spot()
		var to []place
		for range r.IntN(9) {
			to = append(to, spot())
		}
		type link struct{ a, b place }
		var want routes
		seen, links := map[place]bool{}, map[link]bool{}
		for _, d := range to {
			if seen[d] {
				continue
			}
			seen[d] = true
			want.cores++
			if from.x/2 == d.x/2 && from.y/2 == d.y/2 {
				want.tiles++
			}
			for at := from; at != d; {
				next := at
				switch {
				case at.x < d.x:
					next.x++
				case at.x > d.x:
					next.x--
				case at.y < d.y:
					next.y++
				default:
					next.y--
				}
				if l := (link{at, next}); !links[l] {
					links[l] = true
					if next.x != at.x {
						want.hopX++
					} else {
						want.hopY++
					}
				}
				at = next
			}
		}
		if got := routesOf(mesh8, from, to); got != want {
			t.Fatalf("case %d: from %v to %v: got %+v, want %+v", i, from, to, got, want)
		}
	}
}

func TestFlights(t *testing.T) {
	var latencies hwmodel.Latencies
	for k := range latencies {
		latencies[k] = uint64(k) * 100 // every kind another, so that no two are mixed up
	}
	l := &layout.Layout{}
	l.Capabilities.Mesh = mesh8
	for _, at := range []place{{0, 0}, {3, 2}, {1, 1}} {
		l.Cores = append(l.Cores, layout.Core{X: at.x, Y: at.y})
	}
	got := flights(l, 0, []layout.Dest{{Core: 1, Axon: 4, Delay: 1}, {Core: 2, Axon: 0, Delay: 1}, {Core: 2, Axon: 7, Delay: 2}}, &latencies)
	// Kinds by position in the ledger: axon_write 0, packet_tile 9, packet_core 10, hop_x 11, hop_y 12.
	want := []flight{
		{core: 1, axons: 1, links: 3*1100 + 2*1200, service: 1000},
		{core: 2, axons: 2, links: 1100 + 1200, service: 1000 + 900},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	// Cores 0 and 2 share a tile; core 1 is in the tile one to the right and one up.
	l.Capabilities.Mesh.TileRouters = true
	want[0].links, want[1].links = 1100+1200, 0
	if got := flights(l, 0, []layout.Dest{{Core: 1, Axon: 4, Delay: 1}, {Core: 2, Axon: 0, Delay: 1}, {Core: 2, Axon: 7, Delay: 2}}, &latencies); !slices.Equal(got, want) {
		t.Errorf("with a router a tile: got %v, want %v", got, want)
	}
	l.Capabilities.Mesh.TileRouters = false
	latencies[ledger.AxonWrite] = 7
	if got := flights(l, 0, []layout.Dest{{Core: 2, Axon: 0, Delay: 1}, {Core: 2, Axon: 7, Delay: 2}}, &latencies); got[0].service != 1000+900+2*7 {
		t.Errorf("two axons: %v", got)
	}
}
