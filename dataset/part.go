package dataset

import "fmt"

// Part is some rows of a set, in the order of the set.
type Part struct {
	Set *Set
	// Ref is canonical text: set, split, part and the range if there is one,
	// such as "digits@last360:test[0:100]".
	Ref  string
	Rows []int32 // row indexes into Set
}

// Len is the number of samples in the part.
func (p Part) Len() int { return len(p.Rows) }

// Row appends the integers of the part's sample i to dst[:0] and returns it.
func (p Part) Row(i int, dst []int64) []int64 { return p.Set.Row(int(p.Rows[i]), dst) }

// Label is the class index of the part's sample i.
func (p Part) Label(i int) int32 { return p.Set.Labels[p.Rows[i]] }

// Part cuts the rows that r names out of the set; r.Part "" stands for
// defaultPart.
func (s *Set) Part(r Ref, defaultPart string) (Part, error) {
	sp, err := s.Split(r.Split)
	if err != nil {
		return Part{}, err
	}
	part := r.Part
	if part == "" {
		part = defaultPart
	}
	rows := s.rows(sp, part)
	ref := fmt.Sprintf("%s@%s:%s", s.Name, sp.Name, part)
	if len(rows) == 0 {
		return Part{}, fmt.Errorf("%s has no samples; choose another part of %s", ref, orList(Parts))
	}
	if r.From == 0 && r.To < 0 {
		return Part{Set: s, Ref: ref, Rows: rows}, nil
	}
	to := r.To
	if to < 0 {
		to = len(rows)
	}
	if r.From >= to || to > len(rows) {
		return Part{}, fmt.Errorf("%s[%d:%d]: the part has %d samples; keep the range within [0:%d]", ref, r.From, to, len(rows), len(rows))
	}
	return Part{Set: s, Ref: fmt.Sprintf("%s[%d:%d]", ref, r.From, to), Rows: rows[r.From:to]}, nil
}
