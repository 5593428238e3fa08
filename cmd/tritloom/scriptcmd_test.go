package main

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

// refuse ARGS... runs tritloom on bad input: exit 2, nothing on standard output,
// one line on standard error, and every file as it was before.
func refuse(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg)
	before := folderOf(ts)
	exits(ts, exitUsage, args)
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("refused, but standard output has\n%s", out)
	}
	line := ts.ReadFile("stderr")
	if strings.Count(line, "\n") != 1 || !strings.HasPrefix(line, "tritloom: ") || !strings.HasSuffix(line, "\n") {
		ts.Fatalf("want one line that starts with the program's name; got\n%s", line)
	}
	if diff := cmp.Diff(before, folderOf(ts)); diff != "" {
		ts.Fatalf("refused, but files changed (-before +after):\n%s", diff)
	}
}

// fail ARGS... runs tritloom on a check that does not hold: exit 1, findings on
// standard output, silence on standard error.
func fail(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg)
	exits(ts, exitFailed, args)
	if line := ts.ReadFile("stderr"); line != "" {
		ts.Fatalf("a check that fails is no error; got\n%s", line)
	}
}

// says WORDS... finds each text, letter by letter, in the last standard error:
// the place, the value, what is allowed, the way out.
func says(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg)
	line := ts.ReadFile("stderr")
	for _, words := range args {
		if !strings.Contains(line, words) {
			ts.Fatalf("%q is missing in\n%s", words, line)
		}
	}
}

// object KEYS... checks that the last standard output is one JSON object with
// these keys, KEY.KEY for inner ones.
func object(ts *testscript.TestScript, neg bool, keys []string) {
	noNegation(ts, neg)
	value, err := oneObject(ts.ReadFile("stdout"))
	ts.Check(err)
	if missing := missingFields(value, keys); len(missing) > 0 {
		ts.Fatalf("no %s in\n%s", strings.Join(missing, ", "), ts.ReadFile("stdout"))
	}
}

// samebut OLD NEW FILE1 FILE2 checks that the second file is the first with one text
// replaced by another, once.
func sameBut(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg)
	first := ts.ReadFile(args[2])
	if n := strings.Count(first, args[0]); n != 1 {
		ts.Fatalf("%s has %q %d times; want it once", args[2], args[0], n)
	}
	if diff := cmp.Diff(strings.Replace(first, args[0], args[1], 1), ts.ReadFile(args[3])); diff != "" {
		ts.Fatalf("%s differs from %s in more (-%s +%s):\n%s", args[3], args[2], args[2], args[3], diff)
	}
}

func noNegation(ts *testscript.TestScript, neg bool) {
	if neg {
		ts.Fatalf("this command knows no !")
	}
}

// exits runs tritloom and checks its exit code.
func exits(ts *testscript.TestScript, want int, args []string) {
	err := ts.Exec("tritloom", args...)
	code := exitOK
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if code != want {
		ts.Fatalf("exit code %d; want %d; standard error:\n%s", code, want, ts.ReadFile("stderr"))
	}
}

// folderOf is everything below the script's folder: names and contents.
func folderOf(ts *testscript.TestScript) map[string]string {
	files, root := map[string]string{}, ts.MkAbs(".")
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil || d.IsDir() {
			files[name+"/"] = ""
			return err
		}
		content, err := os.ReadFile(path)
		files[name] = string(content)
		return err
	}))
	return files
}

// oneObject decodes a text that is one JSON object and nothing else.
func oneObject(text string) (map[string]any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	var value map[string]any
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("text after the JSON object")
	}
	return value, nil
}

// missingFields lists the keys that an object lacks. A list stands for its first
// element.
func missingFields(value map[string]any, keys []string) []string {
	var missing []string
	for _, key := range keys {
		var at any = value
		for part := range strings.SplitSeq(key, ".") {
			if list, ok := at.([]any); ok && len(list) > 0 {
				at = list[0]
			}
			inner, _ := at.(map[string]any)
			var ok bool
			if at, ok = inner[part]; !ok {
				missing = append(missing, key+" (there: "+strings.Join(keysOf(inner), " ")+")")
				break
			}
		}
	}
	return missing
}

func keysOf(object map[string]any) []string {
	var keys []string
	for key := range maps.Keys(object) {
		keys = append(keys, key)
	}
	return keys
}
