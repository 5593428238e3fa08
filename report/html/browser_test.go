package html

import (
	"encoding/base64"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// To look at pages: go test ./report/html -run Browser -shots DIR -page FILE.html
var (
	shots = flag.String("shots", "", "folder for pictures of the pages that the browser test opens")
	extra = flag.String("page", "", "another page for the browser test, a file")
)

// view is one way to look at a page.
type view struct {
	name   string
	width  int // CSS pixels
	scheme string
	media  string
}

var views = []view{
	{"360", 360, "light", "screen"},
	{"1440", 1440, "light", "screen"},
	{"360-dark", 360, "dark", "screen"},
	{"1440-dark", 1440, "dark", "screen"},
	{"print", 688, "light", "print"}, // A4 within the page's margins
}

// TestBrowser opens pages in headless Chromium on a phone, on a screen and on
// paper: no console error, no request, nothing wider than the window, no text too
// faint to read, and a PDF.
func TestBrowser(t *testing.T) {
	b := startBrowser(t)
	folder := t.TempDir()
	files := map[string]string{}
	for name, page := range pages(t) {
		files[name] = writePage(t, folder, strings.ReplaceAll(name, " ", "-"), page)
	}
	if *extra != "" {
		path, err := filepath.Abs(*extra)
		must(t, err)
		files["given-"+strings.TrimSuffix(filepath.Base(path), ".html")] = path
	}
	for name, file := range files {
		for _, v := range views {
			for _, fault := range b.look(t, file, v) {
				t.Errorf("%s at %s: %s", name, v.name, fault)
			}
			if *shots != "" {
				b.picture(t, filepath.Join(*shots, strings.ReplaceAll(name, " ", "-")+"-"+v.name+".png"), v)
			}
		}
		pdf := b.pdf(t)
		if !strings.HasPrefix(string(pdf), "%PDF-") {
			t.Errorf("%s: print gives no PDF", name)
		}
		if *shots != "" {
			must(t, os.WriteFile(filepath.Join(*shots, strings.ReplaceAll(name, " ", "-")+".pdf"), pdf, 0o666))
		}
	}
}

// TestBrowserSeesFaults shows pages with one fault each; every one must be seen.
func TestBrowserSeesFaults(t *testing.T) {
	b := startBrowser(t)
	const head = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>x</title></head><body style="background:#fff">`
	for _, c := range []struct{ name, body, want string }{
		{"nothing wrong", `<p>fine</p>`, ""},
		{"request", `<img src="http://127.0.0.1:9/x.png" alt="">`, "requests http://127.0.0.1:9/x.png"},
		{"console", `<script>console.error("oh no")</script>`, "oh no"},
		{"exception", `<script>nothing.here()</script>`, "nothing is not defined"},
		{"policy", `<meta http-equiv="Content-Security-Policy" content="default-src 'none'"><script>1</script>`, "Content Security Policy"},
		{"wide", `<div style="width:2000px">wide</div>`, "wider than the window"},
		{"faint", `<p style="color:#aaa">faint</p>`, `"faint" has a contrast of 2.3`},
	} {
		file := writePage(t, t.TempDir(), "fault", head+c.body+"</body></html>")
		faults := strings.Join(b.look(t, file, views[0]), "\n")
		if c.want == "" && faults != "" || !strings.Contains(faults, c.want) {
			t.Errorf("%s: the browser reports %q; want %q", c.name, faults, c.want)
		}
	}
}

func writePage(t *testing.T, folder, name, page string) string {
	t.Helper()
	file := filepath.Join(folder, name+".html")
	must(t, os.WriteFile(file, []byte(page), 0o666))
	return file
}

// look opens a page in a view and lists what is wrong with it.
func (b *browser) look(t *testing.T, file string, v view) []string {
	t.Helper()
	b.cdp(t, "Emulation.setDeviceMetricsOverride", map[string]any{"width": v.width, "height": 900, "deviceScaleFactor": 1, "mobile": v.width < 500})
	b.cdp(t, "Emulation.setEmulatedMedia", map[string]any{"media": v.media, "features": []map[string]string{{"name": "prefers-color-scheme", "value": v.scheme}}})
	b.logs(t) // those of pages before
	page := "file://" + file
	b.post(t, "/url", map[string]any{"url": page}, nil)
	var wide struct {
		Content, Visible float64
		Culprits         []string
	}
	b.script(t, overflow, &wide)
	var faults []string
	if wide.Content > wide.Visible {
		faults = append(faults, fmt.Sprintf("%v px of content in %v px: wider than the window: %v", wide.Content, wide.Visible, wide.Culprits))
	}
	var faint []string
	b.script(t, faintText, &faint)
	faults = append(faults, faint...)
	for _, entry := range b.logs(t) {
		switch {
		case entry.request != "" && entry.request != page && entry.request != "data:,":
			faults = append(faults, "requests "+entry.request)
		case entry.problem != "":
			faults = append(faults, "console: "+entry.problem)
		}
	}
	return faults
}

// overflow measures the page and names elements that reach out of it.
const overflow = `
const root = document.documentElement, culprits = [];
for (const e of document.body.querySelectorAll("*")) {
  if (culprits.length < 5 && e.getBoundingClientRect().right > root.clientWidth + 0.5 && ![...e.children].some(c => c.getBoundingClientRect().right > root.clientWidth + 0.5) && (getComputedStyle(e.closest(".scroll") ?? root).overflowX === "visible"))
    culprits.push(e.tagName + " " + e.textContent.trim().slice(0, 60));
}
return {content: root.scrollWidth, visible: root.clientWidth, culprits};`

// faintText finds text whose contrast with what is behind it is below level AA of
// WCAG 2.2: 4.5, or 3 for large text.
const faintText = `
const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const luminance = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
const numbers = s => { const n = s.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
const behind = e => { for (; e; e = e.parentElement) { const c = numbers(getComputedStyle(e).backgroundColor); if (c[3] > 0) return c; } return [255, 255, 255, 1]; };
const faults = new Set();
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const text = walk.currentNode.textContent.trim(), e = walk.currentNode.parentElement, style = getComputedStyle(e);
  if (!text || ["SCRIPT", "STYLE", "title", "desc"].includes(e.tagName)) continue;
  const a = luminance(numbers(e instanceof SVGElement ? style.fill : style.color)), b = luminance(behind(e));
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
  if (contrast < (large ? 3 : 4.5)) faults.add(JSON.stringify(text.slice(0, 40)) + " has a contrast of " + contrast.toFixed(1));
}
return [...faults];`

// picture writes all of the page that is open.
func (b *browser) picture(t *testing.T, file string, v view) {
	t.Helper()
	var height float64
	b.script(t, `return document.documentElement.scrollHeight`, &height)
	b.cdp(t, "Emulation.setDeviceMetricsOverride", map[string]any{"width": v.width, "height": int(height), "deviceScaleFactor": 1, "mobile": v.width < 500})
	var shot struct{ Data string }
	b.cdpInto(t, "Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": true}, &shot)
	data, err := base64.StdEncoding.DecodeString(shot.Data)
	must(t, err)
	must(t, os.WriteFile(file, data, 0o666))
}

// pdf prints the page that is open.
func (b *browser) pdf(t *testing.T) []byte {
	t.Helper()
	var printed struct{ Data string }
	b.cdpInto(t, "Page.printToPDF", map[string]any{"preferCSSPageSize": true, "printBackground": true}, &printed)
	data, err := base64.StdEncoding.DecodeString(printed.Data)
	must(t, err)
	return data
}
