package container

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"sort"
	"strings"
	"unicode/utf8"
)

// Sizes and signatures of the zip format (APPNOTE 6.3.10, sections 4.3.7 and 4.3.16).
const (
	zipEndSize       = 22 // end of central directory without comment
	zipLocalSize     = 30 // local file header without name and extra field
	zipEndSignature  = "PK\x05\x06"
	zip64Signature   = "PK\x06\x07"
	zip64LocatorSize = 20

	// directoryBytesPerArray bounds the directory: 46 fixed bytes, a name and
	// the extra fields other programs add.
	directoryBytesPerArray = 1024

	// deflateRatio is above the most that deflate can expand (1032, zlib's
	// technical note), so a member that claims more is lying.
	deflateRatio = 1100
)

// member is one npy file inside the zip.
type member struct {
	name string // without ".npy"
	file *zip.File
}

// openMembers lists a zip's members after checking everything that can be checked
// without reading them. Its errors do not repeat the file's name.
func openMembers(r io.ReaderAt, size int64, lim Limits) ([]member, error) {
	directory, err := checkZipEnd(r, size, lim)
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("damaged zip directory (%w); make or copy the file again", err)
	}
	if len(archive.File) > lim.Arrays {
		return nil, fmt.Errorf("%d members; at most %d are read", len(archive.File), lim.Arrays)
	}
	var members []member
	seen := map[string]bool{}
	for _, file := range archive.File {
		name, isArray := strings.CutSuffix(file.Name, ".npy")
		if !isArray {
			return nil, fmt.Errorf("member %.80q is not an array; an npz holds only names that end in .npy", file.Name)
		}
		if err := checkName(name); err != nil {
			return nil, err
		}
		if seen[name] {
			return nil, fmt.Errorf("array %q is there twice; make the file again", name)
		}
		seen[name] = true
		members = append(members, member{name, file})
	}
	return members, checkOverlaps(members, directory)
}

// checkZipEnd finds the directory, whose size bounds what archive/zip will allocate,
// and returns its offset. archive/zip itself would follow lying counts and zip64
// records, so a file must be as plain as NumPy writes it.
func checkZipEnd(r io.ReaderAt, size int64, lim Limits) (int64, error) {
	tail := make([]byte, min(size, zipEndSize+zip64LocatorSize))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return 0, fmt.Errorf("cannot read it: %w", err)
	}
	end := tail[max(0, len(tail)-zipEndSize):]
	if len(end) < zipEndSize || string(end[:4]) != zipEndSignature {
		return 0, fmt.Errorf("%d bytes without a zip directory at their end; the file was cut short or is no npz; make or copy it again", size)
	}
	if strings.HasPrefix(string(tail), zip64Signature) {
		return 0, fmt.Errorf("zip64 directory; only files below 4 GiB are read; split it into smaller files")
	}
	length := int64(binary.LittleEndian.Uint32(end[12:]))
	offset := int64(binary.LittleEndian.Uint32(end[16:]))
	if offset+length != size-zipEndSize {
		return 0, fmt.Errorf("zip directory of %d bytes at %d does not end where its end record stands, at %d; make or copy the file again",
			length, offset, size-zipEndSize)
	}
	if most := int64(lim.Arrays) * directoryBytesPerArray; length > most {
		return 0, fmt.Errorf("zip directory of %d bytes; at most %d are read", length, most)
	}
	return offset, nil
}

// checkName refuses names that could be mistaken for a path or spoil a message.
func checkName(name string) error {
	control := func(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }
	if name == "" || len(name) > 255 || strings.ContainsAny(name, `/\`) ||
		strings.Contains(name, "..") || strings.ContainsFunc(name, control) {
		return fmt.Errorf("array name %.80q; want 1 to 255 bytes of plain text without / \\ or two dots", name)
	}
	return nil
}

// checkOverlaps refuses members that share bytes, the trick by which a small file
// unpacks to a huge one many times over.
func checkOverlaps(members []member, directory int64) error {
	type span struct {
		name       string
		start, end int64
	}
	var spans []span
	for _, m := range members {
		data, err := m.file.DataOffset()
		if err != nil {
			return fmt.Errorf("array %q: damaged zip entry (%w); make or copy the file again", m.name, err)
		}
		length := m.file.CompressedSize64
		if length > math.MaxInt64-uint64(data) {
			return fmt.Errorf("array %q claims %d bytes in a smaller file", m.name, length)
		}
		spans = append(spans, span{m.name, data - zipLocalSize - int64(len(m.file.Name)), data + int64(length)})
	}
	sort.Slice(spans, func(i, j int) bool { return spans[i].start < spans[j].start })
	for i, s := range spans {
		if s.end > directory {
			return fmt.Errorf("array %q ends at byte %d, inside the zip directory at %d; make or copy the file again", s.name, s.end, directory)
		}
		if i > 0 && s.start < spans[i-1].end {
			return fmt.Errorf("arrays %q and %q share bytes of the zip; make the file again", spans[i-1].name, s.name)
		}
	}
	return nil
}
