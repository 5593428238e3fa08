package container

import (
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// npyMagic opens every npy member; two version bytes and the header length follow.
const npyMagic = "\x93NUMPY"

// npyHeader is what an npy member says about itself before its data.
type npyHeader struct {
	dtype Dtype
	shape []uint64
}

// appendNpyHeader writes a version 1.0 header as NumPy does: a Python dict padded
// with spaces so that the data starts at a multiple of 64 bytes.
func appendNpyHeader(b []byte, a Array) []byte {
	var shape strings.Builder
	for i, n := range a.Shape {
		if i > 0 {
			shape.WriteByte(' ')
		}
		fmt.Fprintf(&shape, "%d,", n)
	}
	tuple := shape.String()
	if len(a.Shape) != 1 { // only a tuple of one keeps its last comma
		tuple = strings.TrimSuffix(tuple, ",")
	}
	dict := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", a.Dtype, tuple)
	const fixed = len(npyMagic) + 2 + 2 + 1 // magic, version, length, final newline
	dict += strings.Repeat(" ", (64-(fixed+len(dict))%64)%64) + "\n"
	b = append(b, npyMagic+"\x01\x00"...)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(dict)))
	return append(b, dict...)
}

// readNpyHeader reads a header of version 1, 2 or 3 and the bytes it takes. The
// length it claims is compared with most before anything is allocated.
func readNpyHeader(r io.Reader, most int) (npyHeader, int64, error) {
	fixed := make([]byte, len(npyMagic)+2, len(npyMagic)+2+4)
	if _, err := io.ReadFull(r, fixed); err != nil || string(fixed[:len(npyMagic)]) != npyMagic {
		return npyHeader{}, 0, fmt.Errorf("not an npy member: it does not start with \\x93NUMPY; make or copy the file again")
	}
	lengthBytes := 4
	switch version := fixed[len(npyMagic)]; version {
	case 1:
		lengthBytes = 2
	case 2, 3:
	default:
		return npyHeader{}, 0, fmt.Errorf("npy version %d; want 1, 2 or 3; save it with a known NumPy", version)
	}
	var lengthField [4]byte
	if _, err := io.ReadFull(r, lengthField[:lengthBytes]); err != nil {
		return npyHeader{}, 0, fmt.Errorf("npy header is cut short; make or copy the file again")
	}
	length := int64(binary.LittleEndian.Uint32(lengthField[:]))
	if length > int64(most) {
		return npyHeader{}, 0, fmt.Errorf("npy header claims %d bytes; at most %d are read; make or copy the file again", length, most)
	}
	dict := make([]byte, length)
	if _, err := io.ReadFull(r, dict); err != nil {
		return npyHeader{}, 0, fmt.Errorf("npy header is cut short: it claims %d bytes; make or copy the file again", length)
	}
	h, err := parseNpyDict(string(dict))
	return h, int64(len(fixed)+lengthBytes) + length, err
}

// parseNpyDict reads {'descr': '<i4', 'fortran_order': False, 'shape': (3, 4), }.
// It is strict: exactly these keys, once each, in any order.
func parseNpyDict(text string) (npyHeader, error) {
	var h npyHeader
	var err error
	p := pythonText{rest: text}
	seen := map[string]bool{}
	p.need("{")
	for !p.failed && !p.take("}") {
		key := p.quoted()
		p.need(":")
		switch {
		case p.failed:
		case seen[key]:
			err = fmt.Errorf("npy header has the key %.40q twice", key)
		case key == "descr":
			h.dtype, err = p.descr()
		case key == "fortran_order":
			err = p.cOrder()
		case key == "shape":
			h.shape, err = p.shape()
		default:
			err = fmt.Errorf("npy header has an unknown key %.40q; want descr, fortran_order, shape", key)
		}
		if err != nil {
			return npyHeader{}, err
		}
		seen[key] = true
		if !p.take(",") {
			p.need("}")
			break
		}
	}
	if p.space(); p.failed || p.rest != "" || len(seen) != 3 {
		return npyHeader{}, fmt.Errorf("npy header %.80q is not a dict of descr, fortran_order and shape; make or copy the file again", text)
	}
	return h, nil
}

// pythonText reads the few Python literals of an npy header from the left. After
// the first thing that does not fit it stays failed.
type pythonText struct {
	rest   string
	failed bool
}

func (p *pythonText) space() { p.rest = strings.TrimLeft(p.rest, " \t\n") }

// take removes token if it comes next.
func (p *pythonText) take(token string) bool {
	p.space()
	rest, found := strings.CutPrefix(p.rest, token)
	p.rest = rest
	return found
}

func (p *pythonText) need(token string) {
	if !p.take(token) {
		p.failed = true
	}
}

// quoted reads a string without escapes, which is all that NumPy writes here.
func (p *pythonText) quoted() string {
	for _, quote := range []string{"'", `"`} {
		if p.take(quote) {
			text, rest, closed := strings.Cut(p.rest, quote)
			p.rest, p.failed = rest, p.failed || !closed
			return text
		}
	}
	p.failed = true
	return ""
}

func (p *pythonText) descr() (Dtype, error) {
	if p.space(); strings.HasPrefix(p.rest, "[") {
		return 0, fmt.Errorf("structured dtype %.40q; save each field as an array of its own", p.rest)
	}
	name := p.quoted()
	for d, t := range dtypes {
		if t.descr == name {
			return Dtype(d), nil
		}
	}
	switch {
	case strings.Contains(name, "O"):
		return 0, fmt.Errorf("dtype %.20q holds Python objects (pickle), which are never loaded; save plain numbers", name)
	case strings.HasPrefix(name, ">"):
		return 0, fmt.Errorf("dtype %.20q is big endian; save a.astype('<%.8s')", name, name[1:])
	}
	return 0, fmt.Errorf("dtype %.20q; want one of %s; convert it with a.astype", name, dtypeNames())
}

func dtypeNames() string {
	var names []string
	for _, t := range dtypes {
		names = append(names, t.descr)
	}
	return strings.Join(names, " ")
}

func (p *pythonText) cOrder() error {
	if p.take("True") {
		return fmt.Errorf("it is in Fortran order; save numpy.ascontiguousarray(a)")
	}
	p.need("False")
	return nil
}

func (p *pythonText) shape() ([]uint64, error) {
	shape := []uint64{}
	p.need("(")
	for !p.failed && !p.take(")") {
		p.space()
		digits := p.rest[:len(p.rest)-len(strings.TrimLeft(p.rest, "0123456789"))]
		p.rest = p.rest[len(digits):]
		n, err := strconv.ParseUint(digits, 10, 64)
		if err != nil && digits != "" {
			return nil, fmt.Errorf("an axis of %.40s items is more than any memory holds", digits)
		}
		p.failed = p.failed || digits == ""
		shape = append(shape, n)
		if p.take(",") {
			continue
		}
		p.failed = p.failed || len(shape) == 1 // Python's (3) is a number, not a tuple
		p.need(")")
		break
	}
	return shape, nil
}
