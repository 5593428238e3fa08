package damage

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"tritloom/internal/container"
	"tritloom/internal/seed"
)

func trial(i int) *rand.Rand { return seed.Sub(1, seed.TestInput, i) }

func sound(t testing.TB) []byte {
	t.Helper()
	data, err := container.Encode(&container.File{Kind: "network", Header: []byte(`{"classes":2,"name":"x"}`), Arrays: []container.Array{
		container.FromInt32("a", []int{3}, []int32{4, -1, 7}), container.FromUint8("b", []int{2, 2}, []byte{1, 2, 3, 4}),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A reader that breaks a promise on some damaged file is caught, and one that
// keeps them is not.
func TestBrokenReadersAreCaught(t *testing.T) {
	for _, c := range []struct {
		name, want string
		read       func([]byte) error
	}{
		{"keeps its promises", "", func([]byte) error { return errors.New("refused") }},
		{"panics", "panic: runtime error: index out of range", func(file []byte) error { _ = file[len(file)]; return nil }},
		{"takes memory", "bytes allocated for a file of 3; want at most 10000", func([]byte) error { kept = make([]byte, 1<<20); return nil }},
		{"says too much", "want one line", func([]byte) error { return errors.New("a\nb") }},
		{"says it at length", "want one line", func([]byte) error { return errors.New(strings.Repeat("a", longestError+1)) }},
	} {
		_, _, broken := Reader{Read: c.read, Bound: func(int) uint64 { return 10_000 }}.try([]byte("abc"))
		if c.want == "" && broken != nil || c.want != "" && (broken == nil || !strings.Contains(broken.Error(), c.want)) {
			t.Errorf("%s: found %v; want %q", c.name, broken, c.want)
		}
	}
}

var kept []byte // so that the compiler cannot do without the memory

// Equal trials make equal files, the sound file is left as it was, and damage is
// felt in nearly all of them.
func TestEditsAreRepeatable(t *testing.T) {
	file := sound(t)
	for name, edit := range map[string]Edit{"bytes": Bytes, "text": Text, "zip": Zip, "content": Content} {
		same := 0
		for i := range 300 {
			before := bytes.Clone(file)
			first, how := edit(trial(i), file)
			second, again := edit(trial(i), file)
			if !bytes.Equal(first, second) || how != again || how == "" {
				t.Fatalf("%s, trial %d: two files, by %q and %q", name, i, how, again)
			}
			if !bytes.Equal(file, before) {
				t.Fatalf("%s, trial %d: %q changed the sound file", name, i, how)
			}
			if len(first) > 2*largest {
				t.Errorf("%s, trial %d: %d bytes by %q", name, i, len(first), how)
			}
			if bytes.Equal(first, file) {
				same++
			}
		}
		if same > 90 {
			t.Errorf("%s: %d of 300 files are as they were", name, same)
		}
	}
}

// Damage by Content always gets past the checksums and the hash, so it is the
// reader of the content who sees it.
func TestContentKeepsTheHash(t *testing.T) {
	read := 0
	for i := range 300 {
		file, how := Content(trial(i), sound(t))
		if _, err := container.Decode("damaged.npz", file, "", container.DefaultLimits()); err == nil {
			read++
		} else if !strings.HasPrefix(how, "member ") { // the last resort is Zip
			t.Fatalf("trial %d, %s: %v", i, how, err)
		}
	}
	if read < 290 {
		t.Errorf("%d of 300 files reach behind the hash", read)
	}
}
