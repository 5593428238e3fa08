package main

import (
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"tritloom/dataset"
	"tritloom/experiment"
)

// dataEnv names the folder of data sets that are not embedded.
const dataEnv = "TRITLOOM_DATA"

// open says where to look for data: the flag, the environment, the user's own
// data folder.
func (s *session) open(label string) (dataset.OpenOptions, error) {
	o := dataset.OpenOptions{Dir: s.cli.DataDir, LabelColumn: label}
	origin := "--data-dir"
	if o.Dir == "" {
		o.Dir, origin = s.getenv(dataEnv), "$"+dataEnv
	}
	if o.Dir != "" {
		if err := dataset.CheckDir(o.Dir, origin); err != nil {
			return o, err
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		if dir := dataset.UserDataDir(home); dir != "" {
			o.SearchDirs = []string{dir}
		}
	}
	return o, nil
}

// data joins a reference with the places to look.
func (s *session) data(ref, label string) (experiment.Data, error) {
	open, err := s.open(label)
	return experiment.Data{Ref: ref, Open: open}, err
}

// dataPath is the file or folder that a reference reads, "" for none.
func dataPath(ref string) string {
	parsed, err := dataset.ParseRef(ref)
	if err != nil {
		return "" // opening it says why
	}
	return parsed.Path
}

type dataCmd struct {
	Ref   string `arg:"" optional:"" help:"A data set such as digits, mnist5k, mnist, idx:DIR or csv:FILE."`
	Label string `help:"Label column of a CSV file: a name, a number from 1, first or last." placeholder:"COLUMN"`
}

// dataInfo is what --json says of a data set.
type dataInfo struct {
	Name     string         `json:"name"`
	Source   string         `json:"source"`
	Samples  int            `json:"samples"`
	Shape    []int          `json:"shape"`
	Classes  []string       `json:"classes"`
	Splits   map[string]any `json:"splits"`
	Notes    []string       `json:"notes"`
	Checksum string         `json:"checksum"`
}

// Run lists the known sets, or describes one.
func (c *dataCmd) Run(s *session) error {
	if c.Ref == "" {
		return s.print(struct {
			Data []dataset.Entry `json:"data"`
		}{dataset.Known}, knownText())
	}
	open, err := s.open(c.Label)
	if err != nil {
		return err
	}
	set, err := dataset.Open(c.Ref, open)
	if err != nil {
		return err
	}
	info := dataInfo{
		Name: set.Name, Source: set.Source, Samples: set.Len(), Shape: set.Shape, Classes: set.Classes,
		Splits: map[string]any{}, Notes: append([]string{}, set.Notes...), Checksum: set.Checksum(),
	}
	for _, split := range set.Splits {
		info.Splits[split.Name] = experiment.PartSizes{Train: len(split.Train), Validation: len(split.Validation), Test: len(split.Test)}
	}
	return s.print(info, set.String())
}

func knownText() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "data\tembedded\twhat it is\tlicence")
	for _, e := range dataset.Known {
		embedded := ""
		if e.Embedded {
			embedded = "yes"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.Name, embedded, e.Describe, e.Licence)
	}
	w.Flush()
	b.WriteString("\nWrite NAME@SPLIT:PART[FROM:TO] to cut a set, such as digits@fifth:test[0:100]; `tritloom data NAME` lists its splits.\n")
	return b.String()
}
