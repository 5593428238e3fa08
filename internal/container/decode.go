package container

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Decode reads a file of the given kind, or of any kind if kind is "". Errors are
// one line that starts with name.
func Decode(name string, data []byte, kind string, lim Limits) (*File, error) {
	return decodeFrom(name, bytes.NewReader(data), int64(len(data)), kind, lim)
}

// ReadFile reads a file of the given kind, or of any kind if kind is "".
func ReadFile(path, kind string, lim Limits) (*File, error) {
	file, size, err := openRegular(path, lim)
	if err != nil {
		return nil, err
	}
	defer file.Close() // nothing was written
	return decodeFrom(path, file, size, kind, lim)
}

// DecodeForeign reads the arrays of any npz that NumPy wrote, stored or deflated,
// in the order of the file. Errors are one line that starts with name.
func DecodeForeign(name string, data []byte, lim Limits) ([]Array, error) {
	return decodeForeignFrom(name, bytes.NewReader(data), int64(len(data)), lim)
}

// ReadForeign reads the arrays of any npz that NumPy wrote.
func ReadForeign(path string, lim Limits) ([]Array, error) {
	file, size, err := openRegular(path, lim)
	if err != nil {
		return nil, err
	}
	defer file.Close() // nothing was written
	return decodeForeignFrom(path, file, size, lim)
}

func decodeForeignFrom(name string, r io.ReaderAt, size int64, lim Limits) ([]Array, error) {
	members, err := checkedMembers(name, r, size, lim)
	if err != nil {
		return nil, err
	}
	budget := lim.TotalBytes
	var arrays []Array
	for _, m := range members {
		a, err := m.read(lim, &budget)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		arrays = append(arrays, a)
	}
	return arrays, nil
}

func checkedMembers(name string, r io.ReaderAt, size int64, lim Limits) ([]member, error) {
	if err := lim.Validate(); err != nil {
		return nil, err
	}
	if err := lim.checkFileSize(name, size); err != nil {
		return nil, err
	}
	members, err := openMembers(r, size, lim)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return members, nil
}

func decodeFrom(name string, r io.ReaderAt, size int64, kind string, lim Limits) (*File, error) {
	members, err := checkedMembers(name, r, size, lim)
	if err != nil {
		return nil, err
	}
	f, hash, err := decodeMembers(members, kind, lim)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if got := f.Hash(); got != hash {
		return nil, fmt.Errorf("%s: content hash differs: the file was changed or damaged (header says %.80q, content is %q); make it again with the command that wrote it, or restore a copy",
			name, hash, got)
	}
	return f, nil
}

// decodeMembers reads the envelope first, so that a file of another kind is
// refused before its arrays take memory. It returns the hash the file claims.
func decodeMembers(members []member, kind string, lim Limits) (*File, string, error) {
	envelopeLimits := lim
	envelopeLimits.ArrayBytes = int64(lim.JSONBytes)
	envelopeBudget := int64(lim.JSONBytes)
	f, hash := (*File)(nil), ""
	for _, m := range members {
		if m.name != headerName {
			continue
		}
		a, err := m.read(envelopeLimits, &envelopeBudget)
		if err != nil {
			return nil, "", err
		}
		if f, hash, err = parseEnvelope(a, kind); err != nil {
			return nil, "", err
		}
	}
	if f == nil {
		return nil, "", fmt.Errorf("no array %q, so tritloom did not write it; want a %s file, or bring it in with the import command",
			headerName, orAny(kind))
	}
	budget := lim.TotalBytes
	for _, m := range members {
		if m.name == headerName {
			continue
		}
		a, err := m.read(lim, &budget)
		if err != nil {
			return nil, "", err
		}
		f.Arrays = append(f.Arrays, a)
	}
	return f, hash, nil
}

// parseEnvelope checks format, version and kind.
func parseEnvelope(a Array, kind string) (*File, string, error) {
	text, err := a.Uint8s()
	if err != nil {
		return nil, "", err
	}
	var e envelope
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil {
		return nil, "", fmt.Errorf("array %q is not tritloom's JSON (%w); make the file again", headerName, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, "", fmt.Errorf("array %q has text after its JSON object; make the file again", headerName)
	}
	found, version, ok := parseFormat(e.Format)
	switch {
	case !ok:
		return nil, "", fmt.Errorf("format %.60q; want tritloom-%s/%d", e.Format, orAny(kind), formatVersion)
	case kind != "" && found != kind:
		return nil, "", fmt.Errorf("this file holds %s, want %s; name another, tritloom inspect tells them apart", withArticle(found), withArticle(kind))
	case version > formatVersion:
		return nil, "", fmt.Errorf("format %s is newer than version %d, the newest this tritloom reads; use a newer tritloom", e.Format, formatVersion)
	case !strings.HasPrefix(string(e.Header), "{"):
		return nil, "", fmt.Errorf("array %q: header %.40q; want a JSON object", headerName, e.Header)
	}
	return &File{Kind: found, Header: compact(e.Header), Tool: e.Tool}, e.Hash, nil
}

// withArticle is "a network" or "arrays", for messages.
func withArticle(kind string) string {
	if strings.HasSuffix(kind, "s") {
		return kind
	}
	return "a " + kind
}

// parseFormat takes "tritloom-layout/1" apart.
func parseFormat(format string) (kind string, version int, ok bool) {
	rest, ours := strings.CutPrefix(format, "tritloom-")
	kind, digits, cut := strings.Cut(rest, "/")
	version, err := strconv.Atoi(digits)
	ok = ours && cut && err == nil && version >= 1 && strconv.Itoa(version) == digits && validKind(kind)
	return kind, version, ok
}

func orAny(kind string) string {
	if kind == "" {
		return "tritloom"
	}
	return kind
}
