package ledger

import (
	"regexp"
	"testing"
)

// TestKindsComplete holds the table to its promises: every kind has a name in
// snake case that no other has, a unit, and a sentence.
func TestKindsComplete(t *testing.T) {
	snake := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	seen := map[string]Kind{}
	for i, info := range Kinds {
		k := Kind(i)
		if !snake.MatchString(info.Name) {
			t.Errorf("kind %d: name %q is not snake case", i, info.Name)
		}
		if before, ok := seen[info.Name]; ok {
			t.Errorf("kinds %d and %d are both named %q", before, i, info.Name)
		}
		seen[info.Name] = k
		if info.Unit == "" || info.Counts == "" {
			t.Errorf("%s: unit %q, counts %q; want both", info.Name, info.Unit, info.Counts)
		}
		if got, ok := KindByName(info.Name); !ok || got != k {
			t.Errorf("KindByName(%q) = %d, %v; want %d", info.Name, got, ok, k)
		}
		if k.String() != info.Name || KindNames()[i] != info.Name {
			t.Errorf("kind %d prints as %s and is listed as %s; want %s", i, k, KindNames()[i], info.Name)
		}
	}
	if _, ok := KindByName("Axon_Write"); ok {
		t.Error("KindByName ignores case")
	}
}

// TestKindsPinned holds the table's order, which run records carry.
func TestKindsPinned(t *testing.T) {
	for kind, want := range map[Kind]struct {
		index int
		name  string
		class string
	}{
		AxonWrite:   {0, "axon_write", "activity"},
		RowRead:     {3, "row_read", "activity"},
		SynapticOp:  {5, "synaptic_op", "activity"},
		HopX:        {11, "hop_x", "activity"},
		PsumHop:     {15, "psum_hop", "activity"},
		OutputScore: {21, "output_score", "activity"},
		CoreTick:    {25, "core_tick", "activity"},
		CoreBusy:    {26, "core_busy", "time"},
		CoreWaiting: {27, "core_waiting", "time"},
	} {
		if int(kind) != want.index || kind.String() != want.name || Kinds[kind].Class.String() != want.class {
			t.Errorf("kind %d is %s (%s); want %d, %s (%s)", kind, kind, Kinds[kind].Class, want.index, want.name, want.class)
		}
	}
}

func TestCounts(t *testing.T) {
	var a, b Counts
	a[HopX], a[CoreTick] = 3, 1<<40
	b[HopX], b[HopY] = 4, 5
	a.Add(&b)
	if a[HopX] != 7 || a[HopY] != 5 || a[CoreTick] != 1<<40 || b[HopX] != 4 {
		t.Errorf("sum %v, summand %v", a, b)
	}
	if want := uint64(1<<40 + 12); a.Sum() != want {
		t.Errorf("Sum() = %d; want %d", a.Sum(), want)
	}
}
