package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tritloom/experiment/validation"
	"tritloom/internal/container"
	"tritloom/internal/strictyaml"
)

type validateCmd struct {
	Rows     []string `arg:"" optional:"" help:"Rows by id, or files of rows that end in .yaml; none: all that come with the program."`
	Role     []string `sep:"none" help:"Only rows of these roles: ${roles}." placeholder:"ROLE"`
	Quick    bool     `help:"Leave out rows that simulate many cores."`
	Markdown string   `help:"Write the whole of VALIDATION.md to this file; with all rows only." placeholder:"FILE"`
}

// Run holds the chips against published figures.
func (c *validateCmd) Run(s *session) error {
	o := validation.Options{Quick: c.Quick}
	for _, role := range strings.Split(strings.Join(c.Role, ","), ",") {
		if len(c.Role) == 0 {
			break
		}
		if !slices.Contains(validation.Roles, validation.Role(role)) {
			return fmt.Errorf("--role %s; want one of %s", strictyaml.Clip(role), roleNames())
		}
		o.Roles = append(o.Roles, validation.Role(role))
	}
	if c.Markdown != "" && (len(c.Rows) > 0 || len(c.Role) > 0 || c.Quick) {
		return fmt.Errorf("--markdown %s holds every row; leave rows, --role and --quick out", c.Markdown)
	}
	rows, ids, files, err := c.rows()
	if err != nil {
		return err
	}
	o.IDs = ids
	if err := checkOutputs([]string{c.Markdown}, files); err != nil {
		return err
	}
	o.Simulated = func(what string, took time.Duration) {
		if !s.cli.Quiet {
			s.note("simulated %s in %.1f s", what, took.Seconds())
		}
	}
	result, err := validation.Run(s.ctx, rows, o)
	if err != nil {
		return err
	}
	if c.Markdown != "" {
		text, err := result.Markdown()
		if err != nil {
			return err
		}
		if err := container.WriteAtomic(c.Markdown, []byte(text)); err != nil {
			return err
		}
	}
	if err := s.print(result, result.String()); err != nil {
		return err
	}
	if !result.Passed {
		return errFailed
	}
	return nil
}

func roleNames() string {
	var names []string
	for _, role := range validation.Roles {
		names = append(names, string(role))
	}
	return strings.Join(names, ", ")
}

// rows are the embedded ones and those of files; ids are those that were named, by
// themselves or by their file.
func (c *validateCmd) rows() (rows []*validation.Row, ids, files []string, err error) {
	if rows, err = validation.Embedded(); err != nil {
		return nil, nil, nil, err
	}
	for _, name := range c.Rows {
		if ext := filepath.Ext(name); ext != ".yaml" && ext != ".yml" {
			ids = append(ids, name)
			continue
		}
		row, err := readRow(name)
		if err != nil {
			return nil, nil, nil, err
		}
		rows, ids, files = append(rows, row), append(ids, row.ID), append(files, name)
	}
	return rows, ids, files, validation.Arrange(rows)
}

func readRow(name string) (*validation.Row, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("row file: %w; name a file of YAML text, or a row by its id", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, strictyaml.MaxFileBytes+1)) // Parse refuses the byte above the bound
	if err != nil {
		return nil, fmt.Errorf("row file %s: not readable: name a file of YAML text", name)
	}
	return validation.Parse(name, text)
}
