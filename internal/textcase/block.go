package textcase

import (
	"fmt"
	"strings"
)

const (
	rule       = "----\n"
	doubleRule = rule + rule
)

// block is a Case with the text around it, so that a file can be written back with
// nothing changed but the outputs that differ.
type block struct {
	Case
	line   int
	before string // comments and blank lines, the command line and the input
	output string // rules, output and the blank line that ends it, as in the file
	want   string
}

func (b *block) name() string { return fmt.Sprintf("line%d_%s", b.line, b.Command) }

// replace puts a new output in the block, keeping how the old one ended.
func (b *block) replace(got string) error {
	end := ""
	if strings.HasSuffix(b.output, "\n\n") {
		end = "\n"
	}
	if !strings.Contains("\n"+got, "\n\n") && !strings.HasPrefix(got, rule) {
		b.output = rule + got + end
		return nil
	}
	if strings.Index("\n"+got+doubleRule, "\n"+doubleRule) != len(got) {
		return fmt.Errorf("%s: the output %.40q reads like the rules around it; change what the command prints", b.Place, got)
	}
	b.output = doubleRule + got + doubleRule + end
	return nil
}

func render(blocks []block) string {
	var text strings.Builder
	for _, b := range blocks {
		text.WriteString(b.before + b.output)
	}
	return text.String()
}

// parse cuts a file into blocks; tail is what follows the last one.
func parse(path, text string) (blocks []block, tail string, err error) {
	r := lines{rest: ended(text)}
	for {
		var b block
		command := ""
		for command == "" && r.rest != "" {
			line := r.next()
			b.before += line
			if word := strings.TrimSpace(line); !strings.HasPrefix(word, "#") {
				command = word
			}
		}
		if command == "" {
			return blocks, b.before, nil
		}
		words := strings.Fields(command)
		b.line = r.number
		b.Place = fmt.Sprintf("%s:%d", path, r.number)
		b.Command, b.Args = words[0], words[1:]
		input, found := r.until(rule)
		if !found {
			return nil, "", fmt.Errorf("%s: no ---- follows %q; each case needs one before its output", b.Place, command)
		}
		b.Input = strings.TrimSuffix(input, rule)
		b.before += b.Input
		if b.output, b.want, err = r.output(); err != nil {
			return nil, "", fmt.Errorf("%s: %w", b.Place, err)
		}
		blocks = append(blocks, b)
	}
}

// lines reads a text line by line.
type lines struct {
	rest   string
	number int // of the line read last, from 1
}

func (r *lines) next() string {
	end := strings.IndexByte(r.rest, '\n') + 1
	line := r.rest[:end]
	r.rest = r.rest[end:]
	r.number++
	return line
}

// until reads up to and with the first line equal to last.
func (r *lines) until(last string) (text string, found bool) {
	for r.rest != "" {
		line := r.next()
		text += line
		if line == last {
			return text, true
		}
	}
	return text, false
}

// output reads what follows the first rule: the text as it stands, rules included,
// and the output within.
func (r *lines) output() (text, want string, err error) {
	if !strings.HasPrefix(r.rest, rule) {
		body, blank := r.until("\n")
		if blank {
			return rule + body, strings.TrimSuffix(body, "\n"), nil
		}
		return rule + body, body, nil
	}
	r.next()
	for !strings.HasPrefix(r.rest, doubleRule) {
		if r.rest == "" {
			return "", "", fmt.Errorf("no second ---- ---- ends the output that began with one")
		}
		want += r.next()
	}
	r.next()
	r.next()
	text = doubleRule + want + doubleRule
	if strings.HasPrefix(r.rest, "\n") {
		text += r.next()
	}
	return text, want, nil
}
