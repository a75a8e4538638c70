package main

func cloneScenarios() (list []scenario) {
	const types = "i64-i64 u32-u32 str-str any-any f64-i64 i64-b129 b129-i64 b200-b200 a20f64-str s12-i64 s1-i8 i64-empty str-b129 a9str-a9str"
	hint := 100
	list = append(list, family("clone", "clones of maps of every state: empty, one bucket with holes, grown, in mid-growth, nearly emptied", types+" empty-empty bool-str", nil, playClone)...)
	list = append(list, family("clone-hint", "clones of an empty map with many buckets, and of one with few entries", types, &hint, playCloneHint)...)
	return append(list, family("clone-iter", "clones under iterators, whose traces the clone does not have", "i64-i64 str-str f64-i64 i64-b129", nil, playCloneIter)...)
}

func playClone(r *recorder) {
	r.every, r.dumpEvery = 8, 32
	clone := func() {
		r.clone()
		r.check()
		r.rangeAll()
	}
	clone() // no bucket
	for n := range uint64(8) {
		r.put(n, n)
	}
	r.remove(2)
	r.remove(5)
	clone() // one bucket: copied as it is
	r.put(2, 9)
	r.remove(7)
	r.put(50, 1)
	clone()
	n := uint64(8)
	for _, steps := range []uint64{0, 1, 3, 9} {
		n = r.growUntil(n)
		for i := range steps {
			r.put(n-1, i)
		}
		clone() // in mid-growth, less and less of it left
		for i := range uint64(6) {
			r.put(n+i, i)
			r.look(i * 9)
		}
		n += 6
	}
	// Few entries in many buckets, while a growth is going on: the clone is smaller.
	n = r.growUntil(n)
	for k := range n {
		if k%16 != 3 {
			r.remove(k)
			if !r.growing() {
				break
			}
		}
	}
	clone()
	for k := range n {
		if k%16 != 3 {
			r.remove(k)
		}
	}
	clone()
	for k := range uint64(20) {
		r.put(k, k)
	}
	r.clear()
	clone()
	r.put(1, 1)
}

func playCloneHint(r *recorder) {
	r.every = 2
	r.clone() // many buckets, nothing in them
	for n := range uint64(120) {
		r.put(n, n)
	}
	for n := range uint64(110) {
		r.remove(n)
	}
	r.clone() // 16 or 32 buckets into two
	r.rangeAll()
	for n := range uint64(9) {
		r.put(n, n+1)
	}
	r.clone()
	for n := range uint64(9) {
		r.remove(n)
	}
	for n := range uint64(8) {
		r.remove(n + 110)
	}
	r.clone() // down to one bucket
	r.put(3, 3)
	for n := uint64(110); n < 120; n++ {
		r.remove(n)
	}
	r.remove(3)
	r.clone()
	r.put(3, 3)
	// A growth at its very beginning, and all but a few entries deleted: one old bucket after the other is left.
	r.clear()
	n := r.growUntil(0)
	for k := range n - 2 {
		if r.growing() && k%3 == 0 {
			r.remove(k)
		}
	}
	r.clone()
	r.rangeAll()
}

func playCloneIter(r *recorder) {
	r.every, r.nan = 2, true
	n := uint64(0)
	for range 4 {
		n = r.growUntil(n)
		r.advance(r.iterate(), 2)
		r.clone()
		id := r.iterate()
		for r.iterators[id] != nil {
			n++
			r.put(n, n)
			r.next(id)
			if n%7 == 0 {
				break
			}
		}
		r.remove(n / 2)
		r.advance(r.iterate(), 5)
		r.clone()
		r.rangeAll()
	}
}
