package container

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rawMember is a zip member whose directory entry may lie.
type rawMember struct {
	name   string
	bytes  []byte
	method uint16
	claim  uint64 // uncompressed size, 0 for the truth
}

// rawZip writes members as they are, with true checksums.
func rawZip(t testing.TB, members ...rawMember) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: m.method, CRC32: crc32.ChecksumIEEE(m.bytes),
			CompressedSize64: uint64(len(m.bytes)), UncompressedSize64: uint64(len(m.bytes))}
		if m.claim > 0 {
			h.UncompressedSize64 = m.claim
		}
		member, err := w.CreateRaw(h)
		if err != nil {
			t.Fatal(err)
		}
		member.Write(m.bytes)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// deflated is a zip of one truly deflated member.
func deflated(t testing.TB, name string, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	member, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	member.Write(data)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// pack deflates data without any zip around it.
func pack(t testing.TB, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(data)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// npy is a member with any header text.
func npy(dict string, data ...byte) []byte {
	b := binary.LittleEndian.AppendUint16([]byte(npyMagic+"\x01\x00"), uint16(len(dict)))
	return append(append(b, dict...), data...)
}

// one is a zip with the single array "w" under any header text.
func one(t testing.TB, dict string, data ...byte) []byte {
	return rawZip(t, rawMember{name: "w.npy", bytes: npy(dict, data...)})
}

const byteDict = "{'descr': '|u1', 'fortran_order': False, 'shape': (4,), }\n"

// hostile is the table of files that DecodeForeign must refuse, each with the
// message that tells its reader why.
func hostile(t testing.TB) []struct {
	name, want string
	data       []byte
} {
	plain := one(t, byteDict, 1, 2, 3, 4)
	swap := func(old, new string) []byte {
		if !bytes.Contains(plain, []byte(old)) {
			t.Fatalf("the plain file has no %q to change", old)
		}
		return bytes.ReplaceAll(plain, []byte(old), []byte(new))
	}
	dict := func(old, new string) []byte { return one(t, strings.Replace(byteDict, old, new, 1), 1, 2, 3, 4) }
	bomb := npy(byteDict, make([]byte, 40000000)...)
	packed := rawMember{name: "w.npy", bytes: pack(t, bomb), method: zip.Deflate, claim: uint64(len(bomb))}
	lying := packed
	lying.claim = 72
	return []struct {
		name, want string
		data       []byte
	}{
		{"empty", "0 bytes without a zip directory", nil},
		{"text", "10 bytes without a zip directory", []byte("not a zip\n")},
		{"no magic", `array "w": not an npy member`, rawZip(t, rawMember{name: "w.npy", bytes: []byte("hello")})},
		{"npy version", `array "w": npy version 9`, swap(npyMagic+"\x01", npyMagic+"\x09")},
		{"npy header length", `array "w": npy header is cut short: it claims 60000 bytes`,
			rawZip(t, rawMember{name: "w.npy", bytes: []byte(npyMagic + "\x01\x00\x60\xea")})},
		{"npy header bomb", `array "w": npy header claims 4294967295 bytes; at most 1048576`,
			rawZip(t, rawMember{name: "w.npy", bytes: []byte(npyMagic + "\x02\x00\xff\xff\xff\xff")})},
		{"claim 10^12", `array "w": shape [1000000000000] of <i8 claims 8000000000000 bytes; 4 are present and at most 1073741824 are read`,
			one(t, "{'descr': '<i8', 'fortran_order': False, 'shape': (1000000000000,), }", 1, 2, 3, 4)},
		{"claim overflow", `claims 18446744073709551615 bytes; 4 are present`, dict("(4,)", "(4294967296, 4294967296, 4)")},
		{"absurd empty", `claims 1000000000000000 bytes; 4 are present`, dict("(4,)", "(0, 1000000000000000)")},
		{"endless axis", `array "w": an axis of 99999999999999999999 items`, dict("(4,)", "(99999999999999999999,)")},
		{"too few", `shape [5] of |u1 claims 5 bytes; 4 are present`, dict("(4,)", "(5,)")},
		{"too many", `shape [3] of |u1 claims 3 bytes; 4 are present`, dict("(4,)", "(3,)")},
		{"nine axes", `array "w": 9 axes; at most 8`, dict("(4,)", "(1,1,1,1,1,1,1,1,4)")},
		{"number shape", "is not a dict of", dict("(4,)", "(4)")},
		{"empty tuple item", "is not a dict of", dict("(4,)", "(,)")},
		{"negative axis", "is not a dict of", dict("(4,)", "(-4,)")},
		{"Fortran order", `array "w": it is in Fortran order; save numpy.ascontiguousarray(a)`, dict("False", "True")},
		{"neither order", "is not a dict of", dict("False", "Maybe")},
		{"big endian", `dtype ">i4" is big endian; save a.astype('<i4')`, dict("|u1", ">i4")},
		{"pickle", `array "w": dtype "|O" holds Python objects (pickle), which are never loaded`, dict("|u1", "|O")},
		{"structured", `array "w": structured dtype`, dict("'|u1'", "[('a', '|O')]")},
		{"bool", `dtype "|b1"; want one of |u1 |i1 <i2 <i4 <i8 <u8 <f4 <f8; convert it with a.astype`, dict("|u1", "|b1")},
		{"unknown key", `unknown key "shade"`, dict("'shape'", "'shade'")},
		{"key twice", `the key "descr" twice`, dict("{", "{'descr': '|u1', ")},
		{"missing key", "is not a dict of", dict("'shape': (4,), ", "")},
		{"open string", "is not a dict of", dict("'shape': (4,), }\n", "'sha")},
		{"text after dict", "is not a dict of", dict("}", "} import os")},
		{"not a dict", "is not a dict of", dict("{", "[")},
		{"twice", `array "w" is there twice`, rawZip(t, rawMember{name: "w.npy"}, rawMember{name: "w.npy"})},
		{"folder", `array name "a/w"`, rawZip(t, rawMember{name: "a/w.npy"})},
		{"parent", `array name "..\\w"`, rawZip(t, rawMember{name: "..\\w.npy"})},
		{"dots", `array name "w..x"`, rawZip(t, rawMember{name: "w..x.npy"})},
		{"control", `array name "a\nb"`, rawZip(t, rawMember{name: "a\nb.npy"})},
		{"not npy", `member "run.exe" is not an array`, rawZip(t, rawMember{name: "run.exe"})},
		{"method", `array "w": zip method 12`, rawZip(t, rawMember{name: "w.npy", bytes: npy(byteDict, 1, 2, 3, 4), method: 12})},
		{"stored lie", `array "w": stored in 72 bytes but said to be 999`,
			rawZip(t, rawMember{name: "w.npy", bytes: npy(byteDict, 1, 2, 3, 4), claim: 999})},
		{"deflate lie", `array "w": claims 1099511627776 bytes out of 3 compressed ones`,
			rawZip(t, rawMember{name: "w.npy", bytes: []byte{1, 2, 3}, method: zip.Deflate, claim: 1 << 40})},
		{"bomb beyond shape", `shape [4] of |u1 claims 4 bytes; 40000000 are present`, rawZip(t, packed)},
		{"bomb behind a lie", `array "w": `, rawZip(t, lying)},
		{"encrypted", `array "w": encrypted`, patch(plain, "PK\x01\x02", 8, 0x01)},
		{"checksum", `array "w": damaged data`, swap("\x01\x02\x03\x04", "\x01\x02\x03\x05")},
		{"comment", "without a zip directory at their end", append(append([]byte{}, plain[:len(plain)-2]...), 1, 0, '!')},
		{"in front", "does not end where its end record stands", append([]byte("#!/bin/sh\n"), plain...)},
		{"count lie", "damaged zip directory", patch(plain, zipEndSignature, 10, 7)},
		{"offset lie", "does not end where its end record stands", patch(plain, zipEndSignature, 16, 0)},
		{"overlap", `arrays "a" and "b" share bytes of the zip`, overlapping(t)},
		{"into directory", `array "w" ends at byte`, patch(patch(plain, "PK\x01\x02", 20, 200), "PK\x01\x02", 24, 200)},
		{"zip64", "zip64 directory", withZip64Locator(plain)},
		{"huge directory", "zip directory of 5000000 bytes; at most 4194304", hugeDirectory()},
	}
}

// patch sets the byte at offset after the last signature.
func patch(data []byte, signature string, offset int, value byte) []byte {
	out := bytes.Clone(data)
	out[bytes.LastIndex(out, []byte(signature))+offset] = value
	return out
}

// overlapping is a zip whose two directory entries point at one local header.
func overlapping(t testing.TB) []byte {
	body := npy(byteDict, 1, 2, 3, 4)
	data := rawZip(t, rawMember{name: "a.npy", bytes: body}, rawMember{name: "b.npy", bytes: body})
	second := bytes.LastIndex(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[second+42:], 0) // offset of the local header
	return data
}

func withZip64Locator(plain []byte) []byte {
	end := len(plain) - zipEndSize
	locator := append([]byte(zip64Signature), make([]byte, zip64LocatorSize-4)...)
	return append(append(bytes.Clone(plain[:end]), locator...), plain[end:]...)
}

func hugeDirectory() []byte {
	const size = 5000000
	end := make([]byte, zipEndSize)
	copy(end, zipEndSignature)
	binary.LittleEndian.PutUint32(end[12:], size)
	return append(make([]byte, size), end...)
}

func TestHostileFilesAreRefused(t *testing.T) {
	for _, c := range hostile(t) {
		t.Run(c.name, func(t *testing.T) {
			_, err := DecodeForeign("evil.npz", c.data, DefaultLimits())
			wantError(t, err, c.want)
			if err != nil && !strings.HasPrefix(err.Error(), "evil.npz: ") {
				t.Errorf("error %q does not start with the file's name", err)
			}
		})
	}
}

func TestLimitsAreKept(t *testing.T) {
	two := rawZip(t, rawMember{name: "a.npy", bytes: npy(byteDict, 1, 2, 3, 4)},
		rawMember{name: "b.npy", bytes: npy(byteDict, 1, 2, 3, 4)})
	for _, c := range []struct {
		name string
		set  func(l *Limits)
		want string
	}{
		{"file", func(l *Limits) { l.FileBytes = 100 }, fmt.Sprintf("%d bytes; at most 100 are read", len(two))},
		{"array", func(l *Limits) { l.ArrayBytes = 3 }, `array "a": shape [4] of |u1 claims 4 bytes; 4 are present and at most 3`},
		{"total", func(l *Limits) { l.TotalBytes = 7 }, `array "b": 4 bytes; the arrays before it leave 3 of the 7`},
		{"arrays", func(l *Limits) { l.Arrays = 1 }, "2 members; at most 1"},
		{"header", func(l *Limits) { l.HeaderBytes = 20 }, "npy header claims 58 bytes; at most 20"},
		{"dims", func(l *Limits) { l.Dims = 0 }, "container.Limits.Dims = 0; want 1 or more"},
		{"zip64", func(l *Limits) { l.FileBytes = 1 << 32 }, "zip64 is not read"},
	} {
		lim := DefaultLimits()
		c.set(&lim)
		_, err := DecodeForeign("two.npz", two, lim)
		t.Run(c.name, func(t *testing.T) { wantError(t, err, c.want) })
	}
	if _, err := DecodeForeign("two.npz", two, DefaultLimits()); err != nil {
		t.Errorf("the undamaged file is refused: %v", err)
	}
}

// No refusal may take memory for what a file claims, 8 TB here, or for what it
// unpacks to: 40 MB behind a shape of 4 bytes.
func TestHostileFilesTakeLittleMemory(t *testing.T) {
	const most = 8 << 20
	cases := hostile(t)
	for _, c := range cases {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		DecodeForeign("evil.npz", c.data, DefaultLimits())
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > most {
			t.Errorf("%s: %d bytes allocated to refuse a file of %d", c.name, took, len(c.data))
		}
	}
}

func TestOwnFormatIsRefused(t *testing.T) {
	header := func(text string) []byte {
		f := FromUint8(headerName, []int{len(text)}, []byte(text))
		return rawZip(t, rawMember{name: "header.npy", bytes: append(appendNpyHeader(nil, f), text...)})
	}
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"other kind", encoded(t, sample()), "x.npz: this file holds a network, want a layout; name another, tritloom inspect tells them apart"},
		{"foreign", one(t, byteDict, 1, 2, 3, 4), `no array "header", so tritloom did not write it; want a layout file`},
		{"newer", header(`{"format":"tritloom-layout/2","tool":"","hash":"","header":{}}`), "format tritloom-layout/2 is newer than version 1"},
		{"no version", header(`{"format":"tritloom-layout","tool":"","hash":"","header":{}}`), `format "tritloom-layout"; want tritloom-layout/1`},
		{"version 0", header(`{"format":"tritloom-layout/0","tool":"","hash":"","header":{}}`), `want tritloom-layout/1`},
		{"version +1", header(`{"format":"tritloom-layout/+1","tool":"","hash":"","header":{}}`), `want tritloom-layout/1`},
		{"other program", header(`{"format":"weaver-layout/1","tool":"","hash":"","header":{}}`), `want tritloom-layout/1`},
		{"no JSON", header(`hello`), `array "header" is not tritloom's JSON`},
		{"unknown field", header(`{"format":"tritloom-layout/1","colour":"red"}`), `unknown field "colour"`},
		{"two objects", header(`{"format":"tritloom-layout/1","header":{}}{}`), "text after its JSON object"},
		{"header list", header(`{"format":"tritloom-layout/1","tool":"","hash":"","header":[]}`), `header "[]"; want a JSON object`},
		{"no hash", header(`{"format":"tritloom-layout/1","tool":"","hash":"","header":{}}`), "content hash differs: the file was changed or damaged"},
		{"header of floats", rawZip(t, rawMember{name: "header.npy", bytes: npy(strings.Replace(byteDict, "|u1", "<f4", 1), make([]byte, 16)...)}),
			`array "header" holds <f4, want |u1`},
	} {
		_, err := Decode("x.npz", c.data, "layout", DefaultLimits())
		t.Run(c.name, func(t *testing.T) { wantError(t, err, c.want) })
	}
	lim := DefaultLimits()
	lim.JSONBytes = 50
	_, err := Decode("x.npz", encoded(t, sample()), "network", lim)
	wantError(t, err, `array "header": shape`)
}

func TestTruncationAtEveryLength(t *testing.T) {
	data := encoded(t, sample())
	for n := range data {
		if _, err := Decode("cut.npz", data[:n], "network", DefaultLimits()); err == nil {
			t.Errorf("the first %d of %d bytes are accepted", n, len(data))
		}
	}
}

func TestFlipOfEveryBit(t *testing.T) {
	data, want := encoded(t, sample()), sortedCopy(sample())
	for i := range data {
		for bit := range 8 {
			flipped := bytes.Clone(data)
			flipped[i] ^= 1 << bit
			got, err := Decode("flipped.npz", flipped, "network", DefaultLimits())
			if err == nil && !cmp.Equal(want, got) {
				t.Errorf("byte %d bit %d: accepted with other content", i, bit)
			}
		}
	}
}

// With the zip's own checksums made true again, the content hash alone must catch
// every change of an array or of the header.
func TestContentHashCatchesWhatChecksumsDoNot(t *testing.T) {
	f := sample()
	f.Tool = "" // its bytes are the only ones the hash leaves out
	data := encoded(t, f)
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var members []rawMember
	for _, file := range archive.File {
		offset, err := file.DataOffset()
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, rawMember{name: file.Name, bytes: bytes.Clone(data[offset : offset+int64(file.CompressedSize64)])})
	}
	want := sortedCopy(f)
	hashErrors := 0
	for _, m := range members {
		for i := range m.bytes {
			m.bytes[i] ^= 1
			got, err := Decode("edited.npz", rawZip(t, members...), "network", DefaultLimits())
			m.bytes[i] ^= 1
			if err == nil && got.Tool == "" && !cmp.Equal(want, got) {
				t.Errorf("%s byte %d: accepted with other content", m.name, i)
			}
			if err != nil && strings.Contains(err.Error(), "content hash differs") {
				hashErrors++
			}
		}
	}
	if data := 4 + 8; hashErrors < data { // each data byte at least
		t.Errorf("the content hash caught %d changes; want at least the %d bytes of data", hashErrors, data)
	}
}
