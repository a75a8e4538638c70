package main

import (
	"reflect"
	"unsafe"
)

func iterScenarios() (list []scenario) {
	const types = "i64-i64 u32-u32 str-str any-any f64-i64 i64-b129 b129-i64 s1-i8 a2any-i64 i16-u8 u32-b128"
	const few = "i64-i64 str-str f64-i64 any-any"
	add := func(prefix, note, types string, hint *int, play func(r *recorder)) {
		list = append(list, family(prefix, note, types, hint, play)...)
	}
	add("iter-many", "up to eight iterators held over random operations on many keys", types, nil, playIterMany)
	add("iter-grow", "iterators begun before, at, in and after each growth, stepped while the map grows on", types, nil, playIterGrow)
	add("iter-delete", "delete during iteration: the current key, a later key, every key", few, nil, playIterDelete)
	add("iter-insert", "insert during iteration: a new key for each one produced", few, nil, playIterInsert)
	add("iter-clear", "clear during iteration, then inserts into the same array", few, nil, playIterClear)
	add("iter-update", "overwrites during iteration, in mid-growth", few+" c128-i64 i64-b129", nil, playIterUpdate)
	hint := 100
	add("iter-clear-sentinel", "an iterator on the last spare bucket when the map is cleared goes on to bucket 0",
		"i64-i64 u32-u32 str-str any-i64 i64-b129", &hint, playIterClearSentinel)
	add("iter-clear-overflow", "an iterator on a bucket allocated by itself when the map is cleared",
		"i64-i64 u32-u32 str-str any-i64 i64-b129", &hint, playIterClearOverflow)
	return list
}

// copied returns a copy of the key at p, which the map may change.
func (r *recorder) copied(p unsafe.Pointer) unsafe.Pointer {
	key := reflect.New(r.key)
	key.Elem().Set(reflect.NewAt(r.key, p).Elem())
	return key.UnsafePointer()
}

func playIterMany(r *recorder) {
	r.every, r.nan = 5, true
	for i := range 700 {
		n := r.choices.Uint64N(uint64(20 + i/2))
		switch dice := r.choices.IntN(100); {
		case dice < 8 && len(r.live()) < 8:
			r.iterate()
		case dice < 50:
			if live := r.live(); len(live) > 0 {
				r.advance(live[r.choices.IntN(len(live))], 1+r.choices.IntN(3))
			}
		case dice < 80:
			r.put(n, n+uint64(i))
		case dice < 96:
			r.remove(n)
		case dice < 97 && i%3 == 0:
			r.clear()
		default:
			r.look(n)
		}
	}
	r.finish()
}

func playIterGrow(r *recorder) {
	r.every, r.dumpEvery = 3, 120
	limits := map[int]bool{}
	for _, limit := range []int{8, 13, 26, 52, 104} {
		for d := -1; d <= 4; d++ {
			limits[limit+d] = true
		}
	}
	for n := range uint64(120) {
		if limits[int(n)] {
			r.iterate()
		}
		r.put(n, n)
		for i, id := range r.live() {
			if (int(n)+i)%3 == 0 || len(r.live()) > 12 {
				r.next(id)
			}
		}
		if n%5 == 0 {
			r.remove(r.choices.Uint64N(n + 1))
		}
	}
	r.finish()
}

func playIterDelete(r *recorder) {
	r.every = 5
	for _, count := range []int{1, 8, 9, 14, 30, 60} {
		fill := func() {
			for n := range uint64(count) {
				r.put(n, n)
			}
		}
		fill()
		for id := r.iterate(); r.iterators[id] != nil; r.next(id) {
			r.delete(r.copied(r.iterators[id].key))
		}
		r.iterate()
		fill()
		for id := r.iterate(); r.iterators[id] != nil; r.next(id) {
			r.remove(r.choices.Uint64N(uint64(count)))
		}
		fill()
		id := r.iterate()
		r.advance(id, count/3)
		for n := range uint64(count) {
			r.remove(n)
		}
		r.advance(id, 99)
	}
}

func playIterInsert(r *recorder) {
	r.every = 5
	next := uint64(0)
	for ; next < 7; next++ {
		r.put(next, next)
	}
	for range 4 {
		id := r.iterate()
		for steps := 0; r.iterators[id] != nil && steps < 70; steps++ {
			r.put(next, next)
			next++
			r.next(id)
		}
		for n := range next {
			if n%3 != 0 {
				r.remove(n)
			}
		}
	}
	r.finish()
}

func playIterClear(r *recorder) {
	r.every = 3
	for _, count := range []uint64{5, 12, 30, 53, 110} {
		for n := range count {
			r.put(n, n)
		}
		first := r.iterate()
		r.advance(first, int(count)/2)
		second := r.iterate()
		r.clear()
		r.advance(second, 1)
		for n := range count {
			r.put(n+3, n+1)
			if n%4 == 0 && r.iterators[first] != nil {
				r.next(first)
			}
		}
		r.finish()
		r.clear()
	}
}

func playIterUpdate(r *recorder) {
	r.every = 3
	n := uint64(0)
	for range 4 {
		n = r.growUntil(n)
		id := r.iterate()
		for r.iterators[id] != nil {
			k := r.choices.Uint64N(n)
			r.put(k, k+r.choices.Uint64N(9))
			r.put(r.choices.Uint64N(2), k) // +0 or -0, where there are such keys
			r.next(id)
		}
		for r.growing() {
			r.put(0, 1)
		}
	}
}

// parkOn makes a chain as long as needed in main bucket number bucket and steps an iterator until it stands on the
// chain's last bucket, with entries still ahead. It returns the iterator's number.
func (r *recorder) parkOn(bucket uintptr, entries int) int {
	mask := uintptr(1)<<r.m.header().B - 1
	for _, n := range r.colliding(0, entries, mask, bucket) {
		r.put(n, n)
	}
	for {
		id := r.iterate()
		for r.iterators[id] != nil {
			it := r.iterators[id]
			if last := r.lastOf(bucket); it.bptr == last && it.i < 4 {
				return id
			}
			r.next(id)
		}
	}
}

// lastOf returns the last bucket of a main bucket's chain.
func (r *recorder) lastOf(bucket uintptr) unsafe.Pointer {
	b := unsafe.Add(r.m.header().buckets, bucket*uintptr(r.state.t.bucketSize))
	for next := b; next != nil; next = r.state.t.overflowOf(b) {
		b = next
	}
	return b
}

func playIterClearSentinel(r *recorder) {
	r.every, r.dumpEvery = 1, 0
	_, spares := r.m.header().spares(r.state.t)
	for _, bucket := range []uintptr{5, 0, 15} {
		id := r.parkOn(bucket, 8*spares+7)
		r.clear()
		for n := range uint64(40) {
			r.put(n, n)
		}
		for n := range uint64(90) {
			if r.iterators[id] == nil {
				break
			}
			if n%10 == 9 {
				r.put(n+40, n)
			}
			r.next(id)
		}
		r.finish()
		r.clear()
	}
}

func playIterClearOverflow(r *recorder) {
	r.every, r.dumpEvery = 1, 0
	_, spares := r.m.header().spares(r.state.t)
	for _, bucket := range []uintptr{3, 0} {
		id := r.parkOn(bucket, 8*spares+15)
		r.clear()
		for n := range uint64(30) {
			r.put(n, n)
		}
		r.advance(id, 200)
		r.clear()
	}
}
