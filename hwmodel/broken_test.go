package hwmodel

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tritloom/internal/textcase"
)

// The files of testdata/broken are each broken in one way. Their first line says
// where, as line:column, and names a word the message must hold: the value found, or
// the entry that is missing. testdata/broken.txt is the table of all messages.
var (
	brokenHead = regexp.MustCompile(`^# broken at (\d+:\d+), (.+)\n`)
	brokenForm = regexp.MustCompile(`^testdata/broken/[a-z-]+\.yaml:\d+:\d+: `)
	// What is allowed, and a way out, as messages word them.
	allowedWords = regexp.MustCompile(`; want |; known |known are |allowed |needs |do not use |must be `)
	wayOutWords  = regexp.MustCompile(`[;,] (or )?(write|state|give|say|keep|take|leave|name|choose|change|put|restate|declare|extend|price|did you mean|use|see|do|mark)\b`)
)

// loadBroken loads a broken file and gives the message.
func loadBroken(t *testing.T, name string) string {
	t.Helper()
	_, err := Load("testdata/broken/" + name)
	if err == nil {
		t.Errorf("%s is accepted", name)
		return ""
	}
	return err.Error()
}

// TestBrokenMessages holds every message to its exact words.
func TestBrokenMessages(t *testing.T) {
	told := map[string]bool{}
	textcase.Run(t, "testdata/broken.txt", func(t *testing.T, c textcase.Case) string {
		told[c.Args[0]] = true
		return strings.TrimPrefix(loadBroken(t, c.Args[0]), "testdata/broken/") + "\n"
	})
	for _, name := range brokenFiles(t) {
		if !told[name] {
			t.Errorf("testdata/broken.txt lacks %s", name)
		}
	}
}

func brokenFiles(t *testing.T) (names []string) {
	t.Helper()
	paths, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(paths) < 40 {
		t.Fatalf("%d broken files, %v; want 40 or more", len(paths), err)
	}
	for _, path := range paths {
		names = append(names, filepath.Base(path))
	}
	return names
}

// TestBrokenFilesPoint wants of every message one line with the place that the file
// itself names, the value, what is allowed, and a way out; and of every file another
// message.
func TestBrokenFilesPoint(t *testing.T) {
	said := map[string]string{}
	for _, name := range brokenFiles(t) {
		text, err := os.ReadFile("testdata/broken/" + name)
		if err != nil {
			t.Fatal(err)
		}
		head := brokenHead.FindStringSubmatch(string(text))
		if head == nil {
			t.Fatalf("%s does not say where it is broken", name)
		}
		place, value, message := head[1], head[2], loadBroken(t, name)
		_, words, _ := strings.Cut(message, ": ")
		switch prefix := fmt.Sprintf("testdata/broken/%s:%s: ", name, place); {
		case !brokenForm.MatchString(message) || !strings.HasPrefix(message, prefix):
			t.Errorf("%s\nwant it to begin with %s", message, prefix)
		case strings.ContainsAny(message, "\n\r"):
			t.Errorf("%q is more than one line", message)
		case !strings.Contains(words, value):
			t.Errorf("%s\nwant the value %s in it", message, value)
		case !allowedWords.MatchString(words):
			t.Errorf("%s\nwant it to say what is allowed", message)
		case !wayOutWords.MatchString(words):
			t.Errorf("%s\nwant it to say what to do", message)
		case said[words] != "":
			t.Errorf("%s says the same as %s: %s", name, said[words], words)
		}
		said[words] = name
	}
}
