package hwmodel

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/internal/textcase"
	"tritloom/ledger"
)

func TestDiffOfEquals(t *testing.T) {
	for _, name := range Names() {
		if list := Diff(load(t, name), load(t, name)); len(list) != 0 {
			t.Errorf("%s differs from itself: %v", name, list)
		}
	}
}

// TestDiff shows differences as lines: what the input changes of the chip it extends.
func TestDiff(t *testing.T) {
	textcase.Run(t, "testdata/diff.txt", func(t *testing.T, c textcase.Case) string {
		changed, err := extend("", "extends: "+c.Args[0]+"\n"+c.Input)
		if err != nil {
			return err.Error()
		}
		var b strings.Builder
		for _, d := range Diff(load(t, c.Args[0]), changed) {
			line := d.Path + ": " + choose(d.A == "", "nothing", d.A) + " -> " + choose(d.B == "", "nothing", d.B)
			if d.Ratio != nil {
				line += ", * " + withUnit(*d.Ratio, "")
			}
			b.WriteString(line + "\n")
			if want := strings.HasPrefix(d.Path, "prices."); want != (d.Event != "") || want && !strings.HasPrefix(d.Path, "prices."+d.Event) {
				t.Errorf("%s is said to be of event %q", d.Path, d.Event)
			}
		}
		return b.String()
	})
}

// TestDiffSeesEverything changes every field of a chip in turn, found by reflection,
// so that a new one cannot be left out of the comparison.
func TestDiffSeesEverything(t *testing.T) {
	whole := func() *Chip {
		c := load(t, "truenorth")
		c.Extends = nil
		with := ledger.CoreBusy // of a price that has neither in the file
		c.Prices[ledger.CoreTick].DrawnWith, c.Prices[ledger.CoreTick].MeasuredAt = &with, &MeasuredAt{ledger.CoreBusy, 2}
		return c
	}
	ignored := []string{".Name", ".Extends", ".Files", ".Kind", ".LatencyKnown"} // the names, and what other fields tell
	var visit func(path string, v reflect.Value, f func(path string, v reflect.Value))
	visit = func(path string, v reflect.Value, f func(path string, v reflect.Value)) {
		if slices.ContainsFunc(ignored, func(end string) bool { return strings.HasSuffix(path, end) }) {
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				visit(path+"."+v.Type().Field(i).Name, v.Field(i), f)
			}
		case reflect.Pointer:
			visit(path, v.Elem(), f)
		case reflect.Array:
			visit(path, v.Index(int(ledger.CoreTick)), f) // a priced one, with a law-less value and a latency
		default:
			f(path, v)
		}
	}
	var paths []string
	visit("", reflect.ValueOf(whole()), func(path string, _ reflect.Value) { paths = append(paths, path) })
	if len(paths) < 60 {
		t.Fatalf("%d fields found; a chip has more", len(paths))
	}
	for _, changed := range paths {
		c := whole()
		visit("", reflect.ValueOf(c), func(path string, v reflect.Value) {
			if path != changed {
				return
			}
			switch {
			case v.CanInt():
				v.SetInt(v.Int() + 1)
			case path == ".Prices.Includer":
				c.Prices[ledger.CoreTick].State = IncludedIn
			case v.CanUint():
				v.SetUint(v.Uint() + 1)
			case v.CanFloat():
				v.SetFloat(v.Float() + 1)
			case v.Kind() == reflect.Bool:
				v.SetBool(!v.Bool())
			case v.Kind() == reflect.String:
				v.SetString(v.String() + "x")
			case v.Kind() == reflect.Slice:
				v.Set(v.Slice(0, v.Len()-1))
			default:
				t.Fatalf("no change for %s, %s", path, v.Kind())
			}
		})
		if len(Diff(whole(), c)) == 0 {
			t.Errorf("a change of %s is not seen", changed)
		}
	}
}

// TestDiffTurnsAround compares both ways: the same paths, and ratios that multiply to
// one.
func TestDiffTurnsAround(t *testing.T) {
	a, b := load(t, "loihi1-davies2018"), load(t, "loihi1-sanafe")
	there, back := Diff(a, b), Diff(b, a)
	paths := func(list []Difference) (out []string) {
		for _, d := range list {
			if d.Path != "notes" {
				out = append(out, d.Path)
			}
		}
		return out
	}
	if diff := cmp.Diff(paths(there), paths(back)); diff != "" {
		t.Error(diff)
	}
	seen := 0
	for i := range there {
		if there[i].Ratio == nil || there[i].Path != back[i].Path || back[i].Ratio == nil {
			continue
		}
		seen++
		if product := *there[i].Ratio * *back[i].Ratio; math.Abs(product-1) > 1e-12 {
			t.Errorf("%s: ratios multiply to %g", there[i].Path, product)
		}
	}
	if seen < 10 {
		t.Errorf("%d ratios; two tables of one chip differ in more", seen)
	}
}
