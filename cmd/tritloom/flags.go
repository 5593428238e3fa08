package main

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// flagValues reads the values of flags in place of the parser's own readers, so
// that a wrong one is answered with the range allowed, and so that a negative
// number is a value and not a flag.
func flagValues() []kong.Option {
	return []kong.Option{
		kong.KindMapper(reflect.Int, kong.MapperFunc(readInt)),
		kong.KindMapper(reflect.Int64, kong.MapperFunc(readInt)),
		kong.KindMapper(reflect.Uint64, kong.MapperFunc(readUint)),
		kong.KindMapper(reflect.Float64, kong.MapperFunc(readFloat)),
		kong.KindMapper(reflect.String, kong.MapperFunc(readString)),
		kong.TypeMapper(reflect.TypeFor[time.Duration](), kong.MapperFunc(readDuration)),
	}
}

// popValue takes the word after a flag. Another flag is none, a negative number
// is one.
func popValue(ctx *kong.DecodeContext, want string) (string, error) {
	t := ctx.Scan.Pop()
	word := t.String()
	dashed := len(word) > 1 && word[0] == '-' && (word[1] < '0' || word[1] > '9')
	if t.IsEOL() || word == "" || dashed && t.Type != kong.FlagValueToken {
		return "", fmt.Errorf("no value; want %s", want)
	}
	return word, nil
}

func readInt(ctx *kong.DecodeContext, target reflect.Value) error {
	const want = "a whole number, such as 12"
	word, err := popValue(ctx, want)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		return fmt.Errorf("%q; want %s, that fits 64 bits", word, want)
	}
	target.SetInt(n)
	return nil
}

func readUint(ctx *kong.DecodeContext, target reflect.Value) error {
	want := fmt.Sprintf("a whole number 0..%d", uint64(math.MaxUint64))
	word, err := popValue(ctx, want)
	if err != nil {
		return err
	}
	n, err := strconv.ParseUint(word, 10, 64)
	if err != nil {
		return fmt.Errorf("%q; want %s", word, want)
	}
	target.SetUint(n)
	return nil
}

func readFloat(ctx *kong.DecodeContext, target reflect.Value) error {
	const want = "a finite number, such as 0.75"
	word, err := popValue(ctx, want)
	if err != nil {
		return err
	}
	v, err := strconv.ParseFloat(word, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return fmt.Errorf("%q; want %s", word, want)
	}
	target.SetFloat(v)
	return nil
}

func readString(ctx *kong.DecodeContext, target reflect.Value) error {
	word, err := popValue(ctx, "one after it")
	if err != nil {
		return err
	}
	target.SetString(word)
	return nil
}

func readDuration(ctx *kong.DecodeContext, target reflect.Value) error {
	const want = "a time with its unit, such as 500ms, 90s, 5m or 2h"
	word, err := popValue(ctx, want)
	if err != nil {
		return err
	}
	d, err := time.ParseDuration(word)
	if err != nil {
		return fmt.Errorf("%q; want %s", word, want)
	}
	target.SetInt(int64(d))
	return nil
}

// within refuses a number outside its range.
func within(flag string, value, low, high int) error {
	if value < low || value > high {
		return fmt.Errorf("%s %d; want %d..%d", flag, value, low, high)
	}
	return nil
}

// usageError says in one line what is wrong with a command line and where help
// is.
func usageError(err error, parsed *kong.Context) error {
	help, text := "tritloom --help", err.Error()
	if parsed != nil && parsed.Selected() != nil {
		help = parsed.Selected().FullPath() + " --help"
	} else if parsed != nil {
		text = topLevelError(text, strings.Join(commandNames(parsed.Model), ", "))
	}
	if missing, ok := strings.CutPrefix(text, "expected "); ok {
		text = "missing " + missing
	}
	return fmt.Errorf("%s; see %s", text, help)
}

// topLevelError words what is wrong before any command is known.
func topLevelError(text, commands string) string {
	if strings.HasPrefix(text, "expected ") {
		return "no command; want " + commands
	}
	word, unknown := strings.CutPrefix(text, "unexpected argument ")
	switch {
	case !unknown:
		return text
	case strings.Contains(word, "did you mean"):
		return "unknown command " + word
	}
	return fmt.Sprintf("unknown command %s; want %s", word, commands)
}

func commandNames(app *kong.Application) []string {
	var names []string
	for _, node := range app.Children {
		if node.Type == kong.CommandNode {
			names = append(names, node.Name)
		}
	}
	return names
}
