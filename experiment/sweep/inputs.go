package sweep

import (
	"fmt"
	"math"
	"slices"

	"tritloom/dataset"
	"tritloom/experiment/trial"
	"tritloom/hwmodel"
	"tritloom/internal/strictyaml"
	"tritloom/ternary"
)

// inputs are the files that points name, read before the first point, by the names as
// written. Points only read them.
type inputs struct {
	folder   string
	open     dataset.OpenOptions
	chips    map[string]*baseChip
	texts    map[string][]byte // of chip files, by their paths, and of embedded chips
	nets     map[string]*ternary.Network
	parts    map[string]dataset.Part
	training map[string]string // references to training rows and the checksum of their data
	networks *trial.Networks
	made     chipCache
}

func newInputs(folder string, open dataset.OpenOptions) *inputs {
	return &inputs{
		folder: folder, open: open, chips: map[string]*baseChip{}, texts: map[string][]byte{}, nets: map[string]*ternary.Network{}, parts: map[string]dataset.Part{},
		training: map[string]string{}, networks: trial.NewNetworks(open),
	}
}

// Files lists the files the sweep reads, in alphabetic order: chips and those they
// extend, networks, data. Nothing may be written over them.
func (s *Sweep) Files() []string {
	in, files := s.inputs, []string{s.File}
	for name := range in.texts {
		files = append(files, name)
	}
	for name := range in.nets {
		files = append(files, trial.Beside(in.folder, name))
	}
	for ref := range in.parts {
		files = append(files, trial.DataFile(in.folder, ref))
	}
	for ref := range in.training {
		files = append(files, trial.DataFile(in.folder, ref))
	}
	slices.Sort(files)
	return files
}

// load reads every file that the sweep names, and points at the name of one that is
// not there.
func (s *Sweep) load(at strictyaml.Entries) error {
	for _, file := range []struct {
		name  string
		fixed string
		read  func(string) error
	}{
		{"chip", s.fixed.chip, s.inputs.readChip},
		{"net", s.fixed.net, s.inputs.readNet},
		{"data", s.fixed.data, s.inputs.readPart},
	} {
		if file.fixed != "" {
			if err := file.read(file.fixed); err != nil {
				return at.Errorf(file.name, "%v", err)
			}
		}
		for _, axis := range s.Axes {
			for i, value := range axis.Values {
				if axis.Name != file.name {
					continue
				}
				if err := file.read(value); err != nil {
					return axis.at[min(i, len(axis.at)-1)].Errorf("%v", err)
				}
			}
		}
	}
	if err := s.snapTicks(at); err != nil {
		return err
	}
	return s.loadTraining(at)
}

// snapTicks moves ticks drawn from a range to whole quanta of the chips, of which a tick
// must be: nobody can ask a range for them. A range without room for them is refused.
func (s *Sweep) snapTicks(at strictyaml.Entries) error {
	quantum := int64(1)
	for _, chip := range s.inputs.chips {
		if chip.Capabilities.Tick.Kind != hwmodel.TickFixed {
			continue // has no length to choose, and says so at its points
		}
		q := chip.Capabilities.Tick.QuantumPS
		for a, b := quantum, q; ; a, b = b, a%b { // least common multiple
			if b == 0 {
				quantum = quantum / a * q
				break
			}
		}
	}
	row := slices.IndexFunc(s.doc.Latin.Ranges.list, func(r *rangeRow) bool { return r.name == "tick_us" })
	if row < 0 {
		return nil
	}
	span, err := s.span(s.doc.Latin.Ranges.list[row], at)
	if err != nil {
		return err
	}
	for _, axis := range s.Axes[s.grid:] {
		if axis.Name != "tick_us" {
			continue
		}
		seen := map[string]bool{}
		for i, value := range axis.Values {
			us, err := trial.Real(value)
			if err != nil {
				continue // a point says what is wrong with it
			}
			snapped := max(1, math.Round(us*1e6/float64(quantum))) * float64(quantum) / 1e6
			axis.Values[i] = trial.Decimal(snapped)
			if snapped < span.from-1e-9 || snapped > span.to+1e-9 || seen[axis.Values[i]] {
				return at.Errorf("latin.ranges.tick_us", "tick_us from %g to %g has no room for %d ticks of whole quanta, %g us for these chips; widen it, or take fewer points", span.from, span.to, s.latin, float64(quantum)/1e6)
			}
			seen[axis.Values[i]] = true
		}
	}
	return nil
}

// loadTraining checks every recipe and opens the rows it trains on.
func (s *Sweep) loadTraining(at strictyaml.Entries) error {
	seen := map[trial.Recipe]bool{}
	for point := range s.Points() {
		p, err := s.setting(point)
		if err != nil {
			return err
		}
		if p.net != "" || seen[p.recipe] {
			continue
		}
		seen[p.recipe] = true
		if err := p.recipe.Validate(); err != nil {
			return s.recipePlace(at).Errorf("%v", err)
		}
		if err := s.inputs.readTraining(p.recipe.Data); err != nil {
			return at.Errorf("train.data", "%v", err)
		}
	}
	return nil
}

func (in *inputs) readNet(name string) (err error) {
	if in.nets[name] == nil {
		in.nets[name], err = ternary.ReadFile(trial.Beside(in.folder, name))
	}
	return err
}

func (in *inputs) readPart(ref string) error {
	if _, ok := in.parts[ref]; ok {
		return nil
	}
	part, err := dataset.OpenPart(trial.BesideData(in.folder, ref), dataset.PartTest, in.open)
	if err != nil {
		return err
	}
	if part.Len() == 0 {
		return fmt.Errorf("%s has no samples; choose another part", ref)
	}
	in.parts[ref] = part
	return nil
}

func (in *inputs) readTraining(ref string) error {
	if in.training[ref] != "" {
		return nil
	}
	set, err := dataset.Open(trial.BesideData(in.folder, ref), in.open)
	if err != nil {
		return err
	}
	in.training[ref] = set.Checksum()
	return nil
}

// recipePlace is where to point an error of a recipe: the widths, wherever they stand.
func (s *Sweep) recipePlace(at strictyaml.Entries) strictyaml.Place {
	for _, axis := range s.Axes {
		if axis.Name == "hidden" {
			return axis.at[0]
		}
	}
	return at.At("train.hidden")
}
