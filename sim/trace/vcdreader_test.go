package trace

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// dump is a value change dump as read, by someone who knows the standard and not the
// writer: what every variable was, from every moment on.
type dump struct {
	timescale string
	variables map[string]variable // by full name
	ids       map[string]string   // full name of each identifier
	changes   []change            // in the order of the file
	end       uint64              // the last moment
}

type variable struct {
	kind  string
	width int
}

type change struct {
	at    uint64
	name  string
	value int64 // two's complement of an integer
}

// readVCD reads a whole file word by word, as IEEE 1364-2005, clause 18, has it.
func readVCD(text string) (*dump, error) {
	words := strings.Fields(text)
	d := &dump{variables: map[string]variable{}, ids: map[string]string{}}
	var scopes []string
	defined, moments := false, 0
	next := func() string {
		if len(words) == 0 {
			return ""
		}
		w := words[0]
		words = words[1:]
		return w
	}
	section := func() (list []string) {
		for w := next(); w != "$end"; w = next() {
			if w == "" {
				return append(list, "NO END")
			}
			list = append(list, w)
		}
		return list
	}
	for len(words) > 0 {
		switch w := next(); {
		case w == "$timescale":
			d.timescale = strings.Join(section(), " ")
		case w == "$version", w == "$comment":
			section()
		case w == "$scope":
			s := section()
			if len(s) != 2 || s[0] != "module" {
				return nil, fmt.Errorf("scope %q", s)
			}
			scopes = append(scopes, s[1])
		case w == "$upscope":
			if s := section(); len(s) != 0 || len(scopes) == 0 {
				return nil, fmt.Errorf("upscope %q of %q", s, scopes)
			}
			scopes = scopes[:len(scopes)-1]
		case w == "$var":
			s := section()
			if len(s) != 4 || defined {
				return nil, fmt.Errorf("variable %q", s)
			}
			name := strings.Join(append(scopes[:len(scopes):len(scopes)], s[3]), ".")
			width, err := strconv.Atoi(s[1])
			if _, twice := d.variables[name]; twice || err != nil || d.ids[s[2]] != "" {
				return nil, fmt.Errorf("variable %q is there already, or of no width", s)
			}
			d.variables[name], d.ids[s[2]] = variable{s[0], width}, name
		case w == "$enddefinitions":
			defined = len(section()) == 0 && len(scopes) == 0
		case w == "$dumpvars", w == "$end" && moments == 1:
		case w[0] == '#' && defined:
			at, err := strconv.ParseUint(w[1:], 10, 64)
			if err != nil || moments > 0 && at <= d.end {
				return nil, fmt.Errorf("moment %q after %d", w, d.end)
			}
			d.end, moments = at, moments+1
		case (w[0] == '0' || w[0] == '1') && moments > 0:
			if err := d.set(w[1:], w[:1], "wire"); err != nil {
				return nil, err
			}
		case w[0] == 'b' && moments > 0:
			if err := d.set(next(), w[1:], "integer"); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("%q is out of place", w)
		}
	}
	if last := text[strings.LastIndexByte(strings.TrimSuffix(text, "\n"), '\n')+1:]; last != fmt.Sprintf("#%d\n", d.end) {
		return nil, fmt.Errorf("the last line is %q; want the last moment, %d", last, d.end)
	}
	return d, nil
}

// set adds a change. Short values are filled up with zeros.
func (d *dump) set(id, bits, kind string) error {
	name := d.ids[id]
	v := d.variables[name]
	n, err := strconv.ParseUint(bits, 2, 64)
	if err != nil || name == "" || v.kind != kind || len(bits) > v.width {
		return fmt.Errorf("value %q of %q, a %s of %d bits", bits, id, v.kind, v.width)
	}
	value := int64(n)
	if kind == "integer" && len(bits) == v.width && bits[0] == '1' {
		value -= 1 << v.width
	}
	d.changes = append(d.changes, change{d.end, name, value})
	return nil
}

// The reader itself refuses what is no dump.
func TestReaderRefuses(t *testing.T) {
	const head = "$timescale 1 ns $end $scope module a $end $var wire 1 ! x $end $var integer 3 % y $end $upscope $end $enddefinitions $end\n"
	if d, err := readVCD(head + "#0\n$dumpvars\n1!\nb111 %\n$end\n#5\n0!\n#7\n"); err != nil || d.end != 7 || d.changes[1] != (change{0, "a.y", -1}) {
		t.Errorf("a good dump: %+v, %v", d, err)
	}
	for _, body := range []string{"1!\n#0\n", "#0\n1%\n#1\n", "#0\n1?\n#1\n", "#0\nb1111 %\n#1\n", "#3\n#3\n", "#0\n1!\n", "#0\n2!\n#1\n"} {
		if _, err := readVCD(head + body); err == nil {
			t.Errorf("%q was taken", body)
		}
	}
}
