package suite

import (
	"encoding/json"
	"fmt"
	"strconv"

	"tritloom/report"
)

// entry is one text, number, truth value or null of a record as its file holds it.
type entry struct {
	path  string // such as ops.bits_read.joules.nominal
	event string // in rows of events, which event
	value string
}

// rest lists the entries of two records that differ and that no other list of the
// difference explains: of an event whose count or price is listed, and of all events
// where the energy is of something else, nothing more is said.
func (d *Difference) rest(before, after *Record) []Change {
	alone := d.Empty()
	was, is := &before.Setup, &after.Setup
	another := was.Scenario != is.Scenario || was.Scope != is.Scope || was.Boundary != is.Boundary || before.Result.Samples != after.Result.Samples
	explained := map[string]bool{}
	for _, e := range d.Events {
		explained[e.Kind] = true
	}
	for _, p := range d.Prices {
		explained[p.Kind] = true
	}
	old, now := entries(before), entries(after)
	list := changes(values(old), values(now))
	if alone {
		return list
	}
	events := map[string]string{}
	for _, e := range append(old, now...) {
		events[e.path] = e.event
	}
	unexplained := []Change{}
	for _, c := range list {
		if event := events[c.What]; event != "" && !another && !explained[event] {
			unexplained = append(unexplained, c)
		}
	}
	return unexplained
}

func values(list []entry) report.Object[string] {
	var o report.Object[string]
	for _, e := range list {
		o = append(o, report.Entry[string]{Name: e.path, Value: e.value})
	}
	return o
}

// entries takes a record apart as its file holds it, so that nothing of it is
// overlooked. Rows are named by their event; one that stands twice has its number too.
func entries(r *Record) []entry {
	text, err := json.Marshal(r)
	if err != nil {
		panic("suite: " + err.Error()) // it came from JSON, or goes there
	}
	var list []entry
	seen := map[string]int{}
	var walk func(path, event string, value json.RawMessage)
	walk = func(path, event string, value json.RawMessage) {
		var items []json.RawMessage
		var fields report.Object[json.RawMessage]
		switch {
		case value[0] == '[' && json.Unmarshal(value, &items) == nil:
			for i, item := range items {
				name, of := strconv.Itoa(i), event
				var row struct {
					Event string `json:"event"`
				}
				if json.Unmarshal(item, &row) == nil && row.Event != "" {
					name, of = row.Event, row.Event
				}
				name = path + "." + name
				if seen[name]++; seen[name] > 1 {
					name = fmt.Sprintf("%s[%d]", name, seen[name])
				}
				walk(name, of, item)
			}
		case value[0] == '{' && json.Unmarshal(value, &fields) == nil:
			for _, f := range fields {
				name := f.Name
				if path != "" {
					name = path + "." + name
				}
				walk(name, event, f.Value)
			}
		default:
			list = append(list, entry{path, event, string(value)})
		}
	}
	walk("", "", text)
	return list
}
