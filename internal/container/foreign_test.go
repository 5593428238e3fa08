package container

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"codeberg.org/sbinet/npyio/npz"
	"github.com/google/go-cmp/cmp"
)

// Files of Python's zipfile: see testdata/README.md for how they were made.
func TestReadsFilesOfOthers(t *testing.T) {
	want := []Array{
		FromFloat32("weights", []int{2, 3}, []float32{0.5, -1, 0, 1, 2, -0.25}),
		FromInt64("labels", []int{4}, []int64{3, 1, 4, -1}),
		FromFloat64("scale", nil, []float64{0.125}),
	}
	want[2].Shape = []int{}
	for _, path := range []string{"testdata/python_stored.npz", "testdata/python_deflated.npz"} {
		got, err := ReadForeign(path, DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// npyio is a reader that shares no code with this package.
func TestOthersReadOurFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sample.npz")
	if err := WriteFile(path, sample()); err != nil {
		t.Fatal(err)
	}
	r, err := npz.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if diff := cmp.Diff([]string{"cut.npy", "header.npy", "plus.npy"}, r.Keys()); diff != "" {
		t.Errorf("members in file order (-want +got):\n%s", diff)
	}
	var cut []int32
	var plus, header []uint8
	for name, into := range map[string]any{"cut.npy": &cut, "plus.npy": &plus, "header.npy": &header} {
		if err := r.Read(name, into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if !cmp.Equal(cut, []int32{1, -1}) || !cmp.Equal(plus, []uint8{1, 2, 3, 4}) {
		t.Errorf("npyio reads cut %v, plus %v; want [1 -1] and [1 2 3 4]", cut, plus)
	}
	if shape := r.Header("plus.npy").Descr.Shape; !cmp.Equal(shape, []int{2, 2}) {
		t.Errorf("npyio reads shape %v of plus, want [2 2]", shape)
	}
	const text = `{"format":"tritloom-network/1","tool":"1.2.3",` +
		`"hash":"sha256:79612647b3a3405ba572a8e616d0f614ef8bc2568c5ca970270b0359949e2873",` +
		`"header":{"layers":[2,1],"note":"a<b"}}` + "\n"
	if string(header) != text {
		t.Errorf("header.npy holds\n%s\nwant\n%s", header, text)
	}
}

func TestWeReadFilesOfNpyio(t *testing.T) {
	path := filepath.Join(t.TempDir(), "npyio.npz")
	err := npz.Write(path, map[string]any{"v.npy": []int32{5, -6, 7}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadForeign(path, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Array{FromInt32("v", []int{3}, []int32{5, -6, 7})}, got); diff != "" {
		t.Errorf("arrays (-want +got):\n%s", diff)
	}
}

func TestNumPyReadsOurFiles(t *testing.T) {
	if err := exec.Command("python3", "-c", "import numpy").Run(); err != nil {
		t.Skip("left out: reading our file with NumPy itself, because python3 with numpy is not installed")
	}
	path := filepath.Join(t.TempDir(), "sample.npz")
	if err := WriteFile(path, sample()); err != nil {
		t.Fatal(err)
	}
	const program = `import numpy, sys
f = numpy.load(sys.argv[1], allow_pickle=False)
print(sorted(f.files), f["cut"].dtype.str, f["cut"].tolist(), f["plus"].dtype.str, f["plus"].tolist())`
	got, err := exec.Command("python3", "-c", program, path).CombinedOutput()
	const want = "['cut', 'header', 'plus'] <i4 [1, -1] |u1 [[1, 2], [3, 4]]\n"
	if err != nil || string(got) != want {
		t.Errorf("NumPy reads %s (%v), want %s", got, err, want)
	}
}

func TestNpyDataIsAligned(t *testing.T) {
	for axes := range 9 {
		shape := make([]int, axes)
		for i := range shape {
			shape[i] = 1 << (7 * i)
		}
		header := appendNpyHeader(nil, Array{Dtype: Int32, Shape: shape})
		if len(header)%64 != 0 || header[len(header)-1] != '\n' {
			t.Errorf("%d axes: header of %d bytes; want a multiple of 64 that ends in a newline", axes, len(header))
		}
		got, size, err := readNpyHeader(bytes.NewReader(header), 1<<16)
		if err != nil || size != int64(len(header)) || len(got.shape) != axes {
			t.Errorf("%d axes: read back as %v, %d bytes, %v", axes, got, size, err)
		}
	}
}

func TestReadFileNamesThePath(t *testing.T) {
	folder := t.TempDir()
	missing := filepath.Join(folder, "none.npz")
	_, err := ReadFile(missing, "network", DefaultLimits())
	wantError(t, err, missing+": cannot read it: no such file or directory; name an existing, readable file")
	_, err = ReadForeign(folder, DefaultLimits())
	wantError(t, err, folder+": not a regular file but a folder; name an npz file")

	path := filepath.Join(folder, "net.npz")
	if err := os.WriteFile(path, encoded(t, sample()), 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := ReadFile(path, "network", DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sortedCopy(sample()), got); diff != "" {
		t.Errorf("file read back (-want +got):\n%s", diff)
	}
	_, err = ReadFile(path, "layout", DefaultLimits())
	wantError(t, err, path+": this file holds a network, want a layout; name another, tritloom inspect tells them apart")
	lim := DefaultLimits()
	lim.FileBytes = 10
	_, err = ReadFile(path, "network", lim)
	wantError(t, err, "at most 10 are read; split it")
}
