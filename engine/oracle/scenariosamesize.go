package main

// sameSizeScenarios provoke growth that keeps the number of buckets: too many overflow buckets for too few entries.
func sameSizeScenarios() (list []scenario) {
	const types = "i64-i64 u32-u32 str-str any-i64 f64-i64 i64-b129 b129-i64 s1-i8 a20f64-str"
	hint := 100
	list = append(list, family("samesize", "long chains are filled and emptied until the map moves to an array of the same size", types, &hint, playSameSize)...)
	list = append(list, family("samesize-iter", "iterators begun before, during and after a same-size growth", types, &hint, playSameSizeIter)...)
	list = append(list, family("samesize-clear", "clear and drain in the middle of a same-size growth", types, &hint, playSameSizeClear)...)
	list = append(list, family("samesize-clone", "clone in the middle of a same-size growth", types, &hint, playSameSizeClone)...)
	eight := 52
	list = append(list, family("samesize-over", "inserts that carry a map over its load limit during a same-size growth, and clones of it", types, &eight, playSameSizeOver)...)
	low := 13
	list = append(list, family("samesize-low", "same-size growth of two and four buckets", "i64-i64 str-str f64-i64 u32-u32 any-i64", &low, playSameSizeLow)...)
	return append(list, family("samesize-nan", "same-size growth with NaN keys in the chains", "f64-i64 f64-f64 f32-u16", &hint, playSameSizeNaN)...)
}

// crowd fills and empties one chain after the other until there are so many overflow buckets that the next new key
// starts a same-size growth. It leaves keep entries in each chain, and returns the first unused number.
func (r *recorder) crowd(keep int) uint64 {
	h := r.m.header()
	full := func() bool { return h.noverflow >= 1<<h.B }
	mask := uintptr(1)<<h.B - 1
	from := uint64(100)
	for bucket := uintptr(0); !full(); bucket++ {
		room := 13*(1<<h.B)/2 - h.count
		if h.B == 0 || room < 9 || bucket > mask {
			panic("this map cannot be crowded: it is too small or too full")
		}
		keys := r.colliding(from, min(room, 61), mask, bucket)
		for i, n := range keys {
			if full() {
				keys = keys[:i]
				break
			}
			r.put(n, n)
		}
		for _, n := range keys[:max(0, len(keys)-keep)] {
			r.remove(n)
		}
		from = keys[len(keys)-1] + 1
	}
	return from
}

func playSameSize(r *recorder) {
	r.every = 4
	for range 2 {
		n := r.crowd(3)
		r.put(n, n) // the growth begins
		r.check()
		for i := range uint64(20) {
			r.look(n - i*7)
			switch i % 3 {
			case 0:
				r.put(n+i, i)
			case 1:
				r.remove(n - i*5)
			default:
				r.put(n, i)
			}
			r.check()
		}
		for r.growing() {
			r.put(n, 1)
		}
	}
	r.rangeAll()
}

func playSameSizeIter(r *recorder) {
	r.every = 5
	before := r.iterate()
	for n := range uint64(10) {
		r.put(n, n)
	}
	before = r.iterate()
	r.advance(before, 2)
	n := r.crowd(4)
	r.iterate()
	r.put(n, n)
	r.advance(r.iterate(), 3)
	for r.growing() {
		for _, id := range r.live() {
			r.advance(id, 2)
		}
		r.remove(n)
		n++
		r.put(n, n)
		if r.choices.IntN(4) == 0 {
			r.iterate()
		}
	}
	r.iterate()
	// On to a larger array, with iterators that began before and during the same-size growth.
	for live := r.live(); len(live) > 0; live = r.live() {
		n++
		r.put(n, n)
		r.put(n+1000, n)
		for _, id := range live {
			r.next(id)
		}
	}
}

func playSameSizeClear(r *recorder) {
	r.every = 5
	n := r.crowd(3)
	id := r.iterate()
	r.put(n, n)
	r.put(n+1, n)
	r.advance(id, 2)
	r.clear()
	for k := range uint64(10) {
		r.put(k, k)
	}
	r.finish()
	r.clear()
	n = r.crowd(1)
	r.put(n, n)
	// Emptied in mid-growth: the seed changes while the old buckets still wait.
	for id := r.iterate(); r.iterators[id] != nil; r.next(id) {
		r.delete(r.copied(r.iterators[id].key))
	}
	r.check()
	for k := range uint64(40) {
		r.put(k, k)
	}
	r.rangeAll()
}

func playSameSizeClone(r *recorder) {
	r.every = 5
	for _, steps := range []uint64{0, 2, 7} {
		n := r.crowd(5)
		r.put(n, n)
		for i := range steps {
			r.put(n+1+i, i)
		}
		r.clone()
		r.check()
		r.rangeAll()
		for i := range uint64(9) {
			r.look(n + i)
			r.put(n+20+i, i)
		}
		r.widen(4)
	}
}

// playSameSizeOver starts a same-size growth that the map's next inserts carry beyond its load limit: a growth in
// progress keeps the next one waiting.
func playSameSizeOver(r *recorder) {
	r.every, r.dumpEvery = 3, 45
	for _, steps := range []int{2, 3, 4, 12} {
		long := r.colliding(0, 50, 7, 1)
		for _, n := range long {
			r.put(n, n)
		}
		for _, n := range long[24:] {
			r.remove(n)
		}
		short := r.colliding(0, 17, 7, 2)
		for _, n := range short[:16] {
			r.put(n, n)
		}
		for _, n := range r.colliding(0, 10, 3, 0) {
			r.put(n, n)
		}
		r.put(short[16], 1) // the eighth overflow bucket
		for _, n := range r.colliding(short[16]+1000, steps, 7, 5) {
			r.put(n, n)
		}
		r.clone()
		r.rangeAll()
		r.put(long[40], 4)
		r.clear()
		r.clone() // no buckets
		r.widen(3)
	}
}

// widen brings the map to 2^B buckets and empties it.
func (r *recorder) widen(B uint8) {
	for n := uint64(0); r.m.header().B < B || r.growing(); n++ {
		r.put(n, n)
	}
	r.clear()
}

func playSameSizeLow(r *recorder) {
	r.every = 1
	r.crowd(1)
	r.put(1, 1)
	r.rangeAll()
	r.clear()
	for n := range uint64(15) {
		r.put(n, n)
	}
	for n := range uint64(14) {
		r.remove(n)
	}
	n := r.crowd(1)
	id := r.iterate()
	r.put(n, n)
	for r.growing() {
		r.put(n, 2)
		r.advance(id, 1)
	}
	r.finish()
}

func playSameSizeNaN(r *recorder) {
	r.every = 5
	for range 20 {
		r.putNaN(uint64(r.choices.IntN(50)))
	}
	id := r.iterate()
	n := r.crowd(2)
	r.advance(id, 3)
	r.put(n, n)
	r.advance(r.iterate(), 9)
	for r.growing() {
		r.putNaN(n)
		r.remove(n)
		r.advance(id, 1)
	}
	r.finish()
	r.clone()
	r.rangeAll()
}
