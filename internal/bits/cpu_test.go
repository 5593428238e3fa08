package bits

import (
	"slices"
	"strings"
	"testing"
)

func TestPathsAreNamed(t *testing.T) {
	all := Available()
	if all[0] != Pure || !slices.IsSorted(all) || Best() != all[len(all)-1] {
		t.Errorf("paths %v, best %v; want pure first, the best last", all, Best())
	}
	t.Logf("paths %v", all)
	for _, p := range all {
		if back, err := ParsePath(p.String()); err != nil || back != p {
			t.Errorf("ParsePath(%q) = %v, %v", p, back, err)
		}
	}
	if _, err := ParsePath("neon"); err == nil || !strings.Contains(err.Error(), `"neon"; this build on this processor has [pure`) {
		t.Errorf("ParsePath of an unknown path: error %v", err)
	}
}
