package html

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// browser is a headless Chromium behind chromedriver, spoken to by WebDriver:
// JSON over HTTP.
type browser struct {
	session string // address
	client  http.Client
}

// browserNames and driver are what packagers call the programs.
var browserNames = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

const driver = "chromedriver"

// browserFlags keep Chromium from doing anything but showing the page.
var browserFlags = []string{
	"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions", "--hide-scrollbars",
	"--disable-dev-shm-usage", "--no-default-browser-check", "--mute-audio",
}

// startBrowser starts a browser with a profile of its own, or skips the test where
// there is none.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	binary := ""
	for _, name := range browserNames {
		if path, err := exec.LookPath(name); err == nil {
			binary = path
			break
		}
	}
	path, err := exec.LookPath(driver)
	if binary == "" || err != nil {
		t.Skipf("left out: pages are not opened in a browser, for want of %s and %s; on Debian: apt-get install chromium chromium-driver", strings.Join(browserNames, " or "), driver)
	}
	b := &browser{client: http.Client{Timeout: 2 * time.Minute}}
	address := b.startDriver(t, path)
	b.openSession(t, address, binary)
	return b
}

// startDriver starts chromedriver on a free port and gives its address.
func (b *browser) startDriver(t *testing.T, path string) string {
	t.Helper()
	cmd := exec.Command(path, "--port=0")
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, port, ok := strings.Cut(lines.Text(), "started successfully on port "); ok {
			go io.Copy(io.Discard, out) // so that it never blocks
			return "http://127.0.0.1:" + strings.TrimSuffix(port, ".")
		}
	}
	t.Fatalf("%s ended without naming its port: %v", driver, lines.Err())
	return ""
}

func (b *browser) openSession(t *testing.T, address, binary string) {
	t.Helper()
	want := map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"browserName":        "chrome",
		"goog:chromeOptions": map[string]any{"binary": binary, "args": append(browserFlags, "--user-data-dir="+t.TempDir())},
		"goog:loggingPrefs":  map[string]any{"browser": "ALL", "performance": "ALL"},
	}}}
	var got struct{ SessionID string }
	b.session = address + "/session"
	b.post(t, "", want, &got)
	b.session += "/" + got.SessionID
	b.post(t, "/url", map[string]any{"url": "about:blank"}, nil) // away from the browser's first tab
	t.Cleanup(func() {
		request, err := http.NewRequest(http.MethodDelete, b.session, nil)
		must(t, err)
		if response, err := b.client.Do(request); err == nil {
			response.Body.Close()
		}
	})
}

// post sends a command and reads the value of its answer.
func (b *browser) post(t *testing.T, path string, body, into any) {
	t.Helper()
	text, err := json.Marshal(body)
	must(t, err)
	response, err := b.client.Post(b.session+path, "application/json", bytes.NewReader(text))
	must(t, err)
	defer response.Body.Close()
	var answer struct{ Value json.RawMessage }
	must(t, json.NewDecoder(response.Body).Decode(&answer))
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s: %.600s", path, response.Status, answer.Value)
	}
	if into != nil {
		must(t, json.Unmarshal(answer.Value, into))
	}
}

func (b *browser) script(t *testing.T, body string, into any) {
	t.Helper()
	b.post(t, "/execute/sync", map[string]any{"script": body, "args": []any{}}, into)
}

// cdp sends a command of the DevTools protocol.
func (b *browser) cdp(t *testing.T, command string, params any) {
	t.Helper()
	b.cdpInto(t, command, params, nil)
}

func (b *browser) cdpInto(t *testing.T, command string, params, into any) {
	t.Helper()
	b.post(t, "/goog/cdp/execute", map[string]any{"cmd": command, "params": params}, into)
}

// logEntry is a request of the page or a problem on its console.
type logEntry struct {
	request, problem string
}

// logs takes what has happened since the last call.
func (b *browser) logs(t *testing.T) []logEntry {
	t.Helper()
	var entries []logEntry
	var lines []struct{ Level, Message string }
	b.post(t, "/se/log", map[string]any{"type": "browser"}, &lines)
	for _, l := range lines {
		if l.Level == "SEVERE" {
			entries = append(entries, logEntry{problem: l.Message})
		}
	}
	b.post(t, "/se/log", map[string]any{"type": "performance"}, &lines)
	for _, l := range lines {
		var event struct {
			Message struct {
				Method string
				Params struct {
					DocumentURL string
					Request     struct{ URL string }
					URL         string
				}
			}
		}
		must(t, json.Unmarshal([]byte(l.Message), &event))
		switch event.Message.Method {
		case "Network.requestWillBeSent":
			if strings.HasPrefix(event.Message.Params.DocumentURL, "chrome") {
				continue // the browser's own first tab, still loading
			}
			entries = append(entries, logEntry{request: event.Message.Params.Request.URL})
		case "Network.webSocketCreated", "Network.webTransportCreated":
			entries = append(entries, logEntry{request: fmt.Sprint(event.Message.Params.URL)})
		}
	}
	return entries
}
