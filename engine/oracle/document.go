package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
)

const format = "bucketmap-trace/1"

// A document is a recording as it lies in a file. README.md says what every part means.
type document struct {
	Format  string            `json:"format"`
	Go      string            `json:"go"`
	Name    string            `json:"name"`
	Note    string            `json:"note"`
	Type    typeFacts         `json:"type"`
	Hint    *int              `json:"hint"`
	Hash0   uint32            `json:"hash0"`
	Hashkey [4]string         `json:"hashkey"`
	Draws   []string          `json:"draws"`
	Ops     []json.RawMessage `json:"ops"`
	Check   []json.RawMessage `json:"check"`
	Full    []json.RawMessage `json:"full"`
	Heap    []uint64          `json:"heap,omitempty"`
}

// typeFacts is what a recording says about its map type.
type typeFacts struct {
	BucketHasPointers bool   `json:"bucketHasPointers"`
	BucketSize        int    `json:"bucketSize"`
	Elem              string `json:"elem"`
	ElemSize          int    `json:"elemSize"`
	ElemSlot          int    `json:"elemSlot"`
	Flags             int    `json:"flags"`
	Key               string `json:"key"`
	KeySize           int    `json:"keySize"`
	KeySlot           int    `json:"keySlot"`
	Variant           string `json:"variant"`
}

func factsOf(m goMap) typeFacts {
	key, elem := m.types()
	t := m.descriptor()
	return typeFacts{
		Key: spell(key), Elem: spell(elem), KeySize: int(key.Size()), ElemSize: int(elem.Size()),
		KeySlot: int(t.keySize), ElemSlot: int(t.valueSize), BucketSize: int(t.bucketSize), Flags: int(t.flags),
		BucketHasPointers: !t.noPointers(), Variant: variantOf(key, elem),
	}
}

// newDocument returns a recording of m that has nothing in it yet.
func newDocument(name, note string, m goMap, hint *int, key [4]uintptr) *document {
	d := &document{Format: format, Go: runtime.Version(), Name: name, Note: note, Type: factsOf(m), Hint: hint}
	for i := range key {
		d.Hashkey[i] = fmt.Sprintf("%016x", uint64(key[i]))
	}
	return d
}

// numbers returns the document's hash key and draws as numbers.
func (d *document) numbers() (key [4]uintptr, draws []uint64, err error) {
	for i, text := range d.Hashkey {
		n, err := strconv.ParseUint(text, 16, 64)
		if err != nil {
			return key, nil, fmt.Errorf("hashkey: %q is not a number of 16 hex digits", text)
		}
		key[i] = uintptr(n)
	}
	for _, text := range d.Draws {
		n, err := strconv.ParseUint(text, 16, 64)
		if err != nil {
			return key, nil, fmt.Errorf("draws: %q is not a number of 16 hex digits", text)
		}
		draws = append(draws, n)
	}
	return key, draws, nil
}

// text returns the document as JSON with a few line breaks. The same document always gives the same bytes.
func (d *document) text() ([]byte, error) {
	var out bytes.Buffer
	part := func(before string, value any, after string) error {
		out.WriteString(before)
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(value); err != nil {
			return err
		}
		out.Truncate(out.Len() - 1) // Encode's line break
		out.WriteString(after)
		return nil
	}
	type section struct {
		before string
		value  any
		after  string
	}
	parts := []section{
		{`{"format":`, d.Format, ","}, {`"go":`, d.Go, ","}, {`"name":`, d.Name, ","}, {`"note":`, d.Note, ",\n"},
		{`"type":`, d.Type, ",\n"}, {`"hint":`, d.Hint, ","}, {`"hash0":`, d.Hash0, ",\n"}, {`"hashkey":`, d.Hashkey, ",\n"},
		{`"draws":`, d.Draws, ",\n"}, {`"ops":`, orEmpty(d.Ops), ",\n"}, {`"check":`, orEmpty(d.Check), ",\n"},
		{`"full":`, orEmpty(d.Full), "}\n"},
	}
	if d.Heap != nil {
		parts[len(parts)-1].after = ",\n"
		parts = append(parts, section{`"heap":`, d.Heap, "}\n"})
	}
	for _, p := range parts {
		if err := part(p.before, p.value, p.after); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// orEmpty turns a nil list, which JSON would write as null, into an empty one.
func orEmpty(list []json.RawMessage) []json.RawMessage {
	if list == nil {
		return []json.RawMessage{}
	}
	return list
}

// write puts the document into a gzip file. The gzip header holds no time and no name.
func (d *document) write(path string) error {
	text, err := d.text()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	compressor, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := compressor.Write(text); err != nil {
		return err
	}
	if err := compressor.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}

// readDocument reads a recording from a gzip file.
func readDocument(path string) (*document, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	decompressor, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("%s: not a gzip file: %w", path, err)
	}
	text, err := io.ReadAll(decompressor)
	if err != nil {
		return nil, fmt.Errorf("%s: not a whole gzip file: %w", path, err)
	}
	d := new(document)
	if err := json.Unmarshal(text, d); err != nil {
		return nil, fmt.Errorf("%s: not a recording: %w", path, err)
	}
	if d.Format != format {
		return nil, fmt.Errorf("%s: its format is %q, not %q", path, d.Format, format)
	}
	return d, nil
}
