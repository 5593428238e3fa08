package container_test

import (
	"math/rand/v2"
	"testing"

	"tritloom/internal/container"
	"tritloom/internal/container/damage"
	"tritloom/internal/seed"
)

func trial(i int) *rand.Rand { return seed.Sub(12, seed.TestInput, i) }

// bound is the most that reading a file of so many bytes allocates: the arrays
// of a packed file, which deflate makes up to 1032 times as long, the header as
// JSON, and a mebibyte for unpacking and for the zip's directory.
func bound(size int) uint64 { return 1<<20 + 4*1032*uint64(size) }

// soundFiles are a file of one array, and one of every number type.
func soundFiles(t testing.TB) [][]byte {
	t.Helper()
	var files [][]byte
	for _, f := range []*container.File{
		{Kind: "network", Header: []byte(`{"classes":2}`), Arrays: []container.Array{container.FromInt32("thresholds", []int{3}, []int32{4, -1, 7})}},
		{Kind: "layout", Header: []byte(`{"cores":[{"axons":4,"name":"a"}],"mesh":[2,1]}`), Tool: "test", Arrays: []container.Array{
			container.FromUint8("a", []int{2, 2}, []uint8{1, 2, 3, 4}), container.FromInt8("b", nil, []int8{-1}),
			container.FromInt16("c", []int{1, 3}, []int16{-300, 0, 300}), container.FromInt64("d", []int{0}, nil),
			container.FromUint64("e", []int{2}, []uint64{1 << 63, 7}), container.FromFloat32("f", []int{1, 1, 2}, []float32{1.5, -2}),
			container.FromFloat64("g", []int{3}, []float64{1, 2, 3}),
		}},
	} {
		data, err := container.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, data)
	}
	return files
}

func TestThousandDamagedFiles(t *testing.T) {
	for _, c := range []struct {
		name        string
		edit        damage.Edit
		own         bool // read as tritloom's own, not as anyone's npz
		least, most int  // accepted of a thousand
	}{
		{"own, any byte", damage.Bytes, true, 0, 100}, // bytes that nothing covers: dates, attributes
		{"own, behind the checksums", damage.Zip, true, 0, 300},
		{"own, behind the hash", damage.Content, true, 600, 1000},
		{"foreign, any byte", damage.Bytes, false, 0, 100},
		{"foreign, behind the checksums", damage.Zip, false, 100, 800},
	} {
		t.Run(c.name, func(t *testing.T) {
			reader := damage.Reader{
				Good: soundFiles(t), Random: trial, Edits: []damage.Edit{c.edit}, Bound: bound,
				Read: func(file []byte) error {
					if !c.own {
						_, err := container.DecodeForeign("damaged.npz", file, container.DefaultLimits())
						return err
					}
					_, err := container.Decode("damaged.npz", file, "", container.DefaultLimits())
					return err
				},
			}
			if accepted, _ := reader.Thousand(t); accepted < c.least || accepted > c.most {
				t.Errorf("%d damaged files accepted; want %d..%d", accepted, c.least, c.most)
			}
		})
	}
}
