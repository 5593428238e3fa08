package sweep

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"tritloom/report"
)

// identity names everything that rows depend on, part by part, so that a journal or a
// shard of another sweep is refused by the first part that differs.
func (s *Sweep) identity(tool string) report.Object[string] {
	id := report.Object[string]{{Name: "program", Value: tool}, {Name: "columns", Value: hashOf(s.header())}}
	id = append(id, report.Entry[string]{Name: "fixed values", Value: hashOf([]any{s.doc, s.fixed.recipe})})
	for _, a := range s.Axes {
		id = append(id, report.Entry[string]{Name: "axis " + a.Name, Value: hashOf(a.Values)})
	}
	for _, name := range slices.Sorted(maps.Keys(s.inputs.chips)) {
		chip := s.inputs.chips[name]
		id = append(id, report.Entry[string]{Name: "chip " + name, Value: hashOf(append([]string{chip.Name}, chip.texts...))})
	}
	for _, name := range slices.Sorted(maps.Keys(s.inputs.nets)) {
		id = append(id, report.Entry[string]{Name: "network " + name, Value: s.inputs.nets[name].Hash()})
	}
	for _, ref := range slices.Sorted(maps.Keys(s.inputs.parts)) {
		part := s.inputs.parts[ref]
		id = append(id, report.Entry[string]{Name: "data " + ref, Value: hashOf([]string{part.Ref, part.Set.Checksum()})})
	}
	for _, ref := range slices.Sorted(maps.Keys(s.inputs.training)) {
		id = append(id, report.Entry[string]{Name: "training data " + ref, Value: s.inputs.training[ref]})
	}
	return id
}

// hashOf hashes the JSON of a value.
func hashOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("sweep: " + err.Error()) // strings and numbers have JSON
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// differs names the first part in which two identities differ; empty: none.
func differs(have, want report.Object[string]) string {
	for i, part := range want {
		switch {
		case i >= len(have) || have[i].Name != part.Name:
			return part.Name
		case have[i].Value != part.Value:
			return part.Name
		}
	}
	if len(have) > len(want) {
		return have[len(want)].Name
	}
	return ""
}

// Shard is a part of a sweep: points whose number leaves Index when divided by Count.
type Shard struct {
	Index, Count int
}

// Whole is all of a sweep.
var Whole = Shard{0, 1}

// maxShards is beyond any job array.
const maxShards = 100_000

// ParseShard reads i/n.
func ParseShard(text string) (Shard, error) {
	var s Shard
	if n, err := fmt.Sscanf(text, "%d/%d", &s.Index, &s.Count); err != nil || n != 2 || s.String() != text {
		return s, fmt.Errorf("shard %.40q; want I/N, such as 0/4 for the first of four", text)
	}
	if s.Count < 1 || s.Count > maxShards || s.Index < 0 || s.Index >= s.Count {
		return s, fmt.Errorf("shard %s; want I/N with N in 1..%d and I in 0..N-1", text, maxShards)
	}
	return s, nil
}

func (h Shard) String() string { return fmt.Sprintf("%d/%d", h.Index, h.Count) }

// points lists a shard's points of n.
func (h Shard) points(n int) []int {
	var list []int
	for i := h.Index; i < n; i += h.Count {
		list = append(list, i)
	}
	return list
}
