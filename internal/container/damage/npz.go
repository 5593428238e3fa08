package damage

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"slices"

	"tritloom/internal/container"
)

// member is a member of a zip, unpacked.
type member struct {
	name   string
	data   []byte
	packed bool
	claim  uint64 // unpacked size that the directory gives; 0 is the truth
}

// Zip damages what lies behind a zip's checksums: the bytes, the names, the
// number and the packing of its members. Checksums are right again.
func Zip(r *rand.Rand, file []byte) ([]byte, string) {
	members := unzip(file)
	k := r.IntN(len(members))
	m := &members[k]
	var how string
	switch r.IntN(10) {
	case 0:
		members, how = slices.Delete(members, k, k+1), "left out"
	case 1:
		members, how = append(members, *m), "there twice"
	case 2:
		other := &members[r.IntN(len(members))]
		m.data, other.data, how = other.data, m.data, "with the data of "+other.name
	case 3:
		m.packed, m.claim, how = true, ends[r.IntN(len(ends))], "packed under a claim"
	case 4:
		var name []byte
		name, how = Bytes(r, []byte(m.name))
		m.name, how = string(name), "named anew: "+how
	case 5, 6: // the npy header alone
		head := min(len(m.data), 128)
		changed, edit := Text(r, m.data[:head])
		m.data, how = slices.Concat(changed, m.data[head:]), "in the header: "+edit
	default:
		m.data, how = Bytes(r, m.data)
	}
	if r.IntN(4) == 0 {
		for i := range members {
			members[i].packed = true
		}
	}
	return rezip(members), fmt.Sprintf("member %d of the zip %s", k, how)
}

// unzip panics on damaged files: it is given sound ones.
func unzip(file []byte) []member {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		panic("damage: " + err.Error())
	}
	var members []member
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			panic("damage: " + err.Error())
		}
		data, err := io.ReadAll(r)
		if err != nil {
			panic("damage: " + err.Error())
		}
		members = append(members, member{name: f.Name, data: data})
	}
	return members
}

func rezip(members []member) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		header := zip.FileHeader{Name: m.name, CRC32: crc32.ChecksumIEEE(m.data), UncompressedSize64: uint64(len(m.data))}
		data := m.data
		if m.packed {
			header.Method, data = zip.Deflate, deflated(m.data)
		}
		if m.claim > 0 {
			header.UncompressedSize64 = m.claim
		}
		header.CompressedSize64 = uint64(len(data))
		entry, err := w.CreateRaw(&header)
		if err != nil {
			continue // a name that no zip can hold
		}
		entry.Write(data)
	}
	w.Close() // a bytes.Buffer takes every byte
	return b.Bytes()
}

func deflated(data []byte) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		panic("damage: " + err.Error())
	}
	w.Write(data)
	w.Close() // a bytes.Buffer takes every byte
	return b.Bytes()
}

// Content damages what lies behind a container's content hash: numbers and
// texts of the header, values, types and shapes of arrays. The hash is right
// again.
func Content(r *rand.Rand, file []byte) ([]byte, string) {
	f, err := container.Decode("sound", file, "", container.DefaultLimits())
	if err != nil {
		panic("damage: " + err.Error())
	}
	for range 20 { // most damage to JSON leaves no JSON, which cannot be written
		damaged := *f
		damaged.Arrays = slices.Clone(f.Arrays)
		how := content(r, &damaged)
		if data, err := container.Encode(&damaged); err == nil {
			return data, how
		}
	}
	return Zip(r, file)
}

func content(r *rand.Rand, f *container.File) (how string) {
	if len(f.Arrays) == 0 || r.IntN(2) == 0 {
		edits := []Edit{number, number, number, flip, remove, copyBlock}
		f.Header, how = edits[r.IntN(len(edits))](r, f.Header)
		return "header: " + how
	}
	k := r.IntN(len(f.Arrays))
	a := &f.Arrays[k]
	switch r.IntN(6) {
	case 0:
		f.Arrays, how = slices.Delete(f.Arrays, k, k+1), "left out"
	case 1:
		a.Shape = slices.Clone(a.Shape)
		slices.Reverse(a.Shape)
		how = "with its axes in reverse"
	case 2:
		types := []container.Dtype{container.Uint8, container.Int8, container.Int16, container.Int32, container.Int64, container.Uint64, container.Float32, container.Float64}
		a.Dtype = types[r.IntN(len(types))]
		a.Shape, how = []int{len(a.Data) / a.Dtype.Size()}, "a list of "+a.Dtype.String()
	case 3:
		other := f.Arrays[r.IntN(len(f.Arrays))]
		how = "with the content of " + other.Name
		a.Dtype, a.Shape, a.Data = other.Dtype, other.Shape, other.Data
	default:
		if len(a.Data) == 0 {
			return "nothing"
		}
		edit := []Edit{flip, field}[r.IntN(2)]
		a.Data, how = edit(r, a.Data)
	}
	return fmt.Sprintf("array %d %s", k, how)
}
