package dataset

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tritloom/internal/container/damage"
	"tritloom/internal/seed"
)

func trial(i int) *rand.Rand { return seed.Sub(11, seed.TestInput, i) }

// Bounds on what reading allocates, in bytes; much of it is freed at once.
//
// A CSV file of "1,1,1,..." has a cell every 2 bytes, for which the reader holds
// 40 bytes, and as much again while that list grows; values, labels and splits
// take up to 8 bytes each. Text is read into a buffer that doubles. An idx file
// becomes 1 byte a pixel, and 4 bytes a label and a row of a split; a packed one
// may unpack to deflateLimit times its size. The mebibyte is for gzip windows and
// the names of up to 256 classes.
func csvBound(size int) uint64    { return 1<<20 + 200*uint64(size) }
func idxBound(size int) uint64    { return 1<<20 + 40*uint64(size) }
func packedBound(size int) uint64 { return 1<<20 + 4*deflateLimit*uint64(size) }

func goodCSV() [][]byte {
	var plain, quoted, wide strings.Builder
	plain.WriteString("height,width,kind\n")
	wide.WriteString("\xef\xbb\xbf")
	for row := range 60 {
		fmt.Fprintf(&plain, "%d.%d,-%de-2,%s\n", row, row%10, row*row, []string{"low", "größer", "high"}[row%3])
		fmt.Fprintf(&quoted, "\"k \"\"%d\"\"\" , %d, \"+%d.50\"\r\n", row%2, row*1000003, row)
		wide.WriteString(strings.Repeat("0.125,7,", 40) + fmt.Sprintf("%d\n", row%10))
	}
	return [][]byte{[]byte(plain.String()), []byte(quoted.String()), []byte(wide.String())}
}

// sound refuses what the reader refuses, and fails the test on a set that was
// accepted without being valid.
func sound(t *testing.T, s *Set, err error) error {
	if err != nil {
		return err
	}
	if err := s.Validate(); err != nil {
		t.Errorf("accepted but not valid: %v", err)
	}
	if s.String() == "" || s.Checksum() == "" {
		t.Error("accepted but not shown")
	}
	return nil
}

func TestThousandDamagedFilesOfCSV(t *testing.T) {
	reader := damage.Reader{
		Good: goodCSV(), Random: trial, Edits: []damage.Edit{damage.Bytes, damage.Text}, Bound: csvBound,
		Read: func(file []byte) error {
			label := map[bool]string{true: "first"}[bytes.HasPrefix(file, []byte(`"`))]
			s := &Set{Name: "csv:damaged.csv"}
			err := readCSV(s, bytes.NewReader(file), "damaged.csv", label)
			if err == nil {
				s.splitFifths()
			}
			return sound(t, s, err)
		},
	}
	if accepted, _ := reader.Thousand(t); accepted < 50 || accepted > 800 {
		t.Errorf("%d damaged files accepted; damage should be felt, and not always", accepted)
	}
}

// repacked damages what is inside a gzip, whose checksum is right again.
func repacked(r *rand.Rand, file []byte) ([]byte, string) {
	text, err := readBounded(bytes.NewReader(file), ".gz", MaxCSVBytes)
	if err != nil {
		panic(err) // it is given sound files
	}
	text, how := damage.Bytes(r, text)
	return zip(text), how
}

// Images and labels are damaged in turn, each beside a sound other file.
func TestThousandDamagedFilesOfIDX(t *testing.T) {
	const samples, side = 30, 4
	images := idxBytes(strings.Repeat("\x00\x7f\xff", samples*side*side/3), magicImages, samples, side, side)
	labels := idxBytes(strings.Repeat("\x00\x01\x02", samples/3), magicLabels, samples)
	for _, c := range []struct {
		name, suffix   string
		images, labels []byte
		edit           damage.Edit
		bound          func(int) uint64
		most           int // of a thousand: any byte is a pixel, but a gzip checksum sees it change
	}{
		{"plain", "", images, labels, damage.Bytes, idxBound, 700},
		{"inside gzip", ".gz", zip(images), zip(labels), repacked, packedBound, 700},
		{"outside gzip", ".gz", zip(images), zip(labels), damage.Bytes, packedBound, 100},
	} {
		check := func(t *testing.T, good []byte, pair func(file []byte) (images, labels []byte)) {
			reader := damage.Reader{
				Good: [][]byte{good}, Random: trial, Edits: []damage.Edit{c.edit}, Bound: c.bound,
				Read: func(file []byte) error {
					images, labels := pair(file)
					s, err := readMap(map[string][]byte{"images-idx3-ubyte" + c.suffix: images, "labels-idx1-ubyte" + c.suffix: labels})
					return sound(t, s, err)
				},
			}
			if accepted, _ := reader.Thousand(t); accepted > c.most {
				t.Errorf("%d damaged files accepted; want at most %d", accepted, c.most)
			}
		}
		t.Run(c.name+"/images", func(t *testing.T) {
			check(t, c.images, func(file []byte) ([]byte, []byte) { return file, c.labels })
		})
		t.Run(c.name+"/labels", func(t *testing.T) {
			check(t, c.labels, func(file []byte) ([]byte, []byte) { return c.images, file })
		})
	}
}
