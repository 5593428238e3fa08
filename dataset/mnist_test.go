package dataset

import (
	"crypto/md5"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// dataDir is the folder of full data sets; the test is left out without it.
func dataDir(t *testing.T, set string) string {
	t.Helper()
	dir := os.Getenv("TRITLOOM_DATA")
	if dir == "" {
		t.Skip("left out: full MNIST, set TRITLOOM_DATA")
	}
	if err := CheckDir(dir, "$TRITLOOM_DATA"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, set)); err != nil {
		t.Skipf("left out: full %s, not in $TRITLOOM_DATA", set)
	}
	return dir
}

// Sums of the decompressed files: those of the original MNIST distribution.
func TestFullMNISTFiles(t *testing.T) {
	dir := folder{os.DirFS(filepath.Join(dataDir(t, "mnist"), "mnist")), "mnist"}
	for prefix, want := range map[string][2][2]string{
		"train-": {
			{"6bbc9ace898e44ae57da46a324031adb", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
			{"a25bea736e30d166cdddb491f175f624", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
		},
		"t10k-": {
			{"2646ac647ad5339dbf082846283269ea", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
			{"27ae3e4e09519cfbb04c329615203637", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
		},
	} {
		p, err := dir.pair(prefix)
		if err != nil || p == nil {
			t.Fatalf("%s: %v", prefix, err)
		}
		n := uint32(len(p.labels))
		var got [2][2]string
		for i, content := range [][]byte{idxBytes(string(p.pixels), magicImages, n, 28, 28), idxBytes(string(p.labels), magicLabels, n)} {
			h := md5.Sum(content)
			got[i] = [2]string{hex.EncodeToString(h[:]), sum(content)}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%simages and -labels: md5 and sha256 (-want +got):\n%s", prefix, diff)
		}
	}
}

func TestFullMNIST(t *testing.T) {
	s := mustOpen(t, "mnist", OpenOptions{Dir: dataDir(t, "mnist")})
	checkCovers(t, s)
	sp := s.Splits[0]
	if sp.Name != "standard" || len(sp.Train) != 55000 || len(sp.Validation) != 5000 || len(sp.Test) != 10000 || sp.Test[0] != 60000 {
		t.Errorf("split %s of %d, %d, %d rows", sp.Name, len(sp.Train), len(sp.Validation), len(sp.Test))
	}
	for _, c := range []struct {
		rows []int32
		want []int
	}{
		{span(0, 60000), []int{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}},
		{sp.Test, []int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}},
	} {
		if diff := cmp.Diff(c.want, s.Counts(c.rows)); diff != "" {
			t.Errorf("images of each digit among %d (-want +got):\n%s", len(c.rows), diff)
		}
	}
}

// The embedded images are the first 500 of each digit of MNIST's training
// images, byte for byte, and so none of its test images.
func TestMNIST5kIsFromTheTrainingImages(t *testing.T) {
	full := mustOpen(t, "mnist", OpenOptions{Dir: dataDir(t, "mnist")})
	small := mustOpen(t, "mnist5k", OpenOptions{})
	var seen [10]int
	var want, got []int64
	for i := range 10000 {
		digit := int(full.Labels[i])
		if seen[digit] == 500 {
			continue
		}
		want = full.Row(i, want)
		got = small.Row(seen[digit]*10+digit, got)
		if !slices.Equal(want, got) {
			t.Fatalf("digit %d, image %d differs from training image %d", digit, seen[digit], i)
		}
		seen[digit]++
	}
	if want := [10]int{500, 500, 500, 500, 500, 500, 500, 500, 500, 500}; seen != want {
		t.Errorf("images compared of each digit: %v", seen)
	}
}

func TestFullFashion(t *testing.T) {
	s := mustOpen(t, "fashion", OpenOptions{Dir: dataDir(t, "fashion")})
	checkCovers(t, s)
	for class, n := range s.Counts(span(0, 60000)) {
		if test := s.Counts(s.Splits[0].Test)[class]; n != 6000 || test != 1000 {
			t.Errorf("%s: %d training and %d test images; want 6000 and 1000", s.Classes[class], n, test)
		}
	}
}
