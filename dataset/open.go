package dataset

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"tritloom/testdata"
)

// OpenOptions says where data on disk lie and how to read them. The zero value
// opens the embedded sets and files named by path.
type OpenOptions struct {
	// Dir is the data folder that holds mnist/, fashion/ and so on; absolute,
	// or "" for none.
	Dir string
	// SearchDirs are further data folders, looked at after Dir, such as
	// UserDataDir. Absolute.
	SearchDirs []string
	// LabelColumn says which column of a CSV file holds the label: a name in
	// its header, "first", "last", or a number from 1; "" is the last one.
	LabelColumn string
}

// Validate says which option is wrong, or nil.
func (o OpenOptions) Validate() error {
	if o.Dir != "" {
		if err := CheckDir(o.Dir, "data folder"); err != nil {
			return err
		}
	}
	for _, dir := range o.SearchDirs {
		if err := CheckDir(dir, "data search folder"); err != nil {
			return err
		}
	}
	return nil
}

// CheckDir refuses a data folder that is not absolute: it would mean another
// folder in every working directory. The origin is where the user set it, such
// as "$TRITLOOM_DATA" or "--data-dir".
func CheckDir(dir, origin string) error {
	if filepath.IsAbs(dir) {
		return nil
	}
	return fmt.Errorf("%s = %q is relative and would mean another folder in every working directory; make it absolute, such as /home/me/data", origin, dir)
}

// Open opens the whole set that a reference names. Split and part are checked
// but not applied; OpenPart applies them.
func Open(ref string, o OpenOptions) (*Set, error) {
	r, err := ParseRef(ref)
	if err != nil {
		return nil, err
	}
	return open(r, o)
}

// OpenPart opens the part that a reference names, or defaultPart (one of Parts)
// where it names none.
func OpenPart(ref, defaultPart string, o OpenOptions) (Part, error) {
	r, err := ParseRef(ref)
	if err != nil {
		return Part{}, err
	}
	s, err := open(r, o)
	if err != nil {
		return Part{}, err
	}
	return s.Part(r, defaultPart)
}

func open(r Ref, o OpenOptions) (*Set, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if o.LabelColumn != "" && r.Name != "csv" {
		return nil, fmt.Errorf("label column %q: %s has no columns to choose from; use it with csv:FILE", o.LabelColumn, r.canonicalName())
	}
	s := &Set{Name: r.canonicalName()}
	if err := read(s, r, o); err != nil {
		return nil, err
	}
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if _, err := s.Split(r.Split); err != nil {
		return nil, err
	}
	return s, nil
}

// read fills a set from wherever the reference says it is.
func read(s *Set, r Ref, o OpenOptions) error {
	switch r.Name {
	case "csv":
		s.Source = "CSV file " + filepath.Base(r.Path)
		return readCSVFile(s, r.Path, o.LabelColumn)
	case "idx":
		s.Source = "idx folder " + filepath.Base(r.Path)
		if info, err := os.Stat(r.Path); err != nil {
			return fmt.Errorf("%w; want a folder of idx files", err)
		} else if !info.IsDir() {
			return fmt.Errorf("%s: not a folder; name the folder that holds the idx files", r.Path)
		}
		return readIDXFolder(s, folder{os.DirFS(r.Path), r.Path})
	}
	e, _ := entry(r.Name)
	s.Source = e.Source + "; " + e.Licence
	s.Classes, s.Shape = slices.Clone(e.classes), slices.Clone(e.shape)
	if e.Embedded {
		return e.read(s)
	}
	dir, err := e.find(o)
	if err != nil {
		return err
	}
	return readIDXFolder(s, folder{os.DirFS(dir), dir})
}

func readIris(s *Set) error {
	if err := readEmbeddedCSV(s, "iris.csv"); err != nil {
		return err
	}
	s.splitFifths()
	return nil
}

// readDigits keeps two splits. The last rows are the harder test: neighbouring
// rows are alike, and a random fifth has its neighbours among the training rows.
func readDigits(s *Set) error {
	if err := readEmbeddedCSV(s, "digits8x8.csv.gz"); err != nil {
		return err
	}
	s.Shape = []int{8, 8}
	s.splitLast(360)
	s.splitRandom()
	return nil
}

func readEmbeddedCSV(s *Set, name string) error {
	f, err := testdata.FS.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return readCSV(s, f, name, "")
}

// readMNIST5k splits within each digit without drawing lots: the file goes
// round the digits, so any run of 10·n rows holds n of each.
func readMNIST5k(s *Set) error {
	sub, err := fs.Sub(testdata.FS, "mnist5k")
	if err != nil {
		return err
	}
	if _, err := readImages(s, folder{sub, "mnist5k"}); err != nil {
		return err
	}
	s.Notes = []string{"all images are MNIST training images: an accuracy on them is no MNIST test accuracy"}
	s.Splits = []Split{{
		Name:     "fifth",
		Describe: "test: the last 100 of each digit, held-out training images of MNIST; validation: the 50 of each before them",
		Train:    span(0, 3500), Validation: span(3500, 4000), Test: span(4000, 5000),
	}}
	return nil
}
