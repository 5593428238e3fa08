// Command tritloom trains ternary networks, compiles them onto neuromorphic
// cores, simulates the chip and reports energy, latency and memory.
//
// This package is flags, files, environment and exit codes; the work is in the
// packages it calls.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"unicode"

	"github.com/alecthomas/kong"

	"tritloom/experiment"
	"tritloom/hwmodel"
	"tritloom/trainer"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // the check that was asked for did not hold
	exitUsage  = 2 // wrong usage, bad input, or interrupted; nothing was written but traces up to there
)

// errFailed ends a command whose check did not hold; its findings are printed
// already.
var errFailed = errors.New("the check failed")

// streams are where a command reads its environment and writes.
type streams struct {
	out, err io.Writer
	getenv   func(string) string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdout, os.Stderr, os.Getenv}))
}

// run executes one command line and gives its exit code. Every problem is one
// line on the error stream.
func run(ctx context.Context, args []string, s streams) int {
	var c cli
	exited, code := false, exitOK
	parser, err := kong.New(&c, append(flagValues(), kong.Name("tritloom"), kong.Description(description),
		kong.Writers(s.out, s.err), kong.Exit(func(n int) { exited, code = true, n }),
		vars(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))...)
	if err != nil {
		panic("tritloom: " + err.Error()) // the grammar itself is wrong
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exited { // --help
		return code
	}
	if err == nil {
		err = parsed.Run(&session{streams: s, ctx: ctx, cli: &c})
	} else {
		var wrong *kong.ParseError
		if errors.As(err, &wrong) {
			parsed = wrong.Context
		}
		err = usageError(err, parsed)
	}
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFailed):
		return exitFailed
	case errors.Is(err, context.Canceled):
		err = errors.New("interrupted; nothing was written, start it again")
	}
	fmt.Fprintf(s.err, "tritloom: %s\n", oneLine(err.Error()))
	return exitUsage
}

// oneLine joins the lines of joined errors.
func oneLine(text string) string {
	return printable(strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), "; "))
}

// printable keeps what files hold from steering the terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// vars fills words of the grammar from the lists that own them.
func vars() kong.Vars {
	var orders []string
	for _, c := range trainer.Choices {
		if c.Option == "order" {
			orders = append(orders, c.Value)
		}
	}
	return kong.Vars{
		"roles":  roleNames(),
		"engine": defaultEngine, "engines": strings.Join(engines, ","),
		"scaling_tables": strings.Join(hwmodel.ScalingTables(), ", "),
		"orders":         strings.Join(orders, " or "), "demo_hidden": experiment.DefaultDemoOptions().Hidden,
		"sweeps": strconv.Itoa(trainer.DefaultOptions().MaxSweeps),
	}
}
