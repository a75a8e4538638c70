package main

import (
	"bytes"
	"encoding/hex"
	"unsafe"
)

// A dump is a map's state in full, field by field, for readers of a recording who look for a difference. Its fields
// stand in the order of their names, as in the sorted JSON of a map.
type dump struct {
	B                int        `json:"B"`
	Buckets          [][]bucket `json:"buckets"`
	Count            int        `json:"count"`
	Flags            int        `json:"flags"`
	FreeOverflow     int        `json:"freeOverflow"`
	HasExtra         bool       `json:"hasExtra"`
	Hash0            uint32     `json:"hash0"`
	BucketCount      *int       `json:"nbuckets"`
	Nevacuate        int        `json:"nevacuate"`
	NextOverflow     int        `json:"nextOverflow"`
	OldBucketCount   *int       `json:"noldbuckets"`
	Noverflow        int        `json:"noverflow"`
	Oldbuckets       [][]bucket `json:"oldbuckets"`
	OldoverflowCount *int       `json:"oldoverflowList"`
	Op               int        `json:"op"`
	OverflowCount    *int       `json:"overflowList"`
	SameSizeGrow     bool       `json:"sameSizeGrow"`
}

// A bucket is one bucket of a chain: its place, its tophashes and its slots, in hex.
type bucket struct {
	At    int32    `json:"at"`
	Elems []string `json:"e"`
	Keys  []string `json:"k"`
	Top   string   `json:"top"`
}

// dump describes the map after its first op operations.
func (s *stater) dump(h *hmap, op int) *dump {
	next, free := h.spares(s.t)
	d := &dump{
		Op: op, Count: h.count, Flags: int(h.flags), B: int(h.B), Noverflow: int(h.noverflow), Hash0: h.hash0,
		Nevacuate: int(h.nevacuate), SameSizeGrow: h.flags&flagSameSizeGrow != 0, NextOverflow: next, FreeOverflow: free,
		HasExtra: h.extra != nil,
	}
	if h.extra != nil {
		d.OverflowCount, d.OldoverflowCount = length(h.extra.overflow), length(h.extra.oldoverflow)
	}
	if h.buckets != nil {
		total := s.t.buckets(h.B)
		d.BucketCount, d.Buckets = &total, s.dumpChains(h.buckets, 1<<h.B, total)
	}
	if h.oldbuckets != nil {
		total := s.t.buckets(h.oldB())
		d.OldBucketCount, d.Oldbuckets = &total, s.dumpChains(h.oldbuckets, h.oldBuckets(), total)
	}
	return d
}

func length(list *[]unsafe.Pointer) *int {
	if list == nil {
		return nil
	}
	n := len(*list)
	return &n
}

func (s *stater) dumpChains(array unsafe.Pointer, main, total int) [][]bucket {
	chains := make([][]bucket, main)
	for i := range chains {
		for b := unsafe.Add(array, i*int(s.t.bucketSize)); b != nil; b = s.t.overflowOf(b) {
			dumped := bucket{At: s.place(array, total, b), Top: hex.EncodeToString(unsafe.Slice((*byte)(b), 8))}
			for slot := range 8 {
				var key, elem bytes.Buffer
				s.writeKey(&key, b, slot)
				s.writeElem(&elem, b, slot)
				dumped.Keys = append(dumped.Keys, hex.EncodeToString(key.Bytes()))
				dumped.Elems = append(dumped.Elems, hex.EncodeToString(elem.Bytes()))
			}
			chains[i] = append(chains[i], dumped)
		}
	}
	return chains
}
