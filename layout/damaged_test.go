package layout

import (
	"math/rand/v2"
	"testing"

	"tritloom/internal/container/damage"
	"tritloom/internal/seed"
)

// readBound is the most that reading an image file of so many bytes allocates.
// A header of few bytes may call for planes of many, but those must be there;
// the mebibyte is for unpacking and the zip's directory. Deflated members are
// read as any npz, up to 1032 times their size.
func readBound(size int) uint64   { return 1<<20 + 64*uint64(size) }
func packedBound(size int) uint64 { return readBound(1032 * size) }

// Behind the checksums and the hash, damage is in what an image means: it is
// refused in one line, or it is another image that is written and read alike.
func TestThousandDamagedFiles(t *testing.T) {
	small, err := ParseText(smallText)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := ParseText(integerText)
	if err != nil {
		t.Fatal(err)
	}
	images := []*Layout{small, whole}
	for i := range 5 {
		images = append(images, randomImage(seed.Sub(6, seed.TestNetwork, i)))
	}
	var good [][]byte
	for _, l := range images {
		data, err := l.Encode("test")
		if err != nil {
			t.Fatal(err)
		}
		good = append(good, data)
	}
	for _, c := range []struct {
		name        string
		edit        damage.Edit
		bound       func(int) uint64
		least, most int // accepted of a thousand
	}{
		{"any byte", damage.Bytes, readBound, 0, 100}, // bytes that nothing covers: dates, attributes
		{"behind the checksums", damage.Zip, packedBound, 0, 300},
		{"behind the hash", damage.Content, readBound, 50, 700},
	} {
		t.Run(c.name, func(t *testing.T) {
			var read []*Layout
			reader := damage.Reader{
				Good: good, Edits: []damage.Edit{c.edit}, Bound: c.bound,
				Random: func(trial int) *rand.Rand { return seed.Sub(14, seed.TestInput, trial) },
				Read: func(file []byte) error {
					l, err := Decode("damaged.npz", file)
					if err == nil {
						read = append(read, l)
					}
					return err
				},
			}
			if accepted, _ := reader.Thousand(t); accepted < c.least || accepted > c.most {
				t.Errorf("%d damaged files accepted; want %d..%d", accepted, c.least, c.most)
			}
			for _, l := range read {
				again, err := l.Encode("test")
				if err != nil {
					t.Fatalf("read but not written: %v\n%s", err, l.Text())
				}
				if back, err := Decode("again.npz", again); err != nil || back.Hash() != l.Hash() {
					t.Fatalf("written but not read alike: %v\n%s", err, l.Text())
				}
			}
		})
	}
}
