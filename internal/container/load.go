package container

import (
	"archive/zip"
	"fmt"
	"io"
)

// read loads one array. budget is what is left of Limits.TotalBytes; it shrinks by
// what the array takes.
func (m member) read(lim Limits, budget *int64) (Array, error) {
	a, err := m.load(lim, budget)
	if err != nil {
		return Array{}, fmt.Errorf("array %q: %w", m.name, err)
	}
	return a, nil
}

func (m member) load(lim Limits, budget *int64) (Array, error) {
	if err := m.checkEntry(); err != nil {
		return Array{}, err
	}
	r, err := m.file.Open()
	if err != nil {
		return Array{}, fmt.Errorf("damaged zip entry (%w); make or copy the file again", err)
	}
	defer r.Close() // nothing was written
	header, headerBytes, err := readNpyHeader(r, lim.HeaderBytes)
	if err != nil {
		return Array{}, err
	}
	present := int64(m.file.UncompressedSize64) - headerBytes
	size, err := header.check(present, *budget, lim)
	if err != nil {
		return Array{}, err
	}
	*budget -= size
	a := Array{Name: m.name, Dtype: header.dtype, Shape: make([]int, len(header.shape)), Data: make([]byte, size)}
	for i, n := range header.shape {
		a.Shape[i] = int(n)
	}
	if _, err := io.ReadFull(r, a.Data); err != nil && err != io.EOF {
		return Array{}, fmt.Errorf("damaged data (%w); make or copy the file again", err)
	}
	// One more byte must not be there; asking for it makes archive/zip compare
	// the checksum as well.
	var more [1]byte
	if n, err := io.ReadFull(r, more[:]); n > 0 {
		return Array{}, fmt.Errorf("more than the %d bytes it claims; make the file again", size)
	} else if err != io.EOF {
		return Array{}, fmt.Errorf("damaged data (%w); make or copy the file again", err)
	}
	return a, nil
}

// checkEntry compares what the zip directory says with what can be true.
func (m member) checkEntry() error {
	packed, plain := m.file.CompressedSize64, m.file.UncompressedSize64
	switch {
	case m.file.Flags&1 != 0:
		return fmt.Errorf("encrypted; save it without a password")
	case m.file.Method != zip.Store && m.file.Method != zip.Deflate:
		return fmt.Errorf("zip method %d; want stored or deflated, as numpy.savez and savez_compressed write", m.file.Method)
	case m.file.Method == zip.Store && packed != plain:
		return fmt.Errorf("stored in %d bytes but said to be %d; make or copy the file again", packed, plain)
	case plain/deflateRatio > packed:
		return fmt.Errorf("claims %d bytes out of %d compressed ones, more than deflate can hold", plain, packed)
	}
	return nil
}

// check returns the bytes to allocate, after comparing what the shape claims with
// the bytes the zip entry has, the limit of one array and the budget of all.
func (h npyHeader) check(present, budget int64, lim Limits) (int64, error) {
	if len(h.shape) > lim.Dims {
		return 0, fmt.Errorf("%d axes; at most %d are read", len(h.shape), lim.Dims)
	}
	claimed, bound := extent(h.shape, h.dtype.Size())
	if bound > uint64(lim.ArrayBytes) || present < 0 || claimed != uint64(present) {
		return 0, fmt.Errorf("shape %v of %s claims %d bytes; %d are present and at most %d are read; split the array or make the file again",
			h.shape, h.dtype, bound, max(present, 0), lim.ArrayBytes)
	}
	if int64(claimed) > budget {
		return 0, fmt.Errorf("%d bytes; the arrays before it leave %d of the %d that are read; split the file",
			claimed, budget, lim.TotalBytes)
	}
	return int64(claimed), nil
}
