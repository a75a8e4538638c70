package main

import (
	"encoding/json"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"unsafe"
)

// A scenario is a recording to be made: a map and what to do with it.
type scenario struct {
	name, note string
	mapType    string // a name of mapTypes
	hint       *int
	play       func(r *recorder)
}

// scenarios returns all recordings that are made, in the order of the families.
func scenarios() []scenario {
	return slices.Concat(basicScenarios(), hintScenarios(), growScenarios(), sameSizeScenarios(), iterScenarios(),
		keyScenarios(), cloneScenarios(), bigScenarios(), heapScenarios())
}

// measured reports whether the bytes that the operations allocate are recorded too.
func (s scenario) measured() bool { return strings.HasPrefix(s.name, "heap-") }

// record performs the scenario on a new map. A measured one is performed three times, and of each operation the least
// count stands: now and then the runtime allocates something for itself meanwhile.
func (s scenario) record() *document {
	if !s.measured() {
		return s.perform()
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	first, second, third := s.perform(), s.perform(), s.perform()
	total, before := uint64(0), [3]uint64{}
	for i := range first.Heap {
		now := [3]uint64{first.Heap[i], second.Heap[i], third.Heap[i]}
		total += min(now[0]-before[0], now[1]-before[1], now[2]-before[2])
		first.Heap[i], before = total, now
	}
	return first
}

func (s scenario) perform() *document {
	r := newRecorder(s.name, s.note, newMap(s.mapType), s.hint, newStream(s.name), hashkeyOf(s.name), s.measured())
	r.check()
	s.play(r)
	r.check()
	return r.document
}

// family returns a scenario for each of the map types, which are named in one string, called prefix-type.
func family(prefix, note, mapTypes string, hint *int, play func(r *recorder)) (list []scenario) {
	for _, mapType := range strings.Fields(mapTypes) {
		list = append(list, scenario{prefix + "-" + mapType, note, mapType, hint, play})
	}
	return list
}

// The recorder's operations on generated values: key number n, elem number v.

func (r *recorder) put(n, v uint64) {
	r.set(generated(r.key, n, r.nan), generated(r.elem, v, r.nan))
}

func (r *recorder) look(n uint64) bool { return r.get(generated(r.key, n, r.nan)) }

func (r *recorder) remove(n uint64) { r.delete(generated(r.key, n, r.nan)) }

// parsed returns the value of type t with the given JSON form, for keys that a scenario chooses by hand.
func parsed(t reflect.Type, text string) unsafe.Pointer {
	p := newValue(t)
	value, err := decode[any](json.RawMessage(text))
	if err == nil {
		err = parseValue(value, t, p)
	}
	if err != nil {
		panic(err) // the text stands in this program
	}
	return p
}

// shuffled returns the numbers from first up to first+n in random order.
func (r *recorder) shuffled(first, n int) []uint64 {
	numbers := make([]uint64, n)
	for i, j := range r.choices.Perm(n) {
		numbers[i] = uint64(first + j)
	}
	return numbers
}

// live returns the numbers of the iterators that can be stepped.
func (r *recorder) live() (ids []int) {
	for id, it := range r.iterators {
		if it != nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// advance steps an iterator so many times, or to its end.
func (r *recorder) advance(id, steps int) {
	for ; steps > 0 && r.iterators[id] != nil; steps-- {
		r.next(id)
	}
}

// finish steps all iterators to their ends, in turn.
func (r *recorder) finish() {
	for len(r.live()) > 0 {
		for _, id := range r.live() {
			r.next(id)
		}
	}
}

// rangeAll iterates over the whole map.
func (r *recorder) rangeAll() {
	id := r.iterate()
	for r.iterators[id] != nil {
		r.next(id)
	}
}

// hashOf returns the hash of key number n in this map, which must not depend on a draw.
func (r *recorder) hashOf(n uint64) uintptr { return r.hashOfKey(generated(r.key, n, false)) }

func (r *recorder) hashOfKey(key unsafe.Pointer) uintptr {
	processKey := hashkey
	hashkey = r.hashkey
	hash := r.state.t.hasher(key, uintptr(r.m.header().hash0))
	hashkey = processKey
	return hash
}

// colliding returns the numbers of count different keys, searched from number from on, whose hashes have the given
// bits under mask.
func (r *recorder) colliding(from uint64, count int, mask, bits uintptr) (numbers []uint64) {
	seen := map[string]bool{}
	for n := from; len(numbers) < count; n++ {
		if r.hashOf(n)&mask != bits {
			continue
		}
		if text := string(appendValue(nil, r.key, generated(r.key, n, false))); !seen[text] {
			seen[text] = true
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// growing reports whether the map is being moved to a new array.
func (r *recorder) growing() bool { return r.m.header().oldbuckets != nil }

// growUntil inserts keys from number n on until the map grows, and returns the next unused number. A type with few
// values may never come to that: so it tries no more keys than twice the map's limit.
func (r *recorder) growUntil(n uint64) uint64 {
	for last := n + 16<<r.m.header().B; !r.growing() && n < last; n++ {
		r.put(n, n)
	}
	return n
}
