package dataset

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
)

// folder is a folder of idx files and the name that errors give it.
type folder struct {
	fs.FS
	name string
}

// readIDXFolder reads a folder in the MNIST layout: train-* and t10k-* pairs
// of images and labels, or a single pair.
func readIDXFolder(s *Set, dir folder) error {
	counts, err := readImages(s, dir)
	if err != nil {
		return err
	}
	if len(counts) == 2 {
		s.splitStandard(counts[0])
		return nil
	}
	s.Notes = append(s.Notes, "one pair of idx files only: the test part is cut out of it")
	s.splitFifths()
	return nil
}

// readImages reads the samples of a folder and returns how many each pair
// holds, training first. It checks shape and labels against the set's, where
// those are known beforehand.
func readImages(s *Set, dir folder) (counts []int, err error) {
	for _, prefix := range []string{"train-", "t10k-", ""} {
		if prefix == "" && len(counts) > 0 {
			break
		}
		images, err := dir.pair(prefix)
		if err != nil {
			return nil, err
		}
		if images == nil {
			continue
		}
		if err := s.addImages(images, dir); err != nil {
			return nil, err
		}
		counts = append(counts, len(images.labels))
	}
	if len(counts) == 0 {
		return nil, fmt.Errorf("%s: no idx files; want train-images-idx3-ubyte and train-labels-idx1-ubyte, plain or .gz", dir.name)
	}
	if s.Classes == nil {
		s.nameClasses()
	}
	return counts, s.checkLabels()
}

// imagePair is the content of an images file and its labels file.
type imagePair struct {
	name          string // of the images file
	pixels        []byte
	labels        []byte
	height, width int
}

// pair reads the pair with that prefix; nil if the folder has no such images.
func (dir folder) pair(prefix string) (*imagePair, error) {
	imagesName, ok := dir.locate(prefix, "images", 3)
	if !ok {
		return nil, nil
	}
	images, err := readIDXFile(dir, imagesName, magicImages)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir.name, imagesName), err)
	}
	labelsName, ok := dir.locate(prefix, "labels", 1)
	if !ok {
		return nil, fmt.Errorf("%s: no %slabels-idx1-ubyte beside %s; put the labels there", dir.name, prefix, imagesName)
	}
	labels, err := readIDXFile(dir, labelsName, magicLabels)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir.name, labelsName), err)
	}
	if images.sizes[0] != labels.sizes[0] {
		return nil, fmt.Errorf("%s: %d labels in %s, %d images in %s; want as many; the files do not belong together",
			dir.name, labels.sizes[0], labelsName, images.sizes[0], imagesName)
	}
	return &imagePair{imagesName, images.data, labels.data, images.sizes[1], images.sizes[2]}, nil
}

// locate finds a file under the names in use: with a hyphen or a full stop
// before idx, plain before compressed.
func (dir folder) locate(prefix, what string, dimensions int) (string, bool) {
	for _, suffix := range []string{"", ".gz"} {
		for _, stop := range []string{"-", "."} {
			name := fmt.Sprintf("%s%s%sidx%d-ubyte%s", prefix, what, stop, dimensions, suffix)
			if info, err := fs.Stat(dir, name); err == nil && info.Mode().IsRegular() {
				return name, true
			}
		}
	}
	return "", false
}

// addImages appends the samples of a pair; the first one gives the shape.
func (s *Set) addImages(p *imagePair, dir folder) error {
	if s.Shape == nil {
		s.Shape = []int{p.height, p.width}
	}
	if p.height != s.Shape[0] || p.width != s.Shape[1] {
		return fmt.Errorf("%s: images of %dx%d; want %dx%d", filepath.Join(dir.name, p.name), p.height, p.width, s.Shape[0], s.Shape[1])
	}
	s.values.bytes = append(s.values.bytes, p.pixels...)
	for _, l := range p.labels {
		s.Labels = append(s.Labels, int32(l))
	}
	return nil
}

// nameClasses names the classes by their numbers, 0 to the highest in use.
func (s *Set) nameClasses() {
	highest := int32(0)
	for _, l := range s.Labels {
		highest = max(highest, l)
	}
	for c := range highest + 1 {
		s.Classes = append(s.Classes, strconv.Itoa(int(c)))
	}
}

// splitStandard tests on the test files only and validates on the last training
// images: 5,000 of them as usual for MNIST, a fifth where that is fewer.
func (s *Set) splitStandard(train int) {
	validation := min(5000, fifth(train))
	s.Splits = append(s.Splits, Split{
		Name:     "standard",
		Describe: fmt.Sprintf("test: the t10k files; validation: the last %d training images", validation),
		Train:    span(0, train-validation), Validation: span(train-validation, train), Test: span(train, s.Len()),
	})
}
