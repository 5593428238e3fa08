package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"tritloom/internal/container"
	"tritloom/layout"
	"tritloom/layout/replay"
)

// damages are the ways in which damage HOW FROM TO spoils a file.
var damages = map[string]func(from, to string) error{
	"cut":    cutInHalf,
	"flip":   flipBit,
	"claim":  claimShape,
	"header": claimNeurons,
	"turn":   turnWeight,
	"move":   moveOutput,
	"spike":  renameSpike,
}

func damage(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg)
	if len(args) != 3 {
		ts.Fatalf("usage: damage HOW FROM TO")
	}
	ts.Check(spoil(args[0], ts.MkAbs(args[1]), ts.MkAbs(args[2])))
}

func spoil(how, from, to string) error {
	f, ok := damages[how]
	if !ok {
		return fmt.Errorf("no damage %q", how)
	}
	return f(from, to)
}

func cutInHalf(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text[:len(text)/2], 0o666)
}

func flipBit(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	text[len(text)/2] ^= 1
	return os.WriteFile(to, text, 0o666)
}

// claimShape copies an npz whose first weight plane claims 10^12 places.
func claimShape(from, to string) error {
	archive, err := zip.OpenReader(from)
	if err != nil {
		return err
	}
	defer archive.Close()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, file := range archive.File {
		data, err := fs.ReadFile(archive, file.Name)
		if err != nil {
			return err
		}
		if strings.HasSuffix(file.Name, "plus.npy") {
			data = withShape(data, "(1000000, 1000000)")
		}
		entry, err := w.CreateHeader(&zip.FileHeader{Name: file.Name, Method: zip.Store})
		if err != nil {
			return err
		}
		if _, err := entry.Write(data); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(to, b.Bytes(), 0o666)
}

// withShape changes the shape in an npy header of version 1, whose length
// stands in bytes 8 and 9.
func withShape(npy []byte, shape string) []byte {
	const fixed = 10
	npy = regexp.MustCompile(`'shape': \([^)]*\)`).ReplaceAllLiteral(npy, []byte("'shape': "+shape))
	binary.LittleEndian.PutUint16(npy[fixed-2:], uint16(bytes.IndexByte(npy[fixed:], '\n')+1))
	return npy
}

// claimNeurons writes a network whose header calls for 10^12 weights, with a
// content hash that is right.
func claimNeurons(from, to string) error {
	file, err := container.ReadFile(from, "", container.DefaultLimits())
	if err != nil {
		return err
	}
	file.Header = regexp.MustCompile(`"(inputs|outputs)":\d+`).ReplaceAll(file.Header, []byte(`"$1":1000000`))
	return container.WriteFile(to, file)
}

// turnWeight writes a layout with the sign of one weight turned: sound in form,
// its hash right, and not what was compiled.
func turnWeight(from, to string) error {
	l, err := layout.ReadFile(from)
	if err != nil {
		return err
	}
	plus, minus := l.Cores[0].Planes[0], l.Cores[0].Planes[1]
	for i, word := range plus.Words {
		if bit := word & -word; bit != 0 {
			plus.Words[i] &^= bit
			minus.Words[i] |= bit
			return l.WriteFile(to, "test")
		}
	}
	return errors.New("no weight to turn")
}

// moveOutput writes a layout whose first two classes have changed places.
func moveOutput(from, to string) error {
	l, err := layout.ReadFile(from)
	if err != nil {
		return err
	}
	first, second := &l.OutputMap[0], &l.OutputMap[1]
	first.Core, second.Core = second.Core, first.Core
	first.Column, second.Column = second.Column, first.Column
	return l.WriteFile(to, "test")
}

// renameSpike writes a replay case whose first recorded spike is another output's.
func renameSpike(from, to string) error {
	c, err := replay.ReadFile(from)
	if err != nil {
		return err
	}
	c.Expected[0].Index++
	return c.WriteFile(to, "test")
}

// makeIDX is idx DIR IMAGES LABELS MAGIC: a pair of idx files of 2×2 pixels and
// two classes; the magic number is that of the images.
func makeIDX(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg)
	var n [3]int
	for i := range n {
		var err error
		n[i], err = strconv.Atoi(args[i+1])
		ts.Check(err)
	}
	images, labels := []uint32{uint32(n[2]), uint32(n[0]), 2, 2}, []uint32{2049, uint32(n[1])}
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o777))
	ts.Check(os.WriteFile(filepath.Join(dir, "train-images-idx3-ubyte"), idxBytes(images, 4*n[0]), 0o666))
	ts.Check(os.WriteFile(filepath.Join(dir, "train-labels-idx1-ubyte"), idxBytes(labels, n[1]), 0o666))
}

func idxBytes(header []uint32, bytes int) []byte {
	var data []byte
	for _, word := range header {
		data = binary.BigEndian.AppendUint32(data, word)
	}
	for i := range bytes {
		data = append(data, byte(i%2))
	}
	return data
}

// makeCSV is csv FILE ROWS LINE...: a header, so many sound rows of two classes,
// then the lines.
func makeCSV(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg)
	rows, err := strconv.Atoi(args[1])
	ts.Check(err)
	lines := []string{"height,width,kind"}
	for i := range rows {
		lines = append(lines, strconv.Itoa(i)+".5,2,"+[]string{"low", "high"}[2*i/rows])
	}
	text := strings.Join(append(lines, args[2:]...), "\n") + "\n"
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}
