package main

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"unsafe"
)

// bigScenarios have maps of 2^16 buckets and more, where overflow buckets are counted by drawing lots.
func bigScenarios() (list []scenario) {
	for _, size := range []struct {
		mapType string
		B, hint int
	}{
		{"i64-empty", 16, 300_000}, {"str-i64", 16, 213_000}, {"u32-u32", 17, 500_000}, {"i8-i8", 18, 900_000}, {"b3-u64", 16, 420_000},
	} {
		list = append(list, scenario{fmt.Sprintf("bigb%d-%s", size.B, size.mapType),
			"long chains in an array of many buckets: overflow buckets that are counted now and then", size.mapType, &size.hint, playBigB})
	}
	hint := 26624
	list = append(list, scenario{"grow-marks-i64-empty",
		"a growth of 4096 buckets, begun from the top by chosen writes: the mark passes 1024 moved buckets at a time", "i64-empty", &hint, playMarks})
	return append(list, scenario{"bigb-grow-i64-empty",
		"from nothing to 2^16 buckets, the growth to them with draws for overflow buckets, clone and clear", "i64-empty", nil, playBigGrow})
}

func playBigB(r *recorder) {
	mask := uintptr(1)<<r.m.header().B - 1
	if r.key.Kind() == reflect.Int8 { // 256 keys do not crowd any bucket
		for n := range uint64(256) {
			r.put(n, n)
		}
		r.check()
		r.advance(r.iterate(), 20)
		r.clear()
		r.put(1, 1)
		return
	}
	// Keys whose hashes fall into a few dozen buckets, searched in one go.
	const chains, length = 40, 30
	keys := map[uintptr][]uint64{}
	for n, full := uint64(0), 0; full < chains; n++ {
		bucket := r.hashOf(n) & mask
		_, chosen := keys[bucket]
		if chosen = chosen || len(keys) < chains && bucket%1021 == 7; chosen && len(keys[bucket]) < length {
			if keys[bucket] = append(keys[bucket], n); len(keys[bucket]) == length {
				full++
			}
		}
	}
	var order []uint64
	for _, bucket := range slices.Sorted(maps.Keys(keys)) {
		order = append(order, keys[bucket]...)
	}
	r.choices.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for i, n := range order {
		r.put(n, n)
		if i == 500 {
			r.check()
		}
	}
	r.check()
	id := r.iterate()
	r.advance(id, 60)
	for _, n := range order[:700] {
		r.remove(n)
	}
	r.check()
	r.advance(id, 60)
	for _, n := range order[:300] {
		r.put(n, 1)
		r.look(n + 1)
	}
	r.clear()
	r.check()
	r.advance(id, 9)
	for _, n := range order[:200] {
		r.put(n, 2)
	}
	r.iterate()
	r.check()
	r.clone() // sized by its few entries
}

// playMarks overwrites keys of the old buckets from the last one down, while the mark of the moved buckets comes up
// from the first.
func playMarks(r *recorder) {
	zero := newValue(r.elem)
	buckets := uint64(1) << r.m.header().B
	keys := make([]*int64, buckets) // one key of each old bucket
	set := func(key *int64) { r.set(unsafe.Pointer(key), zero) }
	limit := int64(13 * buckets / 2)
	for k := range limit + 1 {
		set(&k)
		hash := r.hashOfKey(unsafe.Pointer(&k))
		keys[uint64(hash)%buckets] = &k
	}
	r.check()
	for k := limit + 1; slices.Contains(keys, nil); k++ { // for buckets that are empty, keys to be inserted
		hash := r.hashOfKey(unsafe.Pointer(&k))
		if b := uint64(hash) % buckets; keys[b] == nil {
			keys[b] = &k
		}
	}
	for b := buckets - 1; r.growing(); b = (b - 1) % buckets {
		set(keys[b])
		if b%512 == 0 || r.m.header().nevacuate > uintptr(buckets/2-9) {
			r.check()
		}
	}
}

func playBigGrow(r *recorder) {
	zero := newValue(r.elem)
	next := int64(0)
	put := func(count int) {
		for range count {
			key := next
			r.set(unsafe.Pointer(&key), zero)
			next++
		}
	}
	for _, limit := range []int{1664, 6656, 26624, 106496, 212992} {
		put(limit - int(next))
		r.check()
		put(1) // the growth begins
		r.check()
	}
	put(6000)
	r.check()
	id := r.iterate()
	r.advance(id, 200)
	put(5000)
	r.check()
	r.clone() // in mid-growth
	r.check()
	id = r.iterate()
	r.advance(id, 200)
	for k := range int64(3000) {
		key := k * 7
		r.delete(unsafe.Pointer(&key))
	}
	r.check()
	r.clear()
	put(100)
	r.rangeAll()
}
