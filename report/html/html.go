// Package html writes a report as one page that needs nothing but itself: style,
// charts and figures are in the file, and a policy in it forbids every request.
//
// The page shows what report.Report holds and works nothing out anew but shares
// and the places of marks on charts. Equal reports give equal bytes: no clock, no
// host, no path. Energies are joules, written with SI prefixes.
package html

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"unicode"

	"tritloom/hwmodel"
	"tritloom/report"
)

// Options is what a page says besides the report itself.
type Options struct {
	// Tool is the program and version that wrote the page, "tritloom 0.1.0".
	Tool string
	// Chip is the chip of the report: its mesh frames the map, its notes are
	// shown. Nil leaves both out.
	Chip *hwmodel.Chip
}

// mark is one warning beside the headline: a word or two, and a sentence.
type mark struct {
	Label, Text string
}

//go:embed templates/*.tmpl
var templateFiles embed.FS

//go:embed style.css
var style string

var templates = template.Must(template.New("").Funcs(template.FuncMap{"tight": tight}).ParseFS(templateFiles, "templates/*.tmpl"))

// Write writes the page. The report must hold an energy, as every report of
// report.New does.
func Write(w io.Writer, r *report.Report, o Options) error {
	if r == nil || r.Energy == nil {
		return errors.New("report page: the report holds no energy; make it with report.New")
	}
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "page.tmpl", newPage(r, o)); err != nil {
		return fmt.Errorf("report page: %w", err)
	}
	_, err := w.Write(bytes.Map(visible, b.Bytes()))
	return err
}

// visible replaces letters that show nothing but change what others look like:
// controls, and those that turn the direction of writing.
func visible(r rune) rune {
	if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
		return unicode.ReplacementChar
	}
	return r
}

// unitAfterNumber finds the space between a number and its unit.
var unitAfterNumber = regexp.MustCompile(`(\d) (%|/|[afpnµmkMGT]?(?:J·s|J|s|W|Hz|V)\b)`)

// tight keeps a number and its unit on one line.
func tight(text string) string { return unitAfterNumber.ReplaceAllString(text, "$1\u00a0$2") }

// policy forbids everything but this very style sheet and the empty icon.
func policy() string {
	hash := sha256.Sum256([]byte(style))
	return fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'",
		base64.StdEncoding.EncodeToString(hash[:]))
}
