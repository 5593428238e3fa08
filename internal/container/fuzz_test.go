package container

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// smallLimits keep a fuzzer's worst input cheap.
func smallLimits() Limits {
	return Limits{FileBytes: 1 << 20, ArrayBytes: 1 << 20, TotalBytes: 1 << 21, Arrays: 16, HeaderBytes: 1 << 12, JSONBytes: 1 << 16, Dims: 4}
}

// FuzzDecode: what is accepted encodes again to something that reads the same.
func FuzzDecode(f *testing.F) {
	f.Add(encoded(f, sample()))
	for _, c := range hostile(f) {
		f.Add(c.data[:min(len(c.data), 4096)])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := Decode("fuzz", data, "", smallLimits())
		if err != nil {
			wantError(t, err, "fuzz: ")
			return
		}
		again, err := Encode(first)
		if err != nil {
			t.Fatalf("accepted but not encodable: %v", err)
		}
		second, err := Decode("fuzz", again, first.Kind, DefaultLimits())
		if err != nil {
			t.Fatalf("encoded but not decodable: %v", err)
		}
		if diff := cmp.Diff(sortedCopy(first), second); diff != "" {
			t.Errorf("second reading (-first +second):\n%s", diff)
		}
	})
}

// FuzzDecodeForeign: what is accepted is consistent and within the limits.
func FuzzDecodeForeign(f *testing.F) {
	f.Add(encoded(f, sample()))
	f.Add(deflated(f, "w.npy", npy(byteDict, 1, 2, 3, 4)))
	for _, c := range hostile(f) {
		f.Add(c.data[:min(len(c.data), 4096)])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lim := smallLimits()
		arrays, err := DecodeForeign("fuzz", bytes.Clone(data), lim)
		if err != nil {
			wantError(t, err, "fuzz: ")
			return
		}
		total := int64(0)
		for _, a := range arrays {
			if err := a.validate(lim); err != nil {
				t.Error(err)
			}
			total += int64(len(a.Data))
		}
		if total > lim.TotalBytes {
			t.Errorf("%d bytes accepted, limit %d", total, lim.TotalBytes)
		}
	})
}

// FuzzNpyHeader reaches the header parser without a zip's checksums in between.
func FuzzNpyHeader(f *testing.F) {
	f.Add(byteDict)
	f.Add(`{"shape":(1,2,),"descr":"<f8","fortran_order":False}`)
	f.Fuzz(func(t *testing.T, dict string) {
		h, err := parseNpyDict(dict)
		if err != nil {
			if h.shape != nil || len(err.Error()) > 500 {
				t.Errorf("refused with %v and %v", h, err)
			}
			return
		}
		shape := make([]int, len(h.shape))
		for i, n := range h.shape {
			shape[i] = int(n)
		}
		if len(shape) > 8 {
			return
		}
		written := appendNpyHeader(nil, Array{Dtype: h.dtype, Shape: shape})
		for _, n := range shape {
			if n < 0 {
				return // more than an int holds: refused by the size check that follows
			}
		}
		again, _, err := readNpyHeader(bytes.NewReader(written), 1<<16)
		if err != nil || !cmp.Equal(h, again, cmp.AllowUnexported(npyHeader{})) {
			t.Errorf("%q reads as %v, written and read again as %v, %v", dict, h, again, err)
		}
	})
}
