package container

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strings"
)

// utf8Names is the zip flag that says names are UTF-8 (APPNOTE 6.3.10, 4.4.4 bit 11).
const utf8Names = 0x800

// envelope is the JSON of the member header.npy.
type envelope struct {
	Format string          `json:"format"`
	Tool   string          `json:"tool"`
	Hash   string          `json:"hash"`
	Header json.RawMessage `json:"header"`
}

// Hash is the content hash, "sha256:" and 64 hexadecimal digits. SHA-256 runs over
// the format string, the compact header, and for every array in order of name its
// name, dtype, shape and bytes. Each text is preceded by its length and each list
// by its count, as 8 little-endian bytes, so that no two contents read alike.
func (f *File) Hash() string {
	h := sha256.New()
	number := func(n int) { h.Write(binary.LittleEndian.AppendUint64(nil, uint64(n))) }
	text := func(b []byte) {
		number(len(b))
		h.Write(b)
	}
	text([]byte(f.format()))
	text(compact(f.Header))
	arrays := f.sorted()
	number(len(arrays))
	for _, a := range arrays {
		text([]byte(a.Name))
		text([]byte(a.Dtype.String()))
		number(len(a.Shape))
		for _, n := range a.Shape {
			number(n)
		}
		text(a.Data)
	}
	return fmt.Sprintf("sha256:%x", h.Sum(nil))
}

// compact is the header without white space between its tokens; text that is not
// JSON, which Encode refuses, stays as it is.
func compact(header json.RawMessage) []byte {
	var b bytes.Buffer
	if json.Compact(&b, header) != nil {
		return header
	}
	return b.Bytes()
}

// Encode returns the file's bytes; equal content and tool give equal bytes. It
// refuses what Decode under DefaultLimits would not read back.
func Encode(f *File) ([]byte, error) {
	if err := f.validate(DefaultLimits()); err != nil {
		return nil, fmt.Errorf("%s file cannot be written: %w", f.Kind, err)
	}
	header, err := f.headerArray()
	if err != nil {
		return nil, err
	}
	members := (&File{Arrays: append([]Array{header}, f.Arrays...)}).sorted()
	size := 0
	for _, a := range members {
		size += len(a.Data) + 512 // two zip headers, an npy header, two names
	}
	out := bytes.NewBuffer(make([]byte, 0, size))
	archive := zip.NewWriter(out)
	for _, a := range members {
		if err := writeMember(archive, a); err != nil {
			return nil, fmt.Errorf("%s file: array %q: %w", f.Kind, a.Name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return nil, fmt.Errorf("%s file: %w", f.Kind, err)
	}
	return out.Bytes(), nil
}

// headerArray is the envelope as an array of bytes.
func (f *File) headerArray() (Array, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // the header must come back byte for byte
	err := enc.Encode(envelope{f.format(), f.Tool, f.Hash(), compact(f.Header)})
	if err != nil {
		return Array{}, fmt.Errorf("%s file: header: %w", f.Kind, err)
	}
	return FromUint8(headerName, []int{b.Len()}, b.Bytes()), nil
}

// writeMember stores one array. Sizes and checksum are given beforehand, so that
// the zip needs no data descriptors and no clock.
func writeMember(archive *zip.Writer, a Array) error {
	head := appendNpyHeader(nil, a)
	size := uint64(len(head) + len(a.Data))
	w, err := archive.CreateRaw(&zip.FileHeader{
		Name:               a.Name + ".npy",
		Method:             zip.Store,
		Flags:              utf8Names,
		CRC32:              crc32.Update(crc32.ChecksumIEEE(head), crc32.IEEETable, a.Data),
		CompressedSize64:   size,
		UncompressedSize64: size,
	})
	if err != nil {
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err = w.Write(a.Data)
	return err
}

// validate checks everything that Decode checks on the way back.
func (f *File) validate(lim Limits) error {
	if !validKind(f.Kind) {
		return fmt.Errorf("kind %q; want lower-case letters, digits and dashes", f.Kind)
	}
	if !json.Valid(f.Header) || !strings.HasPrefix(string(compact(f.Header)), "{") {
		return fmt.Errorf("header %.40q; want a JSON object", f.Header)
	}
	if room := lim.JSONBytes - 1024 - 6*len(f.Tool); len(f.Header) > room { // \u00XX is the longest escape
		return fmt.Errorf("header of %d bytes; at most %d fit; move data into arrays", len(f.Header), room)
	}
	if len(f.Arrays)+1 > lim.Arrays {
		return fmt.Errorf("%d arrays; at most %d fit; join some of them", len(f.Arrays), lim.Arrays-1)
	}
	seen := map[string]bool{headerName: true}
	total := int64(lim.JSONBytes)
	for _, a := range f.Arrays {
		if err := a.validate(lim); err != nil {
			return err
		}
		if seen[a.Name] {
			return fmt.Errorf("array name %q is taken; names are unique and %q is reserved", a.Name, headerName)
		}
		seen[a.Name] = true
		total += int64(len(a.Data)) + 1024
	}
	if most := min(lim.TotalBytes, lim.FileBytes); total > most {
		return fmt.Errorf("arrays and header take %d bytes; at most %d fit; split the file", total, most)
	}
	return nil
}

func (a Array) validate(lim Limits) error {
	if err := checkName(a.Name); err != nil {
		return err
	}
	if a.Dtype >= numDtypes {
		return fmt.Errorf("array %q: dtype %v; want one of %s", a.Name, a.Dtype, dtypeNames())
	}
	shape := make([]uint64, len(a.Shape))
	for i, n := range a.Shape {
		if n < 0 {
			return fmt.Errorf("array %q: shape %v; want no negative axis", a.Name, a.Shape)
		}
		shape[i] = uint64(n)
	}
	if len(shape) > lim.Dims {
		return fmt.Errorf("array %q: %d axes; at most %d are read", a.Name, len(shape), lim.Dims)
	}
	claimed, bound := extent(shape, a.Dtype.Size())
	if bound > uint64(lim.ArrayBytes) {
		return fmt.Errorf("array %q: shape %v of %s; at most %d bytes fit", a.Name, a.Shape, a.Dtype, lim.ArrayBytes)
	}
	if claimed != uint64(len(a.Data)) {
		return fmt.Errorf("array %q: shape %v of %s is %d bytes, but the data has %d",
			a.Name, a.Shape, a.Dtype, claimed, len(a.Data))
	}
	return nil
}

// validKind says whether a kind can stand in "tritloom-<kind>/1".
func validKind(kind string) bool {
	return kind != "" && len(kind) <= 40 && strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
