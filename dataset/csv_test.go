package dataset

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func writeFile(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// Columns and classes in many numbers: value and label of every cell are known
// from its row and column.
func TestCSVShapes(t *testing.T) {
	for classes := 2; classes <= 10; classes++ {
		for _, columns := range []int{4, 5, 16, 33, 64} {
			for _, labelFirst := range []bool{false, true} {
				var b bytes.Buffer
				rows := 5 * classes
				for r := range rows {
					var cells []string
					for f := range columns - 1 {
						cells = append(cells, fmt.Sprintf("%d.%d", r-f, f%10))
					}
					at := len(cells)
					if labelFirst {
						at = 0
					}
					cells = slices.Insert(cells, at, fmt.Sprintf("class %c", 'a'+(r*11)%classes))
					b.WriteString(strings.Join(cells, ",") + "\n")
				}
				o := OpenOptions{LabelColumn: map[bool]string{true: "first"}[labelFirst]}
				s := mustOpen(t, "csv:"+writeFile(t, "made.csv", b.Bytes()), o)
				checkCovers(t, s)
				if s.Name != "csv:made.csv" || s.Features() != columns-1 || s.Len() != rows || len(s.Classes) != classes {
					t.Fatalf("%s: %d samples of %d features in %d classes; want csv:made.csv, %d, %d, %d", s.Name, s.Len(), s.Features(), len(s.Classes), rows, columns-1, classes)
				}
				for r := range rows {
					for f, v := range s.Row(r, nil) {
						// "-3.4" is -34 tenths, "3.4" is 34 tenths.
						want := int64(10*(r-f) + f%10)
						if r < f {
							want = int64(10*(r-f) - f%10)
						}
						if s.decimals(f) == 0 {
							want /= 10
						}
						if v != want {
							t.Fatalf("row %d, feature %d: %d; want %d", r, f, v, want)
						}
					}
					if int(s.Labels[r]) != (r*11)%classes {
						t.Fatalf("row %d has label %d; want %d", r, s.Labels[r], (r*11)%classes)
					}
				}
			}
		}
	}
}

// csvText is a set as text: classes, decimals, then label and integers a row.
func csvText(s *Set) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %v\n", s.Classes, s.Decimals)
	for i := range s.Len() {
		fmt.Fprintf(&b, "%d %v\n", s.Labels[i], s.Row(i, nil))
	}
	return b.String() + strings.Join(s.Notes, "\n")
}

func TestCSVForms(t *testing.T) {
	const plain = "1,2,a\n3,4,b\n5,6,a\n7,8,b\n9,10,a\n11,12,b\n"
	const want = "[\"a\" \"b\"] []\n0 [1 2]\n1 [3 4]\n0 [5 6]\n1 [7 8]\n0 [9 10]\n1 [11 12]\n"
	for name, c := range map[string]struct{ text, label, want string }{
		"plain":            {plain, "", want},
		"header":           {"x,y,class\n" + plain, "", want},
		"CRLF, no end":     {strings.TrimSuffix(strings.ReplaceAll(plain, "\n", "\r\n"), "\r\n"), "", want},
		"byte-order mark":  {"\xef\xbb\xbf" + plain, "", want},
		"quoted":           {strings.NewReplacer("1,2", `"1" , "2"`, "a", `"a"`).Replace(plain), "", want},
		"blank lines":      {"\n" + strings.ReplaceAll(plain, "\n", "\n \n"), "", want},
		"spaces":           {strings.ReplaceAll(plain, ",", " ,\t"), "", want},
		"label by name":    {"x,y,class\n" + plain, "class", want},
		"label by number":  {plain, "3", want},
		"numbered columns": {"0,1,class\n1,2,5\n3,4,6\n5,6,5\n7,8,6\n9,10,5\n11,12,6\n", "", strings.NewReplacer(`"a"`, `"5"`, `"b"`, `"6"`).Replace(want)},
		"first label, first column named in numbers": {"class,0,1\n5,1,2\n6,3,4\n5,5,6\n6,7,8\n5,9,10\n6,11,12\n", "class",
			strings.NewReplacer(`"a"`, `"5"`, `"b"`, `"6"`).Replace(want)},
		"named label over text":             {"0,1,class\n" + plain, "class", want},
		"a number is a column, not a value": {"3,3,a\n3,4,b\n5,6,a\n7,8,b\n9,10,a\n11,12,b\n", "3", strings.Replace(want, "[1 2]\n1 [3", "[3 3]\n1 [3", 1)},
		"a column called last":              {"last,x,class\na,1,2\nb,3,4\na,5,6\nb,7,8\na,9,10\nb,11,12\n", "last", want},
		"comma and quote in a label":        {strings.ReplaceAll(plain, "b", `"b,""c"""`), "", strings.Replace(want, `"b"`, `"b,\"c\""`, 1)},
		"numbers sort by value": {"1,10\n2,9\n3,-1\n4,10\n5,9\n6,-1\n7,10\n8,9\n9,-1\n", "",
			"[\"-1\" \"9\" \"10\"] []\n2 [1]\n1 [2]\n0 [3]\n2 [4]\n1 [5]\n0 [6]\n2 [7]\n1 [8]\n0 [9]\n"},
		"text sorts by letter": {"1,10\n2,9x\n3,10\n4,9x\n5,10\n6,9x\n", "", "[\"10\" \"9x\"] []\n0 [1]\n1 [2]\n0 [3]\n1 [4]\n0 [5]\n1 [6]\n"},
		"labels of NumPy":      {"1,0.00e+00\n2,1.00e+00\n3,0\n4,1\n5,0\n6,1\n", "", "[\"0\" \"1\"] []\n0 [1]\n1 [2]\n0 [3]\n1 [4]\n0 [5]\n1 [6]\ncolumn 2: 4 ways of writing 2 numbers are merged"},
		"decimals a column":    {"1.50,1e3,a\n-2.25,1e-1,b\n0,0,a\n0,0,b\n0,0,a\n0,0,b\n", "", "[\"a\" \"b\"] [2 1]\n0 [150 10000]\n1 [-225 1]\n0 [0 0]\n1 [0 0]\n0 [0 0]\n1 [0 0]\n"},
		"rounded": {"x,class\n1234567890.123456,a\n0.000005,b\n0.000015,a\n0,b\n0,a\n0,b\n", "",
			"[\"a\" \"b\"] [5]\n0 [123456789012346]\n1 [0]\n0 [2]\n1 [0]\n0 [0]\n1 [0]\ncolumn 1 (x): 3 values rounded half to even to 5 decimal places, so that none has more than 15 digits"},
		"rounded after a first label": {"class,x\na,99999999999999.25\nb,1\na,1\nb,1\na,1\nb,1\n", "first",
			"[\"a\" \"b\"] [1]\n0 [999999999999992]\n1 [10]\n0 [10]\n1 [10]\n0 [10]\n1 [10]\ncolumn 2 (x): 1 values rounded half to even to 1 decimal places, so that none has more than 15 digits"},
		"smaller than decimals go": {"1e-255,a\n1e-300,b\n0,a\n0,b\n0,a\n0,b\n", "",
			"[\"a\" \"b\"] [255]\n0 [1]\n1 [0]\n0 [0]\n1 [0]\n0 [0]\n1 [0]\ncolumn 1: 1 values rounded half to even to 255 decimal places, so that none has more than 15 digits"},
		"damaged first row becomes a noted header": {"1,x2,a\n" + plain, "", want + "line 1 is read as a header, because 1 of its 2 feature cells are text"},
	} {
		s, err := Open("csv:"+writeFile(t, "made.csv", []byte(c.text)), OpenOptions{LabelColumn: c.label})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(c.want, csvText(s)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCSVRefuses(t *testing.T) {
	const tail = "\n3,4,b\n5,6,a\n7,8,b\n"
	for name, c := range map[string]struct{ text, label, want string }{
		"NaN":             {"1,2,a\n1,NaN,b\n", "", `made.csv:2:3: column 2: "NaN" is not a number; want a decimal such as 12, -0.5 or 1.5e-3; fill the cell, or drop the row or the column`},
		"NaN first":       {"NaN,2,a" + tail, "", `made.csv:1:1: column 1: "NaN" is not a number; want a decimal such as 12, -0.5 or 1.5e-3; fill the cell, or drop the row or the column`},
		"infinite":        {"x,y,z\n1,-inf,b\n", "", `made.csv:2:3: column 2 (y): "-inf" is not a number; want a decimal such as 12, -0.5 or 1.5e-3; fill the cell, or drop the row or the column`},
		"text":            {"1,2,a\n1,\"tw\"\"o\",b\n", "", `made.csv:2:3: column 2: "tw\"o" is not a number; want a decimal such as 12, -0.5 or 1.5e-3; drop the column, write its kinds as numbers, or, if it is the label, name it with --label`},
		"long text":       {"1,2,a\n1," + strings.Repeat("long", 20) + ",b\n", "", `made.csv:2:3: column 2: "` + strings.Repeat("long", 9) + `l..." is not a number; want a decimal such as 12, -0.5 or 1.5e-3; drop the column, write its kinds as numbers, or, if it is the label, name it with --label`},
		"empty cell":      {"1,2,a\n1, ,b\n", "", `made.csv:2:4: column 2: "" is empty; want a decimal such as 12 or -0.5; fill the cell, or drop the row or the column`},
		"empty label":     {"1,2,a\n1,2,\n", "", `made.csv:2:5: column 3: "" is no label; want a class name or number; fill the cell, drop the row, or choose another label column`},
		"odd label":       {"1,2,a\n1,2,\xff\n", "", `made.csv:2:5: column 3: "\xff" is no label; want up to 200 bytes of printable UTF-8 text; rename the class`},
		"long label":      {"1,2,a\n1,2," + strings.Repeat("long", 51) + "\n", "", `made.csv:2:5: column 3: "` + strings.Repeat("long", 9) + `l..." is no label; want up to 200 bytes of printable UTF-8 text; rename the class`},
		"ragged, short":   {"1,2,a\n1,b\n", "", `made.csv:2:3: 2 cells; want 3 as in the first row; complete the row or drop it`},
		"ragged, long":    {"1,2,a\n3,4,5,b\n", "", `made.csv:2:7: 4 cells; want 3 as in the first row; complete the row or drop it`},
		"too large":       {"1,1e15,a" + tail, "", `made.csv:1:3: column 2: "1e15" is too large; allowed below 10^15 in size; rescale the column`},
		"exponent":        {"1,1e99999,a" + tail, "", `made.csv:1:3: column 2: "1e99999" has an exponent outside -9999..9999; rescale the column`},
		"open quote":      {"1,\"2,a" + tail, "", `made.csv:1:3: quoted cell does not end on its line; close the quote`},
		"after quote":     {"1,\"2\"x,a" + tail, "", `made.csv:1:3: text after the closing quote; double a quote inside a cell`},
		"semicolons":      {"1;2;a\n3;4;b\n", "", `made.csv:1:1: 1 column, and semicolons in it; want 2 or more separated by commas, features and a label; save the file with commas`},
		"German decimals": {"x;class\n1,5;a\n", "", `made.csv:1:1: 1 column, and semicolons in it; want 2 or more separated by commas, features and a label; save the file with commas`},
		"tabs":            {"x\ty\n3\t4\n", "", `made.csv:1:1: 1 column, and tabs in it; want 2 or more separated by commas, features and a label; save the file with commas`},
		"one column":      {"x\n3\n", "", `made.csv:1:1: 1 column; want 2 or more separated by commas, features and a label; save the file with commas`},
		"a title":         {"Measured in May\n1,2,a\n", "", `made.csv:1:1: 1 column; want 2 or more separated by commas, features and a label; save the file with commas`},
		"old line ends":   {"x,y\r1,a\r2,b\r", "", `made.csv:1:4: a carriage return inside a line; want lines that end in LF or CRLF; save the file so`},
		"UTF-16":          {"\xff\xfex\x00,\x00y\x00\n\x00", "", `made.csv:1:4: a zero byte, as in UTF-16 text or a spreadsheet's own format; want CSV in UTF-8; save the file so`},
		"a text column":   {"x,colour,class\n1,red,a\n", "", `made.csv:2:3: column 2 (colour): "red" is not a number; want a decimal such as 12, -0.5 or 1.5e-3; drop the column, write its kinds as numbers, or, if it is the label, name it with --label`},
		"odd column name": {"\x1b[31m\x85,\"a \"\"b\"\"\",y\n1,x,2\n", "", `made.csv:2:3: column 2 (a "b"): "x" is not a number; want a decimal such as 12, -0.5 or 1.5e-3; drop the column, write its kinds as numbers, or, if it is the label, name it with --label`},
		"escapes":         {"\x1b[31m\x85,y\nx,2\n", "", `made.csv:2:1: column 1 (\x1b[31m\x85): "x" is not a number; want a decimal such as 12, -0.5 or 1.5e-3; drop the column, write its kinds as numbers, or, if it is the label, name it with --label`},
		"long name":       {strings.Repeat("ж", 1000) + ",y\nx,2\n", "", `made.csv:2:1: column 1 (` + strings.Repeat("ж", 18) + `...): "x" is not a number; want a decimal such as 12, -0.5 or 1.5e-3; drop the column, write its kinds as numbers, or, if it is the label, name it with --label`},
		"empty":           {" \n\n", "", `made.csv: empty file; want rows of numbers and a label`},
		"only a mark":     {"\ufeff\n", "", `made.csv: empty file; want rows of numbers and a label`},
		"header only":     {"x,y,class\n", "", `made.csv: a header but no rows; want rows of numbers and a label`},
		"one class":       {"1,2,a\n3,4,a\n5,6,a\n", "", `made.csv: column 3 holds one label only, "a"; want 2 or more; choose another label column`},
		"no classes":      {"x,price\n1,1.5\n2,2.5\n3,3.5\n4,4.5\n", "", `made.csv: column 2 (price) holds 4 different labels in 4 rows; want 3 rows a class on average; choose another label column`},
		"label name":      {"x,y,class\n1,2,a" + tail, "klass", `made.csv:1:1: label column "klass": no such column; want first, last, 1..3 or one of x,y,class`},
		"label number":    {"1,2,a" + tail, "4", `made.csv:1:1: label column "4": no such column; want first, last, 1..3 or one of 1,2,a`},
		"label value":     {"1,7,a" + tail, "7", `made.csv:1:1: label column "7": no such column; want first, last, 1..3 or one of 1,7,a`},
		"label ambiguous": {"x,x,y\n1,2,3" + tail, "x", `made.csv:1:1: label column "x": columns 1 and 2 have that name; name it by number, 1..3`},
		"columns":         {strings.Repeat("1,", 1<<16) + "a\n", "", `made.csv:1:131071: more than 65536 columns; allowed 1..65536`},
		"classes":         {manyLabels(4097), "", `made.csv:4097:3: column 2: "c4096" is one label too many; allowed up to 4096 different ones; choose another label column`},
	} {
		path := writeFile(t, "made.csv", []byte(c.text))
		_, err := Open("csv:"+path, OpenOptions{LabelColumn: c.label})
		if err == nil {
			t.Errorf("%s: no error; want %s", name, c.want)
			continue
		}
		if got := strings.TrimPrefix(err.Error(), filepath.Dir(path)+"/"); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
	}
}

func manyLabels(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "1,c%d\n", i)
	}
	return b.String()
}

// A column of row numbers would give sorted classes away, so a note names it. A
// column that skips a number, is too short or has decimals is data.
func TestCSVRowNumbersAreNoted(t *testing.T) {
	for name, c := range map[string]struct {
		rows int
		cell func(row int) string
		want []string
	}{
		"from 0":      {20, strconv.Itoa, []string{"column 1 (no) counts the rows one by one; drop it if it is a row number, which tells nothing of new samples"}},
		"from -3":     {30, func(row int) string { return strconv.Itoa(row - 3) }, []string{"column 1 (no) counts the rows one by one; drop it if it is a row number, which tells nothing of new samples"}},
		"19 rows":     {19, strconv.Itoa, nil},
		"a step of 2": {30, func(row int) string { return strconv.Itoa(row + row/29) }, nil},
		"decimals":    {30, func(row int) string { return fmt.Sprintf("%d.5", row) }, nil},
	} {
		var b strings.Builder
		b.WriteString("no,class,x\n")
		for row := range c.rows {
			fmt.Fprintf(&b, "%s,%c,1\n", c.cell(row), 'a'+row%2)
		}
		s := mustOpen(t, "csv:"+writeFile(t, "made.csv", []byte(b.String())), OpenOptions{LabelColumn: "class"})
		if diff := cmp.Diff(c.want, s.Notes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCSVFileRefuses(t *testing.T) {
	dir := t.TempDir()
	for ref, want := range map[string]string{
		"csv:" + dir + "/none.csv": "open " + dir + "/none.csv: no such file or directory; want a CSV file, plain or .gz",
		"csv:" + dir + "/":         dir + "/: not a file; want a CSV file, plain or .gz",
	} {
		if _, err := Open(ref, OpenOptions{}); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	if _, err := Open("iris", OpenOptions{LabelColumn: "last"}); err == nil || err.Error() != `label column "last": iris has no columns to choose from; use it with csv:FILE` {
		t.Errorf("label column for iris: %v", err)
	}
}

// What unpacks to more than the bound is refused; so is a file cut short.
func TestCSVGzipIsBounded(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(make([]byte, 1001)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file  []byte
		limit int64
		want  string
	}{
		{b.Bytes(), 1000, "x.csv.gz: more than 1000 bytes; allowed up to that; cut the file or turn it into idx"},
		{b.Bytes()[:b.Len()/2], 1001, "x.csv.gz: unexpected EOF; fetch it again"},
		{[]byte("1,2,a\n"), 1001, "x.csv.gz: no gzip file (unexpected EOF); decompress it by hand or fetch it again"},
	} {
		if _, err := readBounded(bytes.NewReader(c.file), "x.csv.gz", c.limit); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
	if text, err := readBounded(strings.NewReader("1,2\n"), "x.csv", 4); err != nil || string(text) != "1,2\n" {
		t.Errorf("a file of just the bound: %q, %v", text, err)
	}
}

// FuzzCSV: reading never panics, and every value that is read equals what the
// standard library's CSV reader and exact rationals make of the same cell.
func FuzzCSV(f *testing.F) {
	for _, text := range []string{"x,y,class\n1,2,a\n3,4.5,b\n-1e-3,6,a\n7,8,b\n", "1,\"2\",a\r\n3,4,b\r\n", "\xef\xbb\xbf1,nan,0\n", "1,2\n1\n", ",,,\n", "\"a\"\"b\",1\n"} {
		f.Add([]byte(text), "")
	}
	f.Add([]byte("c,1,2\na,1e14,.5\nb,5.,+0\nb,1,1\na,1,1\na,1,1\nb,1,1\n"), "c")
	f.Fuzz(func(t *testing.T, text []byte, label string) {
		s := &Set{Name: "fuzz"}
		if err := readCSV(s, bytes.NewReader(text), "fuzz.csv", label); err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Fatalf("error of more than one line: %q", err)
			}
			return
		}
		s.splitFifths()
		if err := s.Validate(); err != nil {
			t.Fatal(err)
		}
		compareWithStandardReader(t, s, text)
	})
}

// compareWithStandardReader looks for each value among the cells of its row.
func compareWithStandardReader(t *testing.T, s *Set, text []byte) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	records, err := r.ReadAll()
	if err != nil || len(records) < s.Len() || strings.Contains(strings.Join(s.Notes, " "), "rounded") {
		return // spaces around quotes are accepted here only; rounding has its own test
	}
	records = slices.DeleteFunc(records, func(record []string) bool { return len(record) == 1 })
	if len(records) < s.Len() {
		return
	}
	records = records[len(records)-s.Len():]
	for i, record := range records {
		cells := map[string]int{}
		for _, c := range record {
			if v, ok := rational(strings.TrimSpace(c)); ok {
				cells[v]++
			}
		}
		for feature, n := range s.Row(i, nil) {
			power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(s.decimals(feature))), nil)
			v := new(big.Rat).SetFrac(big.NewInt(n), power).RatString()
			if cells[v]--; cells[v] < 0 {
				t.Fatalf("row %d, feature %d is %s; the file's row holds %q", i, feature, v, record)
			}
		}
	}
}

func rational(text string) (string, bool) {
	if d, err := parseDecimal([]byte(text), nil); err != nil || d.exponent > 1000 || d.exponent < -1000 {
		return "", false // big.Rat also reads 0x10, 1/3 and huge exponents slowly
	}
	v, ok := new(big.Rat).SetString(text)
	if !ok {
		return "", false
	}
	return v.RatString(), true
}

func BenchmarkReadCSV(b *testing.B) {
	for _, columns := range []int{4, 64, 784} {
		var text bytes.Buffer
		for r := range 1000 {
			text.WriteString(strings.Repeat("12.5,", columns) + fmt.Sprintf("c%d\n", r%10))
		}
		b.Run(fmt.Sprintf("rows=1000/features=%d", columns), func(b *testing.B) {
			cells := 0
			for b.Loop() {
				if err := readCSV(&Set{}, bytes.NewReader(text.Bytes()), "bench.csv", ""); err != nil {
					b.Fatal(err)
				}
				cells += 1000 * columns
			}
			b.ReportMetric(float64(cells)/b.Elapsed().Seconds(), "cells/s")
		})
	}
}
