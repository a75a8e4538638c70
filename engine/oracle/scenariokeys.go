package main

import (
	"fmt"
	"reflect"
	"unsafe"
)

// keyScenarios are about keys with rules of their own: NaN, zeros of both signs, strings in a single bucket, keys
// that collide, keys that cannot be hashed.
func keyScenarios() (list []scenario) {
	add := func(prefix, note, types string, hint *int, play func(r *recorder)) {
		list = append(list, family(prefix, note, types, hint, play)...)
	}
	hint := 100
	const floats = "f64-i64 f64-f64 f32-u16 c128-i64 any-any s1-i8 a2f64-i64 a20f64-str s12-i64"
	add("nan", "keys that are not equal to themselves: every insert is a new entry, which only clear removes", floats, nil, playNaN)
	add("nan-grow", "104 NaN keys in 16 buckets, and iterations that see the map grow", floats, &hint, playNaNGrow)
	for _, zero := range zeroKeys {
		list = append(list, scenario{"zero-" + zero.mapType, "keys that are equal and have different bits: the later one stays", zero.mapType, nil,
			func(r *recorder) { playZero(r, zero.keys) }})
	}
	const colliding = "i64-i64 u32-u32 str-str f64-i64 any-i64 i64-b129 b4-i8 s2-i64 b3-u64 a3str-i32"
	add("collide", "keys that share a chain however often the map grows", colliding, nil, playCollide)
	add("collide-top", "keys that share bucket and tophash", "i64-i64 u32-u32 str-str any-i64 s2-i64", nil, playCollideTop)
	add("collide-holes", "chains emptied from the front, the back and the middle", colliding, &hint, playCollideHoles)
	list = append(list, scenario{"str-b0-lookup", "a string map of one bucket: short and long keys, equal lengths, heads and tails", "str-i64", nil, playStringLookup},
		scenario{"str-b0-lookup-str-str", "the same with string elems", "str-str", nil, playStringLookup},
		scenario{"str-b0-lookup-str-b129", "the same with elems kept apart, which take the generic lookup", "str-b129", nil, playStringLookup})
	add("panic", "unhashable dynamic types: the panic's text, and the map is as before", "any-i64 any-any", nil, playPanic)
	return list
}

// nanKey returns the i-th key of the type that differs from itself.
func (r *recorder) nanKey(i uint64) unsafe.Pointer {
	for n := uint64(0); ; n++ {
		key := generated(r.key, n, true)
		if v := reflect.NewAt(r.key, key).Elem().Interface(); v != v {
			if i == 0 {
				return key
			}
			i--
		}
	}
}

func (r *recorder) putNaN(i uint64) { r.set(r.nanKey(i%30), generated(r.elem, i, false)) }

func playNaN(r *recorder) {
	r.every, r.dumpEvery = 2, 40
	for i := range uint64(60) {
		r.putNaN(i)
		if i%2 == 0 {
			r.put(i, i)
		}
		if i%5 == 0 {
			r.get(r.nanKey(i))
			r.delete(r.nanKey(i))
		}
		if i == 20 || i == 40 {
			r.rangeAll()
		}
	}
	r.clone()
	for i := range uint64(60) {
		r.remove(i)
	}
	r.rangeAll()
	r.clear()
	r.get(r.nanKey(0))
	r.delete(r.nanKey(0))
	r.putNaN(1)
	r.clone()
	r.putNaN(1)
	r.rangeAll()
}

func playNaNGrow(r *recorder) {
	r.every = 4
	for i := range uint64(104) {
		r.putNaN(i)
	}
	before := r.iterate()
	r.advance(before, 20)
	r.put(1, 1) // the growth begins
	during := r.iterate()
	for i := range uint64(12) {
		r.put(1, i)
		r.advance(before, 2)
		r.advance(during, 4)
	}
	r.clone() // in mid-growth: NaN keys not moved yet are inserted one by one
	id := r.iterate()
	r.advance(id, 30)
	for i := range uint64(120) {
		r.putNaN(i)
		r.advance(id, 1)
	}
	r.finish()
	r.rangeAll()
	r.remove(1)
	r.clear()
}

// zeroKeys are, by map type, keys of which several are equal though their bits differ.
var zeroKeys = []struct {
	mapType string
	keys    []string
}{
	{"f64-i64", []string{`"0000000000000000"`, `"8000000000000000"`}},
	{"f32-u16", []string{`"80000000"`, `"00000000"`}},
	{"c128-i64", []string{`["0000000000000000","0000000000000000"]`, `["8000000000000000","0000000000000000"]`,
		`["0000000000000000","8000000000000000"]`, `["3ff0000000000000","8000000000000000"]`, `["3ff0000000000000","0000000000000000"]`}},
	{"any-i64", []string{`["float64","0000000000000000"]`, `["float64","8000000000000000"]`, `["float32","00000000"]`, `["float32","80000000"]`,
		`["int",0]`, `["int64",0]`, `["complex128",["0000000000000000","8000000000000000"]]`, `["complex128",["8000000000000000","0000000000000000"]]`,
		`["nil"]`, `["bool",false]`, `["uint8",0]`, `["struct{}",0]`, `["int32",0]`, `["string",""]`}},
	{"s1-i8", []string{`[1,"a","00000000"]`, `[1,"a","80000000"]`, `[1,"b","80000000"]`, `[2,"a","00000000"]`}},
	{"a2f64-i64", []string{`["0000000000000000","8000000000000000"]`, `["8000000000000000","0000000000000000"]`, `["3ff0000000000000","0000000000000000"]`}},
	{"a2any-i64", []string{`[["float64","0000000000000000"],["int",1]]`, `[["float64","8000000000000000"],["int",1]]`, `[["nil"],["float32","80000000"]]`,
		`[["nil"],["float32","00000000"]]`}},
	{"s7-i64", []string{`[["float64","0000000000000000"],4]`, `[["float64","8000000000000000"],4]`, `[["int",4],4]`, `[["int64",4],4]`}},
}

func playZero(r *recorder, texts []string) {
	r.every, r.dumpEvery = 1, 15
	var keys []unsafe.Pointer
	for _, text := range texts {
		keys = append(keys, parsed(r.key, text))
	}
	round := func(v uint64) {
		for i, key := range keys {
			r.set(key, generated(r.elem, v+uint64(i), false))
			for _, other := range keys {
				r.get(other)
			}
		}
	}
	round(1)
	r.rangeAll()
	for i := len(keys) - 1; i >= 0; i-- {
		r.delete(keys[i])
	}
	round(20)
	// Changed to the other form while an iterator is on its way through a growth.
	n := r.growUntil(6)
	id := r.iterate()
	for r.growing() || r.iterators[id] != nil {
		r.set(keys[r.choices.IntN(len(keys))], generated(r.elem, r.choices.Uint64N(99), false))
		r.advance(id, 1)
	}
	r.put(n, n)
	round(40)
	r.clone()
	round(60)
	for _, key := range keys {
		r.delete(key)
	}
}

func playCollide(r *recorder) {
	r.every, r.dumpEvery = 2, 50
	keys := r.colliding(0, 130, 1<<7-1, 1<<7-1)
	for i, n := range keys {
		r.put(n, n)
		if i%5 == 0 {
			r.look(keys[r.choices.IntN(len(keys))])
		}
		if i == 60 {
			r.iterate()
		}
	}
	r.finish()
	for i, j := range r.choices.Perm(len(keys)) {
		r.remove(keys[j])
		if i%3 == 0 {
			r.put(keys[j]+1, 1)
		}
		if i%7 == 0 {
			r.look(keys[r.choices.IntN(len(keys))])
		}
	}
	r.rangeAll()
}

func playCollideTop(r *recorder) {
	r.every = 1
	keys := r.colliding(0, 30, 0xff<<56|7, 0x9b<<56|2)
	for _, n := range keys {
		r.put(n, n)
		r.look(keys[r.choices.IntN(len(keys))])
	}
	// The tophash values 0 to 4 have other meanings: hashes that begin so are moved up and may meet those of 5 to 9.
	for top := range uintptr(10) {
		for _, n := range r.colliding(0, 2, 0xff<<56|1, top<<56) {
			r.put(n, n)
		}
	}
	r.rangeAll()
	for _, n := range keys {
		r.remove(n)
		r.look(n)
	}
}

func playCollideHoles(r *recorder) {
	r.every, r.dumpEvery = 1, 0
	keys := r.colliding(0, 33, 15, 9)
	fill := func() {
		for _, n := range keys {
			r.put(n, n)
		}
	}
	orders := map[string]func(i int) int{
		"front": func(i int) int { return i },
		"back":  func(i int) int { return 32 - i },
		"holes": func(i int) int { return i * 2 % 33 },
		"tail":  func(i int) int { return (i*8 + 7) % 33 },
	}
	for _, name := range []string{"front", "back", "holes", "tail"} {
		fill()
		for i := range keys {
			r.remove(keys[orders[name](i)])
			if i%6 == 5 {
				r.put(keys[orders[name](i-2)], 5)
			}
		}
	}
	fill()
	r.clone()
	r.rangeAll()
}

func playStringLookup(r *recorder) {
	r.every, r.dumpEvery = 1, 20
	long := func(middle string) string { return "head" + middle + "------------------------------------tail" }
	keys := []string{"", "a", "b", "ab", "0123456789012345678901234567890", "01234567890123456789012345678901", long("1"), long("2"), long("3"),
		"12345678901234567890123456789012", long("22"), "鍵", "0123456789012345678901234567890\u0000"}
	value := func(s string) unsafe.Pointer { return parsed(r.key, string(appendString(nil, s))) }
	look := func() {
		for _, s := range keys {
			r.get(value(s))
		}
	}
	look()
	for first := range keys {
		for i := range 5 {
			r.set(value(keys[(first+i*first)%len(keys)]), generated(r.elem, uint64(first), false))
		}
		look()
		if first%2 == 0 {
			for i := range 3 {
				r.delete(value(keys[(first+i)%len(keys)]))
			}
		}
		if r.m.header().count > 4 {
			r.clear()
		}
	}
	for i := range 8 {
		r.set(value(long(fmt.Sprint(i))), generated(r.elem, uint64(i), false))
		look()
	}
}

func playPanic(r *recorder) {
	r.every = 1
	all := func() {
		for _, label := range unhashableLabels {
			for _, kind := range []string{"s", "g", "d"} {
				key := unhashable[label]
				r.panics(kind, label, unsafe.Pointer(&key))
			}
		}
	}
	all() // no bucket yet
	for n := range uint64(8) {
		r.put(n, n)
	}
	all() // one full bucket
	n := r.growUntil(20)
	all() // in mid-growth: no growth work
	r.put(n, n)
	r.clear()
	all()
}
