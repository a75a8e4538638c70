package main

// heapScenarios are about the bytes that operations take from the allocator: headers, arrays with their rounding,
// overflow buckets and the lists of them, keys and elems behind pointers.
func heapScenarios() []scenario {
	const types = "i64-i64 i64-empty empty-i64 i8-i8 str-i64 u16-str i64-b128 i64-b129 b129-i64 b200-b200 any-any a9str-a9str a20f64-str i64-b1100 bool-empty"
	const note = "the bytes that each operation allocates, through growth, deletes, iteration, clone and clear"
	hint := 300
	return append(family("heap", note, types, nil, playHeap), family("heap-hint", note, types, &hint, playHeap)...)
}

func playHeap(r *recorder) {
	r.every, r.nan = 10, true
	for n := range uint64(250) {
		r.put(n, n)
	}
	r.iterate() // of a map without pointers it makes the lists of overflow buckets
	for _, n := range r.shuffled(0, 230) {
		r.remove(n)
	}
	r.clone() // smaller than its source
	for n := range uint64(120) {
		r.put(n*3, n)
		if n%40 == 7 {
			r.iterate()
		}
	}
	r.clone() // perhaps in mid-growth
	r.clear()
	for n := range uint64(60) {
		r.put(n, n)
	}
	r.clear()
	r.clone()
	r.put(1, 1)
}
