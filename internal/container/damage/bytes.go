package damage

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// largest bounds what repeating blocks can make of a file, in bytes.
const largest = 1 << 18

// Bytes makes one to four edits anywhere in the file: flipped bits, odd bytes,
// cuts, insertions, blocks copied or repeated, and fields of two, four or eight
// bytes set to numbers at which arithmetic overflows.
func Bytes(r *rand.Rand, file []byte) ([]byte, string) {
	return several(r, file, flip, odd, truncate, insert, remove, copyBlock, repeat, field)
}

// Text edits as Bytes does, and also changes written numbers and lines.
func Text(r *rand.Rand, file []byte) ([]byte, string) {
	return several(r, file, flip, odd, truncate, insert, remove, copyBlock, repeat, number, number, line, mark, mark)
}

func several(r *rand.Rand, file []byte, edits ...Edit) ([]byte, string) {
	var all []string
	for range 1 + r.IntN(4) {
		if len(file) == 0 {
			break
		}
		var how string
		file, how = edits[r.IntN(len(edits))](r, file)
		all = append(all, how)
	}
	return file, strings.Join(all, ", ")
}

func flip(r *rand.Rand, file []byte) ([]byte, string) {
	at, bit := r.IntN(len(file)), r.IntN(8)
	file = bytes.Clone(file)
	file[at] ^= 1 << bit
	return file, fmt.Sprintf("bit %d of byte %d flipped", bit, at)
}

func odd(r *rand.Rand, file []byte) ([]byte, string) {
	const values = "\x00\xff\x7f\x80\n\r\t\"',:;[]{}-#&*!|>%@`\\0 "
	at, value := r.IntN(len(file)), values[r.IntN(len(values))]
	file = bytes.Clone(file)
	file[at] = value
	return file, fmt.Sprintf("byte %d set to %#x", at, value)
}

func truncate(r *rand.Rand, file []byte) ([]byte, string) {
	at := r.IntN(len(file))
	return bytes.Clone(file[:at]), fmt.Sprintf("cut to %d bytes", at)
}

func insert(r *rand.Rand, file []byte) ([]byte, string) {
	at, extra := r.IntN(len(file)+1), make([]byte, 1+r.IntN(16))
	for i := range extra {
		extra[i] = byte(r.Uint32())
	}
	return slices.Concat(file[:at], extra, file[at:]), fmt.Sprintf("%x inserted at byte %d", extra, at)
}

// block is a stretch of a file, most often a short one.
func block(r *rand.Rand, file []byte) (from, to int) {
	from = r.IntN(len(file))
	return from, from + 1 + r.IntN(min(len(file)-from, 1<<r.IntN(12)))
}

func remove(r *rand.Rand, file []byte) ([]byte, string) {
	from, to := block(r, file)
	return slices.Concat(file[:from], file[to:]), fmt.Sprintf("bytes %d..%d removed", from, to-1)
}

func copyBlock(r *rand.Rand, file []byte) ([]byte, string) {
	from, to := block(r, file)
	at := r.IntN(len(file) - (to - from) + 1)
	file = bytes.Clone(file)
	copy(file[at:], bytes.Clone(file[from:to]))
	return file, fmt.Sprintf("bytes %d..%d copied to %d", from, to-1, at)
}

// repeat writes a block again and again, up to what makes a file large but cheap.
func repeat(r *rand.Rand, file []byte) ([]byte, string) {
	from, to := block(r, file)
	times := min(1<<r.IntN(14), max(0, largest-len(file))/(to-from))
	return slices.Concat(file[:to], bytes.Repeat(file[from:to], times), file[to:]),
		fmt.Sprintf("bytes %d..%d repeated %d times", from, to-1, times)
}

// ends are numbers near which lengths go wrong.
var ends = []uint64{0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 1 << 20, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 40, 1<<63 - 1, 1 << 63, 1<<64 - 1}

// field sets a length field; half of them lie in the first bytes, where headers
// are.
func field(r *rand.Rand, file []byte) ([]byte, string) {
	size := 2 << r.IntN(3)
	if len(file) < size {
		return flip(r, file)
	}
	reach := len(file) - size + 1
	if r.IntN(2) == 0 {
		reach = min(reach, 64)
	}
	at, value, swapped := r.IntN(reach), ends[r.IntN(len(ends))], r.IntN(2) == 0
	file = bytes.Clone(file)
	var little, big [8]byte
	binary.LittleEndian.PutUint64(little[:], value)
	binary.BigEndian.PutUint64(big[:], value)
	if swapped {
		copy(file[at:at+size], big[8-size:])
	} else {
		copy(file[at:at+size], little[:size])
	}
	return file, fmt.Sprintf("field of %d bytes at %d set to %#x, big endian %v", size, at, value, swapped)
}

var written = regexp.MustCompile(`-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?`)

// number changes a number that is written in digits.
func number(r *rand.Rand, file []byte) ([]byte, string) {
	values := []string{"0", "-1", "1", "2", "1.5", "-0", "65536", "1000000", "2147483648", "1000000000000", "9223372036854775807",
		"18446744073709551616", "1e308", "1e-400", "1e99999", "nan", ".inf", "007", "0x10", strings.Repeat("9", 400), ""}
	found := written.FindAllIndex(file, -1)
	if len(found) == 0 {
		return flip(r, file)
	}
	at, value := found[r.IntN(len(found))], values[r.IntN(len(values))]
	return slices.Concat(file[:at[0]], []byte(value), file[at[1]:]), fmt.Sprintf("number at byte %d set to %.20q", at[0], value)
}

// line drops a line, writes it twice or puts it elsewhere.
func line(r *rand.Rand, file []byte) ([]byte, string) {
	lines := bytes.SplitAfter(file, []byte("\n"))
	from, to := r.IntN(len(lines)), r.IntN(len(lines))
	taken := lines[from]
	how := fmt.Sprintf("line %d also put at %d", from+1, to+1)
	if r.IntN(2) == 0 {
		lines = slices.Delete(slices.Clone(lines), from, from+1)
		how = fmt.Sprintf("line %d dropped", from+1)
		if r.IntN(2) == 0 && to <= len(lines) {
			lines = slices.Insert(lines, to, taken)
			how = fmt.Sprintf("line %d moved to %d", from+1, to+1)
		}
	} else {
		lines = slices.Insert(slices.Clone(lines), to, taken)
	}
	return bytes.Join(lines, nil), how
}

// mark inserts what has a meaning in YAML, JSON or CSV, often many times.
func mark(r *rand.Rand, file []byte) ([]byte, string) {
	marks := []string{"[", "{", "- ", ": ", "? ", "&a ", "*a ", "<<: *a\n", "!!binary ", "!!str ", "---\n", "...\n", "%YAML 1.2\n", "|\n", ">-\n", "#",
		"\"", "'", ",", "\\u0000", "\\", "\t", "\r\n", "\ufeff", "\u2028", "\u0085", "null", "~", "true", "[]", "{}", "  "}
	at, text, times := r.IntN(len(file)+1), marks[r.IntN(len(marks))], 1<<max(0, r.IntN(16)-4)
	return slices.Concat(file[:at], bytes.Repeat([]byte(text), times), file[at:]), fmt.Sprintf("%q inserted %d times at byte %d", text, times, at)
}
