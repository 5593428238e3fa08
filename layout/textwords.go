package layout

import (
	"fmt"
	"strconv"
	"strings"
)

// splitWords cuts a line at spaces. Words in double quotes are Go strings; an
// encoder line has one word after the first, to the end of the line.
func splitWords(line string) ([]string, error) {
	line = strings.TrimSpace(line)
	if text, ok := strings.CutPrefix(line, "encoder "); ok {
		return []string{"encoder", text}, nil
	}
	var words []string
	for line != "" && !strings.HasPrefix(line, "# ") && line != "#" {
		if line[0] == '"' {
			quoted, err := strconv.QuotedPrefix(line)
			if err != nil {
				return nil, fmt.Errorf("%.40s: quotes do not close", line)
			}
			word, err := strconv.Unquote(quoted)
			if err != nil {
				return nil, fmt.Errorf("%.40s: not a quoted word", quoted)
			}
			words, line = append(words, word), strings.TrimLeft(line[len(quoted):], " \t")
			continue
		}
		end := strings.IndexAny(line, " \t")
		if end < 0 {
			end = len(line)
		}
		words, line = append(words, line[:end]), strings.TrimLeft(line[end:], " \t")
	}
	return words, nil
}
