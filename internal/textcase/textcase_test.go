package textcase

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// commands returns a runner of two commands: upper prints its input in capitals
// with its arguments, count the number of cases before it.
func commands() func(t *testing.T, c Case) string {
	count := 0
	return func(t *testing.T, c Case) string {
		defer func() { count++ }()
		switch c.Command {
		case "upper":
			return strings.TrimSuffix(strings.ToUpper(c.Input), "\n") + strings.Join(append([]string{""}, c.Args...), " ")
		case "count":
			return fmt.Sprintln(count)
		}
		t.Fatalf("%s: unknown command %q", c.Place, c.Command)
		return ""
	}
}

func TestRun(t *testing.T) { Run(t, "testdata/cases", commands()) }

func TestParse(t *testing.T) {
	data, err := os.ReadFile("testdata/cases")
	if err != nil {
		t.Fatal(err)
	}
	blocks, tail, err := parse("cases", string(data))
	if err != nil {
		t.Fatal(err)
	}
	var got []Case
	var wants []string
	for _, b := range blocks {
		got, wants = append(got, b.Case), append(wants, b.want)
	}
	want := []Case{
		{"cases:3", "upper", []string{"loud"}, "one line\n"},
		{"cases:9", "upper", []string{}, ""},
		{"cases:12", "upper", []string{}, "first\n\nafter a blank line\n"},
		{"cases:25", "count", []string{}, ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cases (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ONE LINE loud\n", "", "FIRST\n\nAFTER A BLANK LINE\n", "3\n"}, wants); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	if render(blocks)+tail != string(data) {
		t.Error("the parts do not add up to the file")
	}
}

func TestUpdateRewritesOnlyOutputs(t *testing.T) {
	data, err := os.ReadFile("testdata/cases")
	if err != nil {
		t.Fatal(err)
	}
	stale := strings.NewReplacer(
		"ONE LINE loud\n", "an older output\nof two lines\n",
		"----\n----\nFIRST\n\nAFTER A BLANK LINE\n----\n----\n", "----\nno blank line\n",
		"----\n3\n", "----\n----\nit had\n\na blank line\n----\n----\n",
	).Replace(string(data))
	path := filepath.Join(t.TempDir(), "cases")
	if err := os.WriteFile(path, []byte(stale), 0o666); err != nil {
		t.Fatal(err)
	}
	run(t, path, true, commands())
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(data), string(got)); diff != "" {
		t.Errorf("rewritten file (-want +got):\n%s", diff)
	}
}

// An output that looks like a rule must be read back as it was printed.
func TestAwkwardOutputsSurviveARewrite(t *testing.T) {
	for _, output := range []string{"", "\n", "\nx", "----\nx", "x\n----\ny", "x\n\n", "# no comment", "x\n\n----\n\ny"} {
		path := filepath.Join(t.TempDir(), "cases")
		if err := os.WriteFile(path, []byte("print\n----\n\n# end\nprint\n----"), 0o666); err != nil {
			t.Fatal(err)
		}
		print := func(*testing.T, Case) string { return output }
		run(t, path, true, print)
		run(t, path, false, print)
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(got), "\n\n# end\nprint\n") {
			t.Errorf("output %q: the comment was lost:\n%s", output, got)
		}
	}
}

func TestOutputsThatCannotBeWrittenAreRefused(t *testing.T) {
	for _, output := range []string{"----\n", "x\n\n----\n", "x\n\n----\n----\ny\n"} {
		b := block{Case: Case{Place: "f:1"}, output: "----\nold\n\n"}
		if err := b.replace(output); err == nil || !strings.HasPrefix(err.Error(), "f:1: the output ") {
			t.Errorf("output %q: error %v", output, err)
		}
		if b.output != "----\nold\n\n" {
			t.Errorf("output %q replaced the old one by %q", output, b.output)
		}
	}
}

func TestBadFilesAreNamed(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"# only\n\nsay hello\nworld\n", `f:3: no ---- follows "say hello"; each case needs one before its output`},
		{"say\n----\n----\nhello\n----\n", "f:1: no second ---- ---- ends the output that began with one"},
	} {
		_, _, err := parse("f", c.text)
		if err == nil || err.Error() != c.want {
			t.Errorf("parse(%q): error %v, want %s", c.text, err, c.want)
		}
	}
}
