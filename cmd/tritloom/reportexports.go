package main

import (
	"bytes"
	"errors"

	"tritloom/experiment"
	"tritloom/internal/container"
	"tritloom/report"
	"tritloom/report/html"
)

// exportFlags are the forms in which a report leaves the program.
type exportFlags struct {
	HTML       string `name:"html" help:"Page to write: one file with every figure, chart and source, that loads nothing." placeholder:"FILE"`
	LaTeX      string `name:"latex" help:"LaTeX table to write, with a caption that says what it covers." placeholder:"FILE"`
	BibTeX     string `name:"bibtex" help:"Bibliography to write: an entry for each source of a price." placeholder:"FILE"`
	NeuroBench string `name:"neurobench" help:"JSON file to write with NeuroBench's algorithm metrics; needs --net and --layout." placeholder:"FILE"`
}

// outputs lists the files that were asked for; an empty name is none.
func (f exportFlags) outputs() []string { return []string{f.HTML, f.LaTeX, f.BibTeX, f.NeuroBench} }

// write makes everything that was asked for, then writes it, so that a form that
// cannot be made leaves no file of another.
// Several reports are one run under several chips.
func (f exportFlags) write(subject report.Subject, reports []*report.Report) (string, error) {
	if len(reports) > 1 {
		switch {
		case f.HTML != "":
			return "", errors.New("--html is a page of one chip; leave it out, or give one --chip")
		case f.NeuroBench != "":
			return "", errors.New("--neurobench is of a run and knows no prices; leave it out, or give one --chip")
		}
	}
	rows := make([]report.PaperRow, len(reports))
	for i, r := range reports {
		rows[i].Report = r
		if subject.Network != nil {
			rows[i].Network = experiment.Architecture(subject.Network)
		}
	}
	forms := []struct {
		path string
		make func() ([]byte, error)
	}{
		{f.HTML, func() ([]byte, error) {
			var b bytes.Buffer
			err := html.Write(&b, reports[0], html.Options{Tool: toolVersion(), Chip: subject.Chip})
			return b.Bytes(), err
		}},
		{f.LaTeX, func() ([]byte, error) { return []byte(report.LaTeX(rows, toolVersion())), nil }},
		{f.BibTeX, func() ([]byte, error) { return []byte(report.BibTeX(rows, toolVersion())), nil }},
		{f.NeuroBench, func() ([]byte, error) { return neuroBench(subject) }},
	}
	texts := make([][]byte, len(forms))
	for i, form := range forms {
		if form.path == "" {
			continue
		}
		var err error
		if texts[i], err = form.make(); err != nil {
			return "", err
		}
	}
	wrote := ""
	for i, form := range forms {
		if form.path == "" {
			continue
		}
		if err := container.WriteAtomic(form.path, texts[i]); err != nil {
			return "", err
		}
		wrote += "wrote " + form.path + "\n"
	}
	return wrote, nil
}

// neuroBench is the file of NeuroBench's metrics.
func neuroBench(subject report.Subject) ([]byte, error) {
	if subject.Network == nil || subject.Layout == nil {
		return nil, errors.New("--neurobench: network or layout is missing; want both beside the run, as footprint and sparsity are theirs; add --net NET --layout LAYOUT")
	}
	b, err := report.NewNeuroBench(subject)
	if err != nil {
		return nil, err
	}
	return b.JSON()
}
