package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tritloom/internal/container"
	"tritloom/layout"
	"tritloom/sim"
	"tritloom/sim/trace"
)

// traceFlags ask for traces of a simulation. Samples are simulated one after another
// then, so that ticks come in order.
type traceFlags struct {
	Trace        string `help:"New folder for all traces below." placeholder:"DIR"`
	Spikes       string `help:"CSV file with a row a spike." placeholder:"FILE"`
	Potentials   string `help:"CSV file with a row a tick and neuron that keeps its potential." placeholder:"FILE"`
	PotentialsOf string `name:"potentials-of" help:"Trace these potentials only: cores, neurons or both, such as 0,2:5,3:0-7." placeholder:"CORES"`
	Messages     string `help:"CSV file with a row a spike's destination or partial sum." placeholder:"FILE"`
	Series       string `help:"CSV file with a row a tick: spikes, messages, events, length." placeholder:"FILE"`
	ChromeTrace  string `name:"chrome-trace" help:"JSON file for chrome://tracing and ui.perfetto.dev; needs a timing model." placeholder:"FILE"`
	VCD          string `name:"vcd" help:"Value change dump for waveform viewers such as GTKWave." placeholder:"FILE"`
}

// file is the file asked for in a form, "" for none.
func (f *traceFlags) file(form *trace.Format) string {
	switch form.Name {
	case "spikes":
		return f.Spikes
	case "potentials":
		return f.Potentials
	case "messages":
		return f.Messages
	case "series":
		return f.Series
	case "chrome-trace":
		return f.ChromeTrace
	case "vcd":
		return f.VCD
	}
	panic("tritloom: no flag for the trace " + form.Name)
}

// traces are the files of a simulation on their way. A nil one is none at all.
type traces struct {
	recorder trace.Recorder
	folder   string // "" without one
	made     bool   // the folder is ours
	files    []traceFile
	left     string // what the folder lacks, and why
	kept     int    // potentials traced
}

type traceFile struct {
	form     *trace.Format
	path     string
	inFolder bool
	stream   *container.Stream
}

// open checks all files of a command, outputs those it writes besides and inputs
// those it reads, and starts the traces. Nothing is under its name before commit;
// discard belongs into a defer. It gives nil if no trace is asked for.
func (f *traceFlags) open(l *layout.Layout, timing string, outputs, inputs []string) (*traces, error) {
	t := &traces{folder: f.Trace}
	t.list(f, timing)
	if len(t.files) == 0 {
		if f.PotentialsOf != "" {
			return nil, f.noPotentials()
		}
		return nil, checkOutputs(outputs, inputs)
	}
	if err := t.begin(f, l, timing, outputs, inputs); err != nil {
		t.discard()
		return nil, err
	}
	return t, nil
}

// list says which files there will be.
func (t *traces) list(f *traceFlags, timing string) {
	for i := range trace.Formats {
		form := &trace.Formats[i]
		if path := f.file(form); path != "" {
			t.files = append(t.files, traceFile{form: form, path: path})
		}
		switch {
		case f.Trace == "":
		case form.NeedsTimes && timing == sim.TimingNone:
			t.left = fmt.Sprintf("no %s: it needs a timing model, --timing %s", form.File, sim.TimingAnalytic)
		default:
			t.files = append(t.files, traceFile{form: form, path: filepath.Join(f.Trace, form.File), inFolder: true})
		}
	}
}

func (t *traces) begin(f *traceFlags, l *layout.Layout, timing string, outputs, inputs []string) error {
	options := trace.Options{Layout: l, Timed: timing != sim.TimingNone, Potentials: trace.Kept(l)}
	if f.PotentialsOf != "" {
		var err error
		if options.Potentials, err = trace.Select(l, f.PotentialsOf); err != nil {
			return fmt.Errorf("--potentials-of %w", err)
		}
		if f.Trace+f.Potentials+f.VCD == "" {
			return f.noPotentials()
		}
	}
	t.kept = len(options.Potentials)
	if err := t.makeFolder(); err != nil {
		return err
	}
	all := outputs
	for _, file := range t.files {
		all = append(all[:len(all):len(all)], file.path)
	}
	if err := checkOutputs(all, inputs); err != nil {
		return err
	}
	for i := range t.files {
		file := &t.files[i]
		var err error
		if file.stream, err = container.CreateStream(file.path); err != nil {
			return err
		}
		w, err := file.form.New(file.stream, options)
		if err != nil {
			return fmt.Errorf("--%s %s: %w", file.form.Name, file.path, err)
		}
		t.recorder.Add(w)
	}
	return nil
}

func (f *traceFlags) noPotentials() error {
	return fmt.Errorf("--potentials-of %s: no potentials are traced; add --potentials, --vcd or --trace", f.PotentialsOf)
}

// makeFolder makes the folder, or takes an empty one.
func (t *traces) makeFolder() error {
	if t.folder == "" {
		return nil
	}
	if there, err := os.ReadDir(t.folder); err == nil {
		if len(there) > 0 {
			return fmt.Errorf("--trace %s: the folder is not empty, it holds %s; name a new one", t.folder, there[0].Name())
		}
		return nil
	}
	if err := os.MkdirAll(t.folder, 0o777); err != nil {
		return fmt.Errorf("--trace %s: %w; name a folder that can be made", t.folder, errors.Unwrap(err))
	}
	t.made = true
	return nil
}

// observer is what the simulation must call.
func (t *traces) observer() sim.Observer {
	if t == nil {
		return nil
	}
	return t.recorder.Observe
}

// commit ends all traces and puts them under their names.
func (t *traces) commit() error {
	if t == nil {
		return nil
	}
	if err := t.recorder.End(); err != nil {
		return err
	}
	for i := range t.files {
		if err := t.files[i].stream.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// discard forgets traces that were not committed, and a folder made for them.
func (t *traces) discard() {
	if t == nil {
		return
	}
	for i := range t.files {
		if s := t.files[i].stream; s != nil {
			s.Discard() // whatever brought us here is the error to report
		}
	}
	if t.made {
		os.Remove(t.folder) // refuses a folder that holds something
	}
}

// interrupted keeps the traces of a simulation that Ctrl-C ended, and says how far
// they come. Any other error, and one before the first tick, is handed on.
func (t *traces) interrupted(err error, done, samples int) error {
	if t == nil || !errors.Is(err, context.Canceled) || t.recorder.Ticks() == 0 {
		return err
	}
	if err := t.commit(); err != nil {
		return err
	}
	var names []string
	if t.folder != "" {
		names = append(names, t.folder)
	}
	for _, file := range t.files {
		if !file.inFolder {
			names = append(names, file.path)
		}
	}
	return fmt.Errorf("interrupted after %d of %s, %s; traced up to there: %s; nothing else was written, start it again for the rest",
		done, plural(samples, "sample"), plural(int(t.recorder.Ticks()), "tick"), strings.Join(names, ", "))
}

// text says what was written.
func (t *traces) text() string {
	if t == nil {
		return ""
	}
	var single, folder strings.Builder
	for _, file := range t.files {
		holds := file.form.Holds
		if file.form.Name == "potentials" {
			holds += fmt.Sprintf(": %d of them", t.kept)
		}
		if file.inFolder {
			fmt.Fprintf(&folder, "  %-15s %s\n", file.form.File, holds)
		} else {
			fmt.Fprintf(&single, "wrote %s   (%s)\n", file.path, holds)
		}
	}
	if t.folder == "" {
		return single.String()
	}
	if t.left != "" {
		fmt.Fprintf(&folder, "  %s\n", t.left)
	}
	return single.String() + "wrote " + t.folder + "/\n" + folder.String()
}
