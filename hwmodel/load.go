package hwmodel

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"tritloom/internal/strictyaml"
	"tritloom/ledger"
)

//go:embed chips/*.yaml
var chips embed.FS

// chipFile is what the readers of YAML call a chip file.
var chipFile = strictyaml.Form{Name: "chip file", Example: "any embedded chip", Anchors: "use extends to build on another chip"}

// maxExtends bounds how many files may build on each other.
const maxExtends = 8

// Names lists the embedded chips in alphabetic order.
func Names() []string {
	entries, err := fs.ReadDir(chips, "chips")
	if err != nil {
		panic("hwmodel: embedded chips: " + err.Error())
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".yaml")
	}
	slices.Sort(names)
	return names
}

// Load reads a chip: an embedded one by its name, or a file, which is anything
// that ends in .yaml or .yml or holds a path separator.
func Load(nameOrFile string) (*Chip, error) {
	text, err := resolveChip(nameOrFile)
	if err != nil {
		return nil, err
	}
	return Parse(nameOrFile, text, resolveChip)
}

// resolveChip finds the text of an embedded chip or of a file.
func resolveChip(nameOrFile string) ([]byte, error) {
	if isFile(nameOrFile) {
		return readFile(nameOrFile)
	}
	if !slices.Contains(Names(), nameOrFile) {
		return nil, fmt.Errorf("unknown chip %q; known are %s; or name a file that ends in .yaml", strictyaml.Clip(nameOrFile), strings.Join(Names(), ", "))
	}
	return chips.ReadFile("chips/" + nameOrFile + ".yaml")
}

func isFile(name string) bool {
	ext := filepath.Ext(name)
	return ext == ".yaml" || ext == ".yml" || strings.ContainsAny(name, `/\`)
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		var cause *fs.PathError
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return nil, fmt.Errorf("chip file %s: %w; embedded chips are %s", name, err, strings.Join(Names(), ", "))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, strictyaml.MaxFileBytes+1)) // Parse refuses the byte above the bound
	if err != nil {
		return nil, fmt.Errorf("chip file %s: not readable: name a file of YAML text", name)
	}
	return text, nil
}

// Parse reads the text of a chip file. The name is used in errors, and its base
// becomes the chip's name. The function resolve gives the text of the chip that
// extends names; a relative file is taken from the folder of the extending one.
func Parse(name string, text []byte, resolve func(string) ([]byte, error)) (*Chip, error) {
	l := &loader{resolve: resolve}
	loaded, err := l.load(name, text)
	if err != nil {
		return nil, err
	}
	for _, read := range l.chain {
		if isFile(read) {
			loaded.chip.Files = append(loaded.chip.Files, read)
		}
	}
	return loaded.chip, nil
}

// loader follows extends.
type loader struct {
	resolve func(string) ([]byte, error)
	chain   []string // the files being read, outermost first
}

// loaded is a chip and where each of its entries was stated last.
type loaded struct {
	chip   *Chip
	places strictyaml.Places
}

func (l *loader) load(name string, source []byte) (*loaded, error) {
	l.chain = append(l.chain, name)
	file := fileName(name)
	text, err := strictyaml.Read(chipFile, file, source)
	if err != nil {
		return nil, err
	}
	var doc document
	places, err := text.Decode(&doc)
	if err != nil {
		return nil, err
	}
	base, err := l.base(&doc, name, places)
	if err != nil {
		return nil, err
	}
	doc = document{Title: doc.Title, Extends: doc.Extends}
	if base != nil {
		doc.Hypothetical, doc.Capabilities = base.chip.Hypothetical, base.chip.Capabilities
		doc.VoltageModel, doc.TickModel = base.chip.Voltage, base.chip.TickModel
	}
	if places, err = text.Decode(&doc); err != nil {
		return nil, err
	}
	return build(chipName(name), &doc, base, text.Top(), places)
}

// base loads the chip that a document extends, if any.
func (l *loader) base(doc *document, name string, places strictyaml.Places) (*loaded, error) {
	at, extends := places["extends"]
	if !extends {
		return nil, nil
	}
	target := doc.Extends
	if isFile(target) && !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(name), target)
		if !isFile(target) {
			target = "." + string(filepath.Separator) + target
		}
	}
	if slices.Contains(l.chain, target) {
		return nil, at.Errorf("extends %q closes a circle: %s; want a chip that does not build on this one; extend another", strictyaml.Clip(doc.Extends), strings.Join(append(l.chain, target), " -> "))
	}
	if len(l.chain) >= maxExtends {
		return nil, at.Errorf("extends %q: more than %d files build on each other; want no more; write the entries into fewer files", strictyaml.Clip(doc.Extends), maxExtends)
	}
	text, err := l.resolve(target)
	if err != nil {
		return nil, at.Errorf("extends: %v", err)
	}
	return l.load(target, text)
}

// build makes the chip from its document and the chip it extends.
func build(name string, doc *document, base *loaded, top strictyaml.Place, places strictyaml.Places) (*loaded, error) {
	chip := &Chip{
		Name: name, Title: doc.Title, Hypothetical: doc.Hypothetical,
		Capabilities: doc.Capabilities, Voltage: doc.VoltageModel, TickModel: doc.TickModel, Notes: doc.Notes,
	}
	out := &loaded{chip: chip, places: places}
	if base != nil {
		out.places = base.placesBut(doc)
		maps.Copy(out.places, places)
		inherit(chip, base.chip)
		chip.inheritTickModel(base.chip)
	} else if err := lacks(places); err != nil {
		return nil, located(err, places, top)
	}
	if err := chip.Capabilities.Validate(); err != nil { // laws need sound sizes
		return nil, located(err, out.places, top)
	}
	if err := fillPrices(chip, doc, base, places); err != nil {
		return nil, located(err, places, top)
	}
	if err := chip.Validate(); err != nil {
		return nil, located(err, out.places, top)
	}
	return out, nil
}

// placesBut are the places of a chip without those of the prices and the models
// that a document states anew: each is replaced whole.
func (l *loaded) placesBut(doc *document) strictyaml.Places {
	places := maps.Clone(l.places)
	for i, row := range doc.Prices {
		if row != nil {
			maps.DeleteFunc(places, func(path string, _ strictyaml.Place) bool {
				return strings.HasPrefix(path, "prices."+ledger.Kind(i).String()+".")
			})
		}
	}
	drop := func(section string) {
		maps.DeleteFunc(places, func(path string, _ strictyaml.Place) bool { return strings.HasPrefix(path, section+".") })
	}
	if doc.VoltageModel != l.chip.Voltage {
		drop("voltage_model")
	}
	if doc.TickModel != l.chip.TickModel {
		drop("tick_model")
	}
	return places
}

// fillPrices takes each price from the document, or else from the extended chip,
// scaled to the sizes of this one. A price that is stated anew is replaced whole,
// with its voltage and node, as they belong to the energy they stand beside; only
// its latency, which is a fact of its own, is inherited where it is left out.
func fillPrices(chip *Chip, doc *document, base *loaded, places strictyaml.Places) error {
	for i := range chip.Prices {
		k := ledger.Kind(i)
		var err error
		switch row := doc.Prices[i]; {
		case row != nil:
			chip.Prices[i], err = row.price(k, func(key string) bool {
				_, ok := places["prices."+k.String()+"."+key]
				return ok
			})
			if base != nil {
				chip.Prices[i].inheritLatency(&base.chip.Prices[i])
			}
		case base != nil:
			chip.Prices[i], err = carry(base.chip.Prices[i], &base.chip.Capabilities, &chip.Capabilities)
			if err != nil {
				err = &fault{path: changedFor(&base.chip.Prices[i], chip, base.chip, places), text: err.Error()}
			}
		default:
			chip.Prices[i].Kind = k // without a state: Validate names every kind left out
		}
		if err != nil {
			return err
		}
	}
	chip.keepDrawsTogether(doc)
	return nil
}

// located puts the place of a fault before it: of its entry, or of the nearest
// entry around it that is stated. An inherited entry is sound in its own file, so
// that error points at what inherits it.
func located(err error, places strictyaml.Places, top strictyaml.Place) error {
	var f *fault
	if !errors.As(err, &f) {
		return top.Errorf("%v", err)
	}
	at, path := nearest(f.path, places)
	also, alsoPath := nearest(f.also, places)
	switch {
	case path != "" && at.File == top.File:
		return at.Errorf("%s", f.text)
	case alsoPath != "" && also.File == top.File:
		return also.Errorf("%s", f.text)
	case path != "":
		return places["extends"].Errorf("%s (stated in %s:%d:%d)", f.text, at.File, at.Line, at.Column)
	}
	return top.Errorf("%s", f.text)
}

// nearest is the place of an entry, or of the nearest entry around it that is stated,
// and the keys of that entry; none if there is none.
func nearest(path string, places strictyaml.Places) (strictyaml.Place, string) {
	for ; path != ""; path = path[:max(0, strings.LastIndexByte(path, '.'))] {
		if at, ok := places[path]; ok {
			return at, path
		}
	}
	return strictyaml.Place{}, ""
}

// fileName is the file that errors about a chip point at.
func fileName(name string) string {
	if isFile(name) {
		return name
	}
	return name + ".yaml"
}

func chipName(name string) string {
	base := path.Base(filepath.ToSlash(name))
	return strings.TrimSuffix(strings.TrimSuffix(base, ".yaml"), ".yml")
}
