package dataset

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/testdata"
)

func mustOpen(t *testing.T, ref string, o OpenOptions) *Set {
	t.Helper()
	s, err := Open(ref, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// README.md of the data folder lists the sums; the embedded files must agree.
func TestChecksums(t *testing.T) {
	readme, err := os.ReadFile("../testdata/README.md")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for line := range strings.Lines(string(readme)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || len(strings.TrimSpace(cells[2])) != 64 {
			continue
		}
		name := strings.TrimSpace(cells[1])
		file, err := testdata.FS.ReadFile(name)
		if err != nil {
			t.Error(err)
			continue
		}
		content := file
		if strings.HasSuffix(name, ".gz") {
			content = gunzip(t, file)
		}
		if diff := cmp.Diff(cells[2:4], []string{" " + sum(file) + " ", " " + sum(content) + " "}); diff != "" {
			t.Errorf("%s: README and file differ (-README +file):\n%s", name, diff)
		}
		checked++
	}
	if checked != 4 {
		t.Errorf("README.md lists sums of %d files; want 4", checked)
	}
}

func gunzip(t *testing.T, b []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// Class counts as the sources state them.
func TestEmbeddedClassCounts(t *testing.T) {
	for _, c := range []struct {
		ref    string
		shape  []int
		counts []int
	}{
		{"iris", []int{4}, []int{50, 50, 50}},
		{"digits", []int{8, 8}, []int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}},
		{"mnist5k", []int{28, 28}, []int{500, 500, 500, 500, 500, 500, 500, 500, 500, 500}},
	} {
		s := mustOpen(t, c.ref, OpenOptions{})
		if diff := cmp.Diff(c.counts, s.Counts(span(0, s.Len()))); diff != "" {
			t.Errorf("%s: samples of each class (-want +got):\n%s", c.ref, diff)
		}
		if diff := cmp.Diff(c.shape, s.Shape); diff != "" {
			t.Errorf("%s: shape (-want +got):\n%s", c.ref, diff)
		}
		if s.Name != c.ref {
			t.Errorf("set %q is named %q", c.ref, s.Name)
		}
	}
}

// The file of scikit-learn 1.2.1 has the same flowers under another header and
// with numbered species; its SHA-256 is an independent witness for all values.
func TestIrisEqualsScikitLearn(t *testing.T) {
	s := mustOpen(t, "iris", OpenOptions{})
	if diff := cmp.Diff([]uint8{1, 1, 1, 1}, s.Decimals); diff != "" {
		t.Fatalf("decimals (-want +got):\n%s", diff)
	}
	b := bytes.NewBufferString("150,4," + strings.Join(s.Classes, ",") + "\n")
	var row []int64
	for i := range s.Len() {
		row = s.Row(i, row)
		for _, tenths := range row {
			fmt.Fprintf(b, "%d.%d,", tenths/10, tenths%10)
		}
		fmt.Fprintf(b, "%d\n", s.Labels[i])
	}
	const scikit = "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449"
	if got := sum(b.Bytes()); got != scikit {
		t.Errorf("iris in scikit-learn's form has sha256 %s; want %s", got, scikit)
	}
}

// Every row put back into text is the file again: nothing was lost or moved.
func TestDigitsGiveBackTheirFile(t *testing.T) {
	s := mustOpen(t, "digits", OpenOptions{})
	var b bytes.Buffer
	var row []int64
	for i := range s.Len() {
		row = s.Row(i, row)
		for _, v := range row {
			fmt.Fprintf(&b, "%d,", v)
		}
		fmt.Fprintf(&b, "%s\n", s.Classes[s.Labels[i]])
	}
	const content = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"
	if got := sum(b.Bytes()); got != content {
		t.Errorf("digits as text have sha256 %s; want %s", got, content)
	}
}

// The first row of the 8x8 digits is a zero; drawn as it is in the file.
func TestDigitsFirstRow(t *testing.T) {
	s := mustOpen(t, "digits", OpenOptions{})
	want := []int64{
		0, 0, 5, 13, 9, 1, 0, 0,
		0, 0, 13, 15, 10, 15, 5, 0,
		0, 3, 15, 2, 0, 11, 8, 0,
		0, 4, 12, 0, 0, 8, 8, 0,
		0, 5, 8, 0, 0, 9, 8, 0,
		0, 4, 11, 0, 1, 12, 7, 0,
		0, 2, 14, 5, 10, 12, 0, 0,
		0, 0, 6, 13, 10, 0, 0, 0,
	}
	if diff := cmp.Diff(want, s.Row(0, nil)); diff != "" || s.Labels[0] != 0 {
		t.Errorf("row 0, label %d (-want +got):\n%s", s.Labels[0], diff)
	}
}

func TestMNIST5kGoesRoundTheDigits(t *testing.T) {
	s := mustOpen(t, "mnist5k", OpenOptions{})
	for i, l := range s.Labels {
		if int(l) != i%10 {
			t.Fatalf("sample %d is a %d; want %d", i, l, i%10)
		}
	}
	sp := s.Splits[0]
	for _, c := range []struct {
		rows []int32
		each int
	}{{sp.Train, 350}, {sp.Validation, 50}, {sp.Test, 100}} {
		for digit, n := range s.Counts(c.rows) {
			if n != c.each {
				t.Errorf("%d rows hold digit %d %d times; want %d", len(c.rows), digit, n, c.each)
			}
		}
	}
	if !strings.Contains(s.Source, "training images") || !strings.Contains(s.Source, "CC BY-SA 3.0") {
		t.Errorf("source %q names neither training images nor licence", s.Source)
	}
}

// The content hashes are part of published run records.
func TestEmbeddedChecksumsArePinned(t *testing.T) {
	for ref, want := range map[string]string{
		"iris":    "b97488738dc5e001e8d9e4f798a6e2dc484c80ddd600de68e67ffa687deb39ca",
		"digits":  "d436dd9f416a8aa900677fd5bc7a5f40e04d1e6b805b1da0a9becb929d894dbc",
		"mnist5k": "d32092a53957362f09203a44641eb6aa125635a86f027bccabf2a34cff3fd7aa",
	} {
		if got := mustOpen(t, ref, OpenOptions{}).Checksum(); got != want {
			t.Errorf("%s: checksum %s, pinned %s", ref, got, want)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, ref := range []string{"iris", "digits", "mnist5k"} {
		b.Run("set="+ref, func(b *testing.B) {
			samples := 0
			for b.Loop() {
				s, err := Open(ref, OpenOptions{})
				if err != nil {
					b.Fatal(err)
				}
				samples += s.Len()
			}
			b.ReportMetric(float64(samples)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}
