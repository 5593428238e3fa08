package html

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/report"
)

// pages are the reports that every test of form looks at.
func pages(t testing.TB) map[string]string {
	t.Helper()
	ternary, spikes := simulated(t, "ternary256"), simulated(t, "truenorth")
	whole := spikes.report(t)
	everyCore(whole, spikes.chip.Capabilities.Mesh)
	evil := ternary.report(t)
	hostile(evil)
	return map[string]string{
		"ternary256": render(t, ternary.report(t), Options{Tool: "tritloom test", Chip: ternary.chip}),
		"truenorth":  render(t, spikes.report(t), Options{Chip: spikes.chip}),
		"whole chip": render(t, whole, Options{Chip: spikes.chip}),
		"bare":       render(t, spikes.bare(t), Options{}),
		"hostile":    render(t, evil, Options{Tool: hostileText, Chip: ternary.chip}),
	}
}

var (
	cssURL    = regexp.MustCompile(`(?i)url\(([^)]*)\)`)
	oneTag    = regexp.MustCompile(`<[^<>]*>`)
	tagName   = regexp.MustCompile(`^</?([a-zA-Z0-9]+)`)
	oneAttr   = regexp.MustCompile(`^\s+([a-zA-Z0-9:-]+)="([^"]*)"`)
	localLink = regexp.MustCompile(`href="#([^"]*)"`)
	labelled  = regexp.MustCompile(`aria-labelledby="([^"]*)"`)
	idOf      = regexp.MustCompile(`\sid="([^"]*)"`)
	heading   = regexp.MustCompile(`<h([1-6])[ >]`)
)

// tag is one tag of a page with its attributes.
type tag struct {
	name  string
	attrs map[string]string
}

// tagsOf takes a page apart. Text and values hold no bare angle bracket, so that
// whatever stands between two is a tag; one that does not parse is an error.
func tagsOf(t *testing.T, name, page string) []tag {
	t.Helper()
	var tags []tag
	for _, raw := range oneTag.FindAllString(page, -1) {
		if raw == "<!doctype html>" {
			continue
		}
		start := tagName.FindStringSubmatch(raw)
		if start == nil {
			t.Fatalf("%s: %.80s is no tag", name, raw)
		}
		rest, parsed := raw[len(start[0]):], tag{start[1], map[string]string{}}
		for {
			m := oneAttr.FindStringSubmatch(rest)
			if m == nil {
				break
			}
			parsed.attrs[m[1]], rest = m[2], rest[len(m[0]):]
		}
		if rest != ">" && rest != "/>" {
			t.Fatalf("%s: %.80s is no attribute of <%s>", name, rest, parsed.name)
		}
		if raw[1] != '/' {
			tags = append(tags, parsed)
		}
	}
	if outside := oneTag.ReplaceAllString(strings.Replace(page, style, "", 1), ""); strings.ContainsAny(outside, "<>") {
		t.Errorf("%s: a bare angle bracket outside tags", name)
	}
	return tags
}

// attributes are all that elements may have: none of them runs or fetches.
var attributes = strings.Fields(`lang charset http-equiv content name rel href class id aria-label aria-labelledby aria-hidden focusable role tabindex
	scope colspan viewBox x y x1 x2 y1 y2 cx cy r d width height fill overflow text-anchor dominant-baseline patternUnits`)

// elements are all that a page may be made of: none of them runs or fetches.
var elements = strings.Fields(`html head meta link title style body a header nav main section footer figure figcaption
	h1 h2 p b strong span code ul ol li dl dt dd div table caption thead tbody tfoot tr th td
	svg defs desc pattern path rect line circle text`)

func TestNothingLeavesThePage(t *testing.T) {
	for name, page := range pages(t) {
		for _, tag := range tagsOf(t, name, page) {
			if !slices.Contains(elements, tag.name) {
				t.Errorf("%s: element <%s>; a page is made of %v", name, tag.name, elements)
			}
			for key, value := range tag.attrs {
				if !slices.Contains(attributes, key) {
					t.Errorf("%s: <%s %s=%q>; want one of %v", name, tag.name, key, value, attributes)
				}
				if key == "href" && !strings.HasPrefix(value, "#") && value != "data:," {
					t.Errorf("%s: %q leads out of the page", name, value)
				}
				for _, m := range cssURL.FindAllStringSubmatch(value, -1) {
					if !strings.HasPrefix(m[1], "#") {
						t.Errorf("%s: %s is fetched", name, value)
					}
				}
			}
		}
	}
	for _, fetches := range []string{"@import", "@font-face", "url("} {
		if strings.Contains(style, fetches) {
			t.Errorf("the style sheet holds %s, which fetches", fetches)
		}
	}
}

func TestPolicyNamesTheStyleSheet(t *testing.T) {
	page := pages(t)["ternary256"]
	_, rest, _ := strings.Cut(page, "<style>")
	inside, _, _ := strings.Cut(rest, "</style>")
	if inside != style {
		t.Error("the style sheet in the page is not the one that the policy names")
	}
	if !strings.Contains(page, "default-src &#39;none&#39;") {
		t.Error("no policy that forbids everything")
	}
}

func TestPartsOfThePageFindEachOther(t *testing.T) {
	for name, page := range pages(t) {
		ids := map[string]bool{}
		for _, m := range idOf.FindAllStringSubmatch(page, -1) {
			if ids[m[1]] {
				t.Errorf("%s: id %q twice", name, m[1])
			}
			ids[m[1]] = true
		}
		for _, m := range localLink.FindAllStringSubmatch(page, -1) {
			if !ids[m[1]] {
				t.Errorf("%s: a link to #%s leads nowhere", name, m[1])
			}
		}
		for _, m := range labelled.FindAllStringSubmatch(page, -1) {
			for id := range strings.FieldsSeq(m[1]) {
				if !ids[id] {
					t.Errorf("%s: labelled by %q, which is not there", name, id)
				}
			}
		}
		last := 0
		for _, m := range heading.FindAllStringSubmatch(page, -1) {
			level, _ := strconv.Atoi(m[1])
			if level > last+1 || level == 1 && last > 0 {
				t.Errorf("%s: heading %d after heading %d", name, level, last)
			}
			last = level
		}
		if tables, captions := strings.Count(page, "<table"), strings.Count(page, "<caption"); tables != captions {
			t.Errorf("%s: %d tables, %d captions", name, tables, captions)
		}
		for _, tag := range tagsOf(t, name, page) {
			if tag.name == "th" && tag.attrs["scope"] == "" {
				t.Errorf("%s: a table heading without scope", name)
			}
		}
	}
}

func TestHostileTextStaysText(t *testing.T) {
	page := pages(t)["hostile"]
	for _, bad := range []string{"<script", "<img", "</style></title>", "onerror=alert(1)>"} {
		if strings.Contains(page, bad) {
			t.Errorf("%q is in the page", bad)
		}
	}
	if strings.ContainsAny(page, "\u202e\x00") {
		t.Error("letters that turn or end text are in the page")
	}
	if n := strings.Count(page, "&lt;script&gt;"); n < 20 {
		t.Errorf("hostile text shows %d times; want it wherever a report holds text", n)
	}
	if strings.Count(page, "<style>") != 1 || strings.Count(page, "</style>") != 1 {
		t.Error("the style sheet was broken out of")
	}
}

func TestEqualReportsGiveEqualBytes(t *testing.T) {
	first, again := pages(t), pages(t)
	for name := range first {
		if first[name] != again[name] {
			t.Errorf("%s: two pages of one report differ", name)
		}
	}
}

func TestEveryCoreOfALargeMeshIsDrawn(t *testing.T) {
	s := simulated(t, "truenorth")
	r := s.report(t)
	everyCore(r, s.chip.Capabilities.Mesh)
	page := render(t, r, Options{Chip: s.chip})
	if len(page) > 1<<20 {
		t.Errorf("the page of 64 × 64 cores has %d bytes; want 1 MiB at most", len(page))
	}
	if n := strings.Count(page, "h4v4h-4z"); n != 2*4096 {
		t.Errorf("%d cores drawn on two maps; want 2 × 4096", n)
	}
	if strings.Contains(page, "locator-title") {
		t.Error("a map of the whole mesh needs no locator")
	}
	if page := render(t, s.report(t), Options{Chip: s.chip}); !strings.Contains(page, "locator-title") {
		t.Error("a few cores of 4096 are drawn without saying where they are")
	}
}

func TestThePageSaysWhatTheReportSays(t *testing.T) {
	ternary, spikes := simulated(t, "ternary256"), simulated(t, "truenorth")
	r := ternary.report(t)
	page := text(render(t, r, Options{Tool: "tritloom 9.9", Chip: ternary.chip}))
	wants := []string{
		r.Headline(), "Hypothetical chip", "used cores (", "single stream", "with host ports", "0.8 V", "tick 5.12 µs", "tritloom 9.9",
		r.Network, r.Layout, r.Chip.Prices, r.Chip.Capabilities, "The chip from above", "How full each core is", "Memory: what becomes of 32x",
		"vs fp64", "vs fp32", "vs int8", "vs 1-bit", "dense ternary", "break-even", "whole chip", "What counting operations alone would say", r.Layers[0].Name,
	}
	for _, l := range r.Energy.Leaves {
		wants = append(wants, l.Kind, l.Source, l.Derivation)
		if l.Joules != nil && l.State == hwmodel.Priced {
			wants = append(wants, report.SI(l.Joules.Nominal, "J"), report.SI(l.Joules.High, "J"))
		}
	}
	wantAll(t, page, wants)

	lower := spikes.report(t)
	lower.Chip.Title += ", projected to 7 nm by a table"
	lower.Variation = &ledger.Variation{ConductanceSD1024: 51, Seed: 3}
	lower.Energy.LowerBound, lower.Energy.Unpriced = true, []string{"hop_x"}
	lower.Energy.Leaves[0].Missing = "price unknown: nobody published it"
	page = text(render(t, lower, Options{Chip: spikes.chip}))
	wantAll(t, page, []string{"Lower bound", "No price or count for hop_x", "no upper bound", "nobody published it", "Projected prices", "to 7 nm", "Approximate", "vary by 51/1024"})
	if strings.Contains(page, "Hypothetical") {
		t.Error("silicon is called hypothetical")
	}

	page = text(render(t, spikes.bare(t), Options{}))
	wantAll(t, page, []string{"whole chip (4,096 cores", "the report was made without the network"})
	if strings.Contains(page, "what becomes of 32x") {
		t.Error("memory without network and layout")
	}
}

// text is the page as a reader meets it: entities undone, no tags, no style.
func text(page string) string {
	_, body, _ := strings.Cut(page, "</style>")
	body = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, "\n")
	return strings.NewReplacer("&#43;", "+", "&#39;", "'", "&#34;", `"`, "&lt;", "<", "&gt;", ">", "&amp;", "&", "\u00a0", " ").Replace(body)
}

func wantAll(t *testing.T, page string, wants []string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
}

func TestEmptyReportIsRefused(t *testing.T) {
	for _, r := range []*report.Report{nil, {}} {
		if err := Write(nil, r, Options{}); err == nil || !strings.Contains(err.Error(), "report.New") {
			t.Errorf("error %v; want one that says how reports are made", err)
		}
	}
}
