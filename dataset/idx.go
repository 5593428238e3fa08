package dataset

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Magic numbers of the idx format: unsigned bytes in three and one dimensions.
const (
	magicImages = 2051
	magicLabels = 2049
)

// Bounds on what an idx header may claim. MaxIDXBytes is 23 times MNIST.
const (
	MaxIDXBytes = 1 << 30 // bytes of one decompressed file
	maxIDXSide  = 1 << 12 // pixels
)

// deflateLimit is the highest compression ratio that the deflate format can
// reach. A header that claims more bytes than this times its file is lying.
const deflateLimit = 1032

// idxFile is a decoded idx file: its sizes, samples first, and its bytes.
type idxFile struct {
	sizes []int
	data  []byte
}

// readIDXFile reads the idx file name of a folder, decompressed if it ends in
// .gz. Nothing is allocated before the sizes in the header were held against
// the length of the file.
func readIDXFile(fsys fs.FS, name string, magic uint32) (idxFile, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return idxFile{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return idxFile{}, err
	}
	if !strings.HasSuffix(name, ".gz") {
		return decodeIDX(f, magic, info.Size(), true)
	}
	z, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		return idxFile{}, fmt.Errorf("no gzip file (%v); decompress it by hand or fetch it again", err)
	}
	return decodeIDX(z, magic, info.Size()*deflateLimit, false)
}

// decodeIDX decodes a stream that holds at most limit bytes, or exactly limit.
func decodeIDX(r io.Reader, magic uint32, limit int64, exact bool) (idxFile, error) {
	dimensions := map[uint32]int{magicImages: 3, magicLabels: 1}[magic]
	header := make([]byte, 4+4*dimensions)
	if n, err := io.ReadFull(r, header); n == 0 {
		return idxFile{}, fmt.Errorf("empty file (%v); want an idx header; fetch it again", err)
	} else if found := binary.BigEndian.Uint32(header); n >= 4 && found != magic {
		return idxFile{}, fmt.Errorf("magic number %d%s; want %d (%s); put MNIST-format %s there", found, magicHint(found), magic, magicWord[magic], magicWord[magic])
	} else if err != nil {
		return idxFile{}, fmt.Errorf("truncated: %d of the %d header bytes; fetch it again", n, len(header))
	}
	sizes, total, err := idxSizes(header[4:])
	if err != nil {
		return idxFile{}, err
	}
	promised := int64(len(header)) + total
	if promised > limit {
		return idxFile{}, fmt.Errorf("truncated: header promises %d bytes, the file holds %s%d; fetch it again", promised, map[bool]string{false: "at most "}[exact], limit)
	}
	data := make([]byte, total)
	if n, err := io.ReadFull(r, data); err != nil {
		return idxFile{}, fmt.Errorf("truncated: header promises %d bytes, the file holds %d (%v); fetch it again", promised, len(header)+n, err)
	}
	if n, err := io.CopyN(io.Discard, r, 1); n != 0 {
		return idxFile{}, fmt.Errorf("more bytes than the %d that the header promises; fetch it again", promised)
	} else if err != io.EOF { // a gzip checksum is checked at the end
		return idxFile{}, fmt.Errorf("damaged: %v; fetch it again", err)
	}
	return idxFile{sizes, data}, nil
}

// idxSizes reads the sizes of the header and bounds each and their product.
func idxSizes(header []byte) (sizes []int, total int64, err error) {
	total = 1
	for d := 0; len(header) > 0; d, header = d+1, header[4:] {
		size := int64(binary.BigEndian.Uint32(header))
		if size == 0 {
			return nil, 0, fmt.Errorf("size %d is 0; there is nothing in the file", d)
		}
		if d > 0 && size > maxIDXSide {
			return nil, 0, fmt.Errorf("image side of %d pixels; allowed 1..%d; scale the images down, or fetch the file again", size, maxIDXSide)
		}
		total *= size // at most 2^32 · 2^12 · 2^12
		sizes = append(sizes, int(size))
	}
	if total > MaxIDXBytes {
		return nil, 0, fmt.Errorf("sizes %v make %d bytes; allowed up to %d; cut the file into smaller ones", sizes, total, MaxIDXBytes)
	}
	return sizes, total, nil
}

var magicWord = map[uint32]string{magicImages: "images", magicLabels: "labels"}

func magicHint(found uint32) string {
	if w, ok := magicWord[found]; ok {
		return " (" + w + ")"
	}
	if found>>16 == 0x1f8b {
		return " (gzip; let the name end in .gz)"
	}
	return ""
}
