package dataset

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Ref names a data set, or a part of one, as users write it:
//
//	NAME[@SPLIT][:PART[RANGE]]
//
// such as "digits", "mnist5k:test[0:1000]", "digits@fifth:train",
// "idx:DIR:test" and "csv:FILE:train". NAME is one of Known; for "idx:DIR" and
// "csv:FILE" the folder or file comes first, and what follows its last colon or
// at-sign counts as part or split if it holds no slash, backslash or full stop.
type Ref struct {
	Name  string // one of Known, "idx" or "csv"
	Path  string // folder or file, for idx and csv only
	Split string // "" is the default split
	Part  string // one of Parts; "" leaves it to the caller
	// From and To cut the part to its samples From..To-1; To is -1 for "to the
	// end". Without a range they are 0 and -1.
	From, To int
}

// String is the reference in its shortest form; ParseRef reads it back.
func (r Ref) String() string {
	s := r.Name
	if r.Path != "" {
		s += ":" + r.Path
	}
	if r.Split != "" {
		s += "@" + r.Split
	}
	if r.Part != "" {
		s += ":" + r.Part
	}
	switch {
	case r.To >= 0:
		s += fmt.Sprintf("[%d:%d]", r.From, r.To)
	case r.From > 0:
		s += fmt.Sprintf("[%d:]", r.From)
	}
	return s
}

// ParseRef reads a reference. It checks the form, the name, the part and the
// order of the range; split and size are known only once the set is open.
func ParseRef(text string) (Ref, error) {
	r, err := parseRef(text)
	if err != nil {
		return Ref{}, fmt.Errorf("data %q: %w", text, err)
	}
	return r, nil
}

func parseRef(text string) (Ref, error) {
	r := Ref{To: -1}
	stem, err := r.cutRange(text)
	if err != nil {
		return r, err
	}
	if err := r.cutNames(stem); err != nil {
		return r, err
	}
	if plain := (Ref{r.Name, r.Path, r.Split, r.Part, 0, -1}).String(); plain != stem {
		return r, fmt.Errorf("nothing follows the last @ or colon; leave it out or write %s", plain+":test")
	}
	if r.Part != "" && !slices.Contains(Parts, r.Part) {
		return r, fmt.Errorf("unknown part %q; want %s", r.Part, orList(Parts))
	}
	if r.Part == "" && stem != text {
		return r, errors.New("a range needs a part before it, such as :test[0:100]")
	}
	return r, nil
}

// cutNames cuts a reference without range into name, path, split and part.
func (r *Ref) cutNames(stem string) error {
	kind, path, _ := strings.Cut(stem, ":")
	switch kind {
	case "idx", "csv":
		r.Name = kind
		path, r.Part = cutSuffix(path, ":")
		if r.Path, r.Split = cutSuffix(path, "@"); r.Path == "" {
			return fmt.Errorf("no path after %q; write idx:DIR or csv:FILE", kind)
		}
		return nil
	}
	stem, r.Part, _ = strings.Cut(stem, ":")
	r.Name, r.Split, _ = strings.Cut(stem, "@")
	if _, ok := entry(r.Name); !ok {
		return fmt.Errorf("unknown data set %q; want %s", r.Name, orList(names()))
	}
	return nil
}

// cutSuffix parts path at its last separator, unless what follows looks like
// the rest of a path.
func cutSuffix(path, separator string) (before, suffix string) {
	i := strings.LastIndex(path, separator)
	if i < 0 || strings.ContainsAny(path[i:], `/\.`) {
		return path, ""
	}
	return path[:i], path[i+1:]
}

// cutRange takes a trailing [FROM:TO] off the text. Either end may be left out.
func (r *Ref) cutRange(text string) (string, error) {
	open := strings.LastIndexByte(text, '[')
	if !strings.HasSuffix(text, "]") || open < 0 {
		return text, nil
	}
	inner := text[open+1 : len(text)-1]
	from, to, ok := strings.Cut(inner, ":")
	if !ok {
		return "", fmt.Errorf("range [%s] has no colon; want [FROM:TO], such as [0:100]", inner)
	}
	var err error
	if r.From, err = rangeEnd(from, 0); err != nil {
		return "", err
	}
	if r.To, err = rangeEnd(to, -1); err != nil {
		return "", err
	}
	if r.To >= 0 && r.From >= r.To {
		return "", fmt.Errorf("range [%s] is empty; want FROM below TO", inner)
	}
	return text[:open], nil
}

func rangeEnd(text string, missing int) (int, error) {
	if text == "" {
		return missing, nil
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("range end %q; want a whole number 0..2147483647", text)
	}
	return int(n), nil
}

// canonicalName is the name without split and part: a path gives its base only,
// so that results do not depend on where the user keeps the files.
func (r Ref) canonicalName() string {
	if r.Path == "" {
		return r.Name
	}
	return r.Name + ":" + filepath.Base(r.Path)
}
