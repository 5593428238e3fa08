package experiment

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tritloom/trainer"
)

// searchIdentity is everything that decides which network a search finds, but
// for the limits that end it: a resumed search may have others.
type searchIdentity struct {
	Algorithm    string                     `json:"algorithm"`
	Data         string                     `json:"data"`
	DataHash     string                     `json:"data_hash"`
	AllRows      bool                       `json:"all_rows"`
	Encoder      string                     `json:"encoder"`
	Architecture string                     `json:"architecture"`
	Steps        int                        `json:"steps,omitempty"` // 0 is 1
	Shape        string                     `json:"shape"`           // hash of first network and masks
	Options      map[string]json.RawMessage `json:"options"`         // without sweepsKey
}

// sweepsKey is the one limit among the options that a network file records.
const sweepsKey = "max_sweeps"

// identify describes the search of a job.
func identify(job TrainJob, p *parts, shape trainer.Shape) (searchIdentity, error) {
	if err := shape.Network.Validate(); err != nil {
		return searchIdentity{}, err
	}
	id := searchIdentity{
		Algorithm: Algorithm, Data: p.train.Ref, DataHash: p.train.Set.Checksum(), AllRows: job.AllRows,
		Encoder: p.encoder.String(), Architecture: Architecture(shape.Network), Shape: shapeHash(shape),
	}
	if steps := shape.Network.Steps; steps > 1 {
		id.Steps = steps
	}
	text, err := json.Marshal(job.Options)
	if err != nil {
		return id, err
	}
	if err := json.Unmarshal(text, &id.Options); err != nil {
		return id, err
	}
	delete(id.Options, sweepsKey)
	return id, nil
}

// shapeHash covers layers, alphabet, first weights, and which may change.
func shapeHash(shape trainer.Shape) string {
	h := sha256.New()
	fmt.Fprintln(h, shape.Network.Hash())
	for _, mask := range append(slices.Clone(shape.Masks), shape.ReadoutMask) {
		fmt.Fprintln(h, len(mask))
		free := make([]byte, len(mask))
		for i, may := range mask {
			if may {
				free[i] = 1
			}
		}
		h.Write(free)
	}
	return fmt.Sprintf("sha256:%x", h.Sum(nil))
}

// difference names the first thing in which a search that is asked for differs
// from the one that was begun, or is empty.
func (begun searchIdentity) difference(asked searchIdentity) string {
	for _, field := range []struct{ name, begun, asked string }{
		{"algorithm", begun.Algorithm, asked.Algorithm},
		{"data", begun.Data, asked.Data},
		{"data of checksum", begun.DataHash, asked.DataHash},
		{"all rows", fmt.Sprint(begun.AllRows), fmt.Sprint(asked.AllRows)},
		{"encoder", firstLine(begun.Encoder), firstLine(asked.Encoder)},
		{"the encoder's cuts", begun.Encoder, asked.Encoder},
		{"network", begun.Architecture, asked.Architecture},
		{"steps", fmt.Sprint(max(1, begun.Steps)), fmt.Sprint(max(1, asked.Steps))},
		{"layers or patterns of hash", begun.Shape, asked.Shape},
	} {
		if field.begun != field.asked {
			return fmt.Sprintf("%s %.80s, and this is %.80s", field.name, oneLine(field.begun), oneLine(field.asked))
		}
	}
	return optionDifference(begun.Options, asked.Options)
}

// optionDifference names the options in the order of their names.
func optionDifference(begun, asked map[string]json.RawMessage) string {
	var names []string
	for name := range asked {
		names = append(names, name)
	}
	for name := range begun {
		if _, known := asked[name]; !known {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if !bytes.Equal(begun[name], asked[name]) {
			return fmt.Sprintf("%s %.80s, and this is %.80s", strings.ReplaceAll(name, "_", " "), orNone(begun[name]), orNone(asked[name]))
		}
	}
	return ""
}

func orNone(value json.RawMessage) string {
	if value == nil {
		return "none"
	}
	return string(value)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
