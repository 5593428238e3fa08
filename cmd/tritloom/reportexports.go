package main

import (
	"bytes"
	"errors"

	"tritloom/internal/container"
	"tritloom/report"
	"tritloom/report/html"
)

// exportFlags are the forms in which a report leaves the program.
type exportFlags struct {
	HTML string `name:"html" help:"Page to write: one file that needs nothing else." placeholder:"FILE"`
}

// outputs lists the files that were asked for.
func (f exportFlags) outputs() []string { return []string{f.HTML} }

// write makes everything that was asked for, then writes it, so that a form that
// cannot be made leaves no file of another.
func (f exportFlags) write(subject report.Subject, r *report.Report) (string, error) {
	var files []exported
	if f.HTML != "" {
		var b bytes.Buffer
		if err := html.Write(&b, r, html.Options{Tool: toolVersion(), Chip: subject.Chip}); err != nil {
			return "", err
		}
		files = append(files, exported{f.HTML, b.Bytes()})
	}
	text := ""
	for _, file := range files {
		if err := container.WriteAtomic(file.path, file.data); err != nil {
			return "", err
		}
		text += "wrote " + file.path + "\n"
	}
	return text, nil
}

// exported is a file to be written.
type exported struct {
	path string
	data []byte
}

var _ = errors.New
