package dataset

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
)

// Checksum is the content hash that run records hold: the hex SHA-256 over
// shape, decimals, classes, labels and values. Names, sources, splits and
// notes are left out, so equal samples have equal checksums wherever they were
// read from.
func (s *Set) Checksum() string {
	h := sha256.New()
	w := hashWriter{hash: h}
	w.text("tritloom data set 1")
	w.number(len(s.Shape))
	for _, d := range s.Shape {
		w.number(d)
	}
	for f := range s.Features() {
		w.number(int(s.decimals(f)))
	}
	w.number(len(s.Classes))
	for _, c := range s.Classes {
		w.text(c)
	}
	w.number(len(s.Labels))
	for _, l := range s.Labels {
		w.number(int(l))
	}
	w.values(&s.values)
	return hex.EncodeToString(h.Sum(nil))
}

func (s *Set) decimals(f int) uint8 {
	if s.Decimals == nil {
		return 0
	}
	return s.Decimals[f]
}

// hashWriter writes numbers as eight bytes, little-endian, and texts with
// their length in front, so that no two sets share a byte string. Writing to a
// hash never fails.
type hashWriter struct {
	hash hash.Hash
	word [8]byte
}

func (w *hashWriter) number(n int) {
	binary.LittleEndian.PutUint64(w.word[:], uint64(n))
	w.hash.Write(w.word[:])
}

func (w *hashWriter) text(s string) {
	w.number(len(s))
	w.hash.Write([]byte(s))
}

// values writes the width of a value in bytes, then the values.
func (w *hashWriter) values(v *values) {
	if v.wide == nil {
		w.number(1)
		w.hash.Write(v.bytes)
		return
	}
	w.number(8)
	for _, x := range v.wide {
		w.number(int(x))
	}
}
