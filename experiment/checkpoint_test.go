package experiment

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tritloom/internal/container"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
	"tritloom/trainer"
)

// keptJob is a search of some hundred steps with a best network to remember.
func keptJob(c *Checkpoint) TrainJob {
	o := trainer.DefaultOptions()
	o.MaxSweeps, o.Patience = 6, 3
	return TrainJob{
		Data: Data{Ref: "iris"}, Encode: "thermometer:4", Options: o, Checkpoint: c,
		Shape: func(inputs, classes int) (netspec.Spec, error) { return netspec.Hidden("12", inputs, classes) },
	}
}

func open(t testing.TB, o CheckpointOptions) *Checkpoint {
	t.Helper()
	o.Failed = func(err error) { t.Error(err) }
	c, err := OpenCheckpoint(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// encoded trains and gives the network's file and the summary.
func encoded(t testing.TB, ctx context.Context, job TrainJob, progress func(trainer.Progress)) ([]byte, *TrainSummary) {
	t.Helper()
	n, summary, err := Train(ctx, job, progress)
	if err != nil {
		t.Fatal(err)
	}
	data, err := n.Encode("test")
	if err != nil {
		t.Fatal(err)
	}
	return data, summary
}

// keep leaves in the file what a search killed after the given number of its
// glances at progress would have left.
func keep(t testing.TB, path string, glances int) {
	t.Helper()
	ctx, kill := context.WithCancel(context.Background())
	defer kill()
	encoded(t, ctx, keptJob(open(t, CheckpointOptions{Path: path, Every: time.Nanosecond})), func(trainer.Progress) {
		if glances--; glances == 0 {
			kill()
		}
	})
}

// A search that goes on from a file ends with the bytes of one left alone, from
// wherever it was killed.
func TestFileCarriesTheWholeSearch(t *testing.T) {
	want, _ := encoded(t, context.Background(), keptJob(nil), nil)
	for _, glances := range []int{3, 10, 16, 17, 25, 40, 52} {
		path := filepath.Join(t.TempDir(), "net.npz.checkpoint")
		keep(t, path, glances)
		if _, err := OpenCheckpoint(CheckpointOptions{Path: path}); err == nil || !strings.Contains(err.Error(), "--resume goes on with it, or delete the file") {
			t.Errorf("begun anew over a killed search: %v", err)
		}
		c := open(t, CheckpointOptions{Path: path, Resume: true})
		got, summary := encoded(t, context.Background(), keptJob(c), nil)
		if string(got) != string(want) || summary.ResumedAt == 0 {
			t.Errorf("killed after %d glances, resumed after %d trials: another network", glances, summary.ResumedAt)
		}
		if left, err := c.Finish(); left || err != nil {
			t.Errorf("Finish: %v, %v", left, err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the file is still there: %v", err)
		}
	}
}

// What is written is what is read, to the last number.
func TestCheckpointFileRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kept")
	keep(t, path, 40)
	found, err := readCheckpoint(path)
	if err != nil {
		t.Fatal(err)
	}
	if found.at.Best == nil || len(found.at.PerSweep) < 2 || found.at.PerSweep[1].ValidationLoss == 0 {
		t.Fatalf("the case holds too little: %+v", found.at)
	}
	found.at.Candidates, found.at.Best.Loss, found.stoppedBy = 1<<60+1, -1<<62, trainer.StoppedBudget
	found.at.PerSweep[0] = trainer.SweepStats{Candidates: 1, Accepted: 2, Loss: 3, Penalty: 4, Nonzero: 5, TrainErrors: 6, ValidationErrors: -1, ValidationLoss: 8}
	file, err := found.file("test")
	if err != nil {
		t.Fatal(err)
	}
	data, err := container.Encode(file)
	if err != nil {
		t.Fatal(err)
	}
	again, err := decodeCheckpoint("kept", data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(found, again, cmp.AllowUnexported(stored{})); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}

// An interruption leaves the search beside its network; then it may be resumed,
// or begun anew.
func TestInterruptedSearchIsLeft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kept")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c := open(t, CheckpointOptions{Path: path})
	encoded(t, ctx, keptJob(c), nil)
	if left, err := c.Finish(); !left || err != nil {
		t.Fatalf("Finish: %v, %v; want it left", left, err)
	}
	open(t, CheckpointOptions{Path: path})
	want, _ := encoded(t, context.Background(), keptJob(nil), nil)
	if got, _ := encoded(t, context.Background(), keptJob(open(t, CheckpointOptions{Path: path, Resume: true})), nil); string(got) != string(want) {
		t.Error("resumed after an interruption: another network")
	}
}

// A checkpoint that cannot be written does not end the search; it is said once.
func TestSearchOutlivesItsCheckpoint(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	var told []error
	c, err := OpenCheckpoint(CheckpointOptions{Path: filepath.Join(folder, "kept"), Every: time.Nanosecond, Failed: func(err error) { told = append(told, err) }})
	if err == nil {
		err = os.Remove(folder)
	}
	if err != nil {
		t.Fatal(err)
	}
	got, _ := encoded(t, context.Background(), keptJob(c), nil)
	if want, _ := encoded(t, context.Background(), keptJob(nil), nil); string(got) != string(want) {
		t.Error("another network")
	}
	if len(told) != 1 || !strings.Contains(told[0].Error(), "make the folder first") {
		t.Errorf("told %v; want one error", told)
	}
}

// A file with a sound hash and impossible content is refused in one line.
func TestCheckpointRefusesImpossibleFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kept")
	keep(t, path, 40)
	for _, c := range []struct {
		name   string
		change func(*container.File)
		want   string
	}{
		{"unknown key", func(f *container.File) { f.Header = []byte(`{"mood":1}`) }, `unknown field "mood"`},
		{"no network", func(f *container.File) { f.Arrays = f.Arrays[:1] }, `no array "network"`},
		{"network cut", func(f *container.File) { change(f, "network", func(b []byte) []byte { return b[:len(b)/2] }) }, `array "network": `},
		{"best of another kind", func(f *container.File) { change(f, "best", func([]byte) []byte { return []byte("none") }) }, `array "best": `},
		{"ragged sweeps", func(f *container.File) { replace(f, container.FromInt64("per_sweep", []int{7}, make([]int64, 7))) }, "want (sweeps, 8)"},
		{"sweeps of bytes", func(f *container.File) { replace(f, container.FromUint8("per_sweep", []int{1, 8}, make([]byte, 8))) }, "want <i8"},
		{"countless errors", func(f *container.File) {
			replace(f, container.FromInt64("per_sweep", []int{1, 8}, []int64{0, 0, 0, 0, 0, 1 << 40, 0, 0}))
		}, "at most 2147483647"},
	} {
		f, err := container.ReadFile(path, checkpointKind, container.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		c.change(f)
		data, err := container.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		_, err = decodeCheckpoint("kept", data)
		if err == nil || !strings.HasPrefix(err.Error(), "kept: ") || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v; want one line that says %q", c.name, err, c.want)
		}
	}
}

func replace(f *container.File, a container.Array) {
	for i := range f.Arrays {
		if f.Arrays[i].Name == a.Name {
			f.Arrays[i] = a
		}
	}
}

func change(f *container.File, name string, change func([]byte) []byte) {
	a, err := f.Array(name)
	if err != nil {
		panic("experiment: " + err.Error())
	}
	data := change(a.Data)
	replace(f, container.FromUint8(name, []int{len(data)}, data))
}

// Whatever the bytes, reading gives a checkpoint or one line.
func FuzzDecodeCheckpoint(f *testing.F) {
	path := filepath.Join(f.TempDir(), "kept")
	keep(f, path, 20)
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := decodeCheckpoint("fuzzed", data)
		if err == nil {
			if _, err := s.file("test"); err != nil {
				t.Errorf("read, but cannot be written: %v", err)
			}
		} else if !strings.HasPrefix(err.Error(), "fuzzed: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %q; want one line that names the file", err)
		}
	})
}

// One checkpoint, encoded and written to the disk.
func BenchmarkCheckpoint(b *testing.B) {
	for _, c := range []struct{ name, net string }{{"digits", "256-100-10"}, {"mnist", "784-100-10"}} {
		b.Run("net="+c.net, func(b *testing.B) {
			n := benchNetwork(b, c.net)
			kept := open(b, CheckpointOptions{Path: filepath.Join(b.TempDir(), "kept")})
			at := &trainer.Checkpoint{Network: n, PerSweep: make([]trainer.SweepStats, 12), Best: &trainer.Best{Network: n}}
			for b.Loop() {
				if err := kept.write(stored{at: at}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// benchNetwork is a network of ternary weights in equal shares.
func benchNetwork(b *testing.B, widths string) *ternary.Network {
	b.Helper()
	spec, err := netspec.Parse(widths)
	if err != nil {
		b.Fatal(err)
	}
	inputs, classes := 784, 10
	if strings.HasPrefix(widths, "256") {
		inputs = 256
	}
	n, _, err := spec.Build(inputs, classes, 1)
	if err != nil {
		b.Fatal(err)
	}
	for i := range n.Layers[0].Weights {
		n.Layers[0].Weights[i] = int8(i%3 - 1)
	}
	return n
}
