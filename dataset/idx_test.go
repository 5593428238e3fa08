package dataset

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// idxBytes is an idx file: words of the header, then data.
func idxBytes(data string, words ...uint32) []byte {
	var b []byte
	for _, w := range words {
		b = binary.BigEndian.AppendUint32(b, w)
	}
	return append(b, data...)
}

func zip(b []byte) []byte {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = w.Write(b) // into memory
	_ = w.Close()
	return z.Bytes()
}

// readMap reads a folder given as a map of names to contents.
func readMap(files map[string][]byte) (*Set, error) {
	fsys := fstest.MapFS{}
	for name, content := range files {
		fsys[name] = &fstest.MapFile{Data: content}
	}
	s := &Set{Name: "idx:dir"}
	if err := readIDXFolder(s, folder{fsys, "dir"}); err != nil {
		return nil, err
	}
	return s, s.Validate()
}

// Two images of 2x3 pixels and their labels.
var (
	twoImages = idxBytes("abcdefABCDEF", magicImages, 2, 2, 3)
	twoLabels = idxBytes("\x01\x00", magicLabels, 2)
)

func TestIDXNames(t *testing.T) {
	for _, prefix := range []string{"train-", "t10k-", ""} {
		for _, stop := range []string{"-", "."} {
			for _, zipped := range []bool{false, true} {
				images, labels, suffix := twoImages, twoLabels, ""
				if zipped {
					images, labels, suffix = zip(images), zip(labels), ".gz"
				}
				s, err := readMap(map[string][]byte{
					prefix + "images" + stop + "idx3-ubyte" + suffix: images,
					prefix + "labels" + stop + "idx1-ubyte" + suffix: labels,
				})
				if err != nil {
					t.Errorf("prefix %q, %q, gz %v: %v", prefix, stop, zipped, err)
					continue
				}
				got := []any{s.Shape, s.Labels, s.Classes, s.Row(0, nil), s.Row(1, nil)}
				want := []any{[]int{2, 3}, []int32{1, 0}, []string{"0", "1"}, []int64{'a', 'b', 'c', 'd', 'e', 'f'}, []int64{'A', 'B', 'C', 'D', 'E', 'F'}}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("prefix %q, %q, gz %v (-want +got):\n%s", prefix, stop, zipped, diff)
				}
			}
		}
	}
}

// A folder of both pairs: test rows are the t10k files and nothing else.
func TestIDXStandardSplit(t *testing.T) {
	train := strings.Repeat("x", 20)
	labels := strings.Repeat("\x00\x01", 10)
	s, err := readMap(map[string][]byte{
		"train-images-idx3-ubyte": idxBytes(train, magicImages, 20, 1, 1),
		"train-labels-idx1-ubyte": idxBytes(labels, magicLabels, 20),
		"t10k-images.idx3-ubyte":  idxBytes("yyy", magicImages, 3, 1, 1),
		"t10k-labels.idx1-ubyte":  idxBytes("\x01\x01\x00", magicLabels, 3),
	})
	if err != nil {
		t.Fatal(err)
	}
	checkCovers(t, s)
	want := []Split{{"standard", "test: the t10k files; validation: the last 4 training images", span(0, 16), span(16, 20), span(20, 23)}}
	if diff := cmp.Diff(want, s.Splits); diff != "" {
		t.Errorf("splits (-want +got):\n%s", diff)
	}
	for r := range int32(23) {
		if got, want := s.Row(int(r), nil)[0] == 'y', r >= 20; got != want {
			t.Errorf("row %d from the t10k files: %v; want %v", r, got, want)
		}
	}
}

// With MNIST's numbers the last 5,000 training images validate.
func TestIDXStandardSplitOfManyImages(t *testing.T) {
	s, err := readMap(map[string][]byte{
		"train-images-idx3-ubyte": idxBytes(strings.Repeat("x", 30000), magicImages, 30000, 1, 1),
		"train-labels-idx1-ubyte": idxBytes(strings.Repeat("\x00\x01", 15000), magicLabels, 30000),
		"t10k-images-idx3-ubyte":  idxBytes("yyy", magicImages, 3, 1, 1),
		"t10k-labels-idx1-ubyte":  idxBytes("\x01\x01\x00", magicLabels, 3),
	})
	if err != nil {
		t.Fatal(err)
	}
	if sp := s.Splits[0]; len(sp.Train) != 25000 || len(sp.Validation) != 5000 || sp.Validation[4999] != 29999 || len(sp.Test) != 3 {
		t.Errorf("split of %d, %d, %d rows; want 25000, 5000, 3", len(sp.Train), len(sp.Validation), len(sp.Test))
	}
}

func TestIDXRefuses(t *testing.T) {
	const images, labels = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
	at := "dir/" + images
	for _, c := range []struct {
		name           string
		images, labels []byte
		want           string
	}{
		{"labels for images", twoLabels, twoLabels, at + ": magic number 2049 (labels); want 2051 (images); put MNIST-format images there"},
		{"images for labels", twoImages, twoImages, "dir/" + labels + ": magic number 2051 (images); want 2049 (labels); put MNIST-format labels there"},
		{"other magic", idxBytes("", 7, 2, 2, 3), twoLabels, at + ": magic number 7; want 2051 (images); put MNIST-format images there"},
		{"gzip without its name", zip(twoImages), twoLabels, at + ": magic number 529205248 (gzip; let the name end in .gz); want 2051 (images); put MNIST-format images there"},
		{"empty", nil, twoLabels, at + ": empty file (EOF); want an idx header; fetch it again"},
		{"half a header", twoImages[:9], twoLabels, at + ": truncated: 9 of the 16 header bytes; fetch it again"},
		{"truncated", twoImages[:27], twoLabels, at + ": truncated: header promises 28 bytes, the file holds 27; fetch it again"},
		{"too long", append(twoImages[:28:28], 0), twoLabels, at + ": more bytes than the 28 that the header promises; fetch it again"},
		{"labels not images", twoImages, idxBytes("\x00\x01\x00", magicLabels, 3), "dir: 3 labels in " + labels + ", 2 images in " + images + "; want as many; the files do not belong together"},
		{"no images", idxBytes("", magicImages, 0, 28, 28), twoLabels, at + ": size 0 is 0; there is nothing in the file"},
		{"no pixels", idxBytes("", magicImages, 2, 28, 0), twoLabels, at + ": size 2 is 0; there is nothing in the file"},
		{"wide", idxBytes("", magicImages, 2, 4097, 1), twoLabels, at + ": image side of 4097 pixels; allowed 1..4096; scale the images down, or fetch the file again"},
		{"absurd", idxBytes("", magicImages, 1<<32-1, 4096, 4096), twoLabels, at + ": sizes [4294967295 4096 4096] make 72057594021150720 bytes; allowed up to 1073741824; cut the file into smaller ones"},
		{"no labels", twoImages, nil, "dir: no train-labels-idx1-ubyte beside train-images-idx3-ubyte; put the labels there"},
	} {
		files := map[string][]byte{images: c.images, labels: c.labels}
		if c.name == "no labels" {
			delete(files, labels)
		}
		if _, err := readMap(files); err == nil || err.Error() != c.want {
			t.Errorf("%s:\ngot  %v\nwant %s", c.name, err, c.want)
		}
	}
}

func TestIDXFolderRefuses(t *testing.T) {
	two := func() map[string][]byte {
		return map[string][]byte{"train-images-idx3-ubyte": twoImages, "train-labels-idx1-ubyte": twoLabels}
	}
	shapes := two()
	shapes["t10k-images-idx3-ubyte"], shapes["t10k-labels-idx1-ubyte"] = idxBytes("abcdef", magicImages, 1, 3, 2), idxBytes("\x00", magicLabels, 1)
	same := two()
	same["train-labels-idx1-ubyte"] = idxBytes("\x00\x00", magicLabels, 2)
	for want, files := range map[string]map[string][]byte{
		"dir: no idx files; want train-images-idx3-ubyte and train-labels-idx1-ubyte, plain or .gz": {},
		"dir/t10k-images-idx3-ubyte: images of 3x2; want 2x3":                                       shapes,
		"idx:dir: 1 classes; want 2 or more, there is nothing to tell apart":                        same,
	} {
		if _, err := readMap(files); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	dir := t.TempDir()
	if _, err := Open("idx:"+dir+"/none", OpenOptions{}); err == nil || err.Error() != "stat "+dir+"/none: no such file or directory; want a folder of idx files" {
		t.Errorf("missing folder: %v", err)
	}
}

func TestIDXGzipIsBounded(t *testing.T) {
	const name = "images-idx3-ubyte.gz"
	whole := zip(twoImages)
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-6] ^= 1 // the gzip checksum
	for want, file := range map[string][]byte{
		"truncated: header promises 1073737744 bytes, the file holds at most ": zip(idxBytes("", magicImages, 1<<18-1, 64, 64)), // (2^18-1)·64·64 + 16
		"truncated: header promises 34 bytes, the file holds 28":               zip(idxBytes("abcdefABCDEF", magicImages, 3, 2, 3)),
		"more bytes than the 22 that the header promises; fetch it again":      zip(idxBytes("abcdefABCDEF", magicImages, 1, 2, 3)),
		"damaged: unexpected EOF; fetch it again":                              whole[:len(whole)-12],
		"truncated: header promises 28 bytes, the file holds 16 (":             zip(twoImages[:16]),
		"damaged: gzip: invalid checksum; fetch it again":                      flipped,
		"no gzip file (gzip: invalid header); decompress it by hand":           twoImages,
	} {
		_, err := readMap(map[string][]byte{name: file, "labels-idx1-ubyte": twoLabels})
		if err == nil || !strings.HasPrefix(err.Error(), "dir/"+name+": "+want) {
			t.Errorf("got  %v\nwant dir/%s: %s", err, name, want)
		}
	}
}

// The bound on the sizes holds even where the file might be long enough.
func TestIDXSizesAreBounded(t *testing.T) {
	const want = "sizes [65537 128 128] make 1073758208 bytes; allowed up to 1073741824; cut the file into smaller ones"
	_, err := decodeIDX(bytes.NewReader(idxBytes("", magicImages, 1<<16+1, 128, 128)), magicImages, 1<<40, false)
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// FuzzIDX: reading never panics and never allocates more than the file can hold.
func FuzzIDX(f *testing.F) {
	for _, images := range [][]byte{twoImages, twoLabels, twoImages[:20], idxBytes("", magicImages, 1<<31, 28, 28), zip(twoImages), {}} {
		f.Add(images, twoLabels, false)
	}
	f.Add(zip(twoImages), zip(twoLabels), true)
	f.Add(zip(idxBytes("", magicImages, 1<<20, 28, 28)), zip(twoLabels), true)
	f.Fuzz(func(t *testing.T, images, labels []byte, zipped bool) {
		suffix := map[bool]string{true: ".gz"}[zipped]
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s, err := readMap(map[string][]byte{"images-idx3-ubyte" + suffix: images, "labels-idx1-ubyte" + suffix: labels})
		runtime.ReadMemStats(&after)
		// 1 MiB: gzip windows, class names and splits of up to 256 classes.
		if got, bound := after.TotalAlloc-before.TotalAlloc, uint64(1<<20+4*deflateLimit*(len(images)+len(labels))); got > bound {
			t.Fatalf("%d bytes allocated for files of %d and %d bytes; want at most %d", got, len(images), len(labels), bound)
		}
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("error of more than one line: %q", err)
			}
			return
		}
		if !zipped && s.values.len()+16 != len(images) {
			t.Fatalf("%d values from %d bytes", s.values.len(), len(images))
		}
	})
}
