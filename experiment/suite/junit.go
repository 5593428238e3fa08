package suite

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"

	"tritloom/report"
)

// JUnit's form as continuous integration systems read it: suites, cases, failures.
// No times: nothing in it may depend on the machine.
type (
	xmlSuites struct {
		XMLName xml.Name   `xml:"testsuites"`
		Suites  []xmlSuite `xml:"testsuite"`
	}
	xmlSuite struct {
		Name     string    `xml:"name,attr"`
		Tests    int       `xml:"tests,attr"`
		Failures int       `xml:"failures,attr"`
		Errors   int       `xml:"errors,attr"`
		Cases    []xmlCase `xml:"testcase"`
	}
	xmlCase struct {
		Class   string      `xml:"classname,attr"`
		Name    string      `xml:"name,attr"`
		Failure *xmlFinding `xml:"failure"`
		Error   *xmlFinding `xml:"error"`
	}
	xmlFinding struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit is the check as JUnit XML: a testcase a case, the difference as the text of
// its failure, and an error where a case could not run.
func (c *Check) JUnit() ([]byte, error) {
	suite := xmlSuite{Name: c.Suite}
	add := func(x xmlCase) {
		x.Class = c.Suite
		suite.Tests++
		if x.Failure != nil {
			suite.Failures++
		}
		if x.Error != nil {
			suite.Errors++
		}
		suite.Cases = append(suite.Cases, x)
	}
	for i := range c.Cases {
		add(c.xmlCase(&c.Cases[i]))
	}
	for _, name := range c.Stale {
		if !c.Updated {
			add(xmlCase{Name: name, Failure: &xmlFinding{"the suite lacks it", "the golden file holds it and the suite does not; " + c.wayOut()}})
		}
	}
	text, err := xml.MarshalIndent(xmlSuites{Suites: []xmlSuite{suite}}, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(append([]byte(xml.Header), text...), '\n'), nil
}

func (c *Check) xmlCase(o *Outcome) xmlCase {
	x := xmlCase{Name: o.Name}
	if verdict := c.verdict(o); verdict != "FAIL" && verdict != "ERROR" {
		return x
	}
	finding := &xmlFinding{o.headline(), printable(c.findings(o))}
	if o.Error != "" {
		x.Error = finding
	} else {
		x.Failure = finding
	}
	return x
}

// headline is a finding in a few words.
func (o *Outcome) headline() string {
	switch {
	case o.Error != "":
		return "could not run"
	case !o.held():
		return "an expectation does not hold"
	case o.NoGolden:
		return "no golden record"
	}
	d := o.Difference
	if e := d.Energy; e != nil && e.Before.Nominal != e.After.Nominal && len(e.Rows) > 0 {
		moved := fmt.Sprintf("%s -> %s", report.SI(e.Before.Nominal, "J"), report.SI(e.After.Nominal, "J"))
		return fmt.Sprintf("energy %s%s, most of it by %s", moved, inBrackets(relative(e.Before.Nominal, e.After.Nominal)), e.Rows[0].Kind)
	}
	return fmt.Sprintf("differs: %d of the run, %d capabilities, %d results, %d events, %d prices, %d others", len(d.Setup), len(d.Capabilities), len(d.Result), len(d.Events), len(d.Prices), len(d.Rest))
}

// printable leaves out what XML 1.0 cannot hold, whatever an error quotes.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, text)
}
