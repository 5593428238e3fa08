package seed

import "testing"

// The sequences are pinned: a change here changes every seeded result ever
// published, so it must be a decision and not an accident.
func TestStreamsArePinned(t *testing.T) {
	for _, c := range []struct {
		name string
		got  uint64
		want uint64
	}{
		{"dataset.split seed 1", Stream(1, DatasetSplit).Uint64(), 263392588705685713},
		{"trainer.init seed 1", Stream(1, TrainerInit).Uint64(), 5589494823405710226},
		{"netspec.mask/3 seed 7", Sub(7, NetspecMask, 3).Uint64(), 18424780935891081927},
	} {
		if c.got != c.want {
			t.Errorf("%s: first draw %d, pinned %d", c.name, c.got, c.want)
		}
	}
}

func TestPurposesDoNotShareNumbers(t *testing.T) {
	seen := map[uint64]string{}
	for _, s := range []uint64{0, 1, 2} {
		for _, p := range []Purpose{DatasetSplit, NetspecMask, TrainerInit, TrainerOrder, TrainerBackprop,
			CompilerPlace, VerifyFault, ReportCorners, TestNetwork, TestInput} {
			for i := range 3 {
				v := Sub(s, p, i).Uint64()
				if other, ok := seen[v]; ok {
					t.Errorf("seed %d %s/%d draws the same number as %s", s, p, i, other)
				}
				seen[v] = string(p)
			}
		}
	}
}
