package main

import (
	"unsafe"
)

// The runtime's own variables and functions, reached by name. The program has to be linked with
// -checklinkname=0, because Go 1.23 otherwise refuses names that the runtime does not hand out.

//go:linkname hashkey runtime.hashkey
var hashkey [4]uintptr

//go:linkname useAeshash runtime.useAeshash
var useAeshash bool

//go:linkname runtimeRand runtime.rand
func runtimeRand() uint64

//go:linkname memhash runtime.memhash
func memhash(p unsafe.Pointer, seed, size uintptr) uintptr

//go:linkname roundupsize runtime.roundupsize
func roundupsize(size uintptr, noscan bool) uintptr

//go:linkname mapiterinit runtime.mapiterinit
func mapiterinit(t *mapType, h *hmap, it *hiter)

//go:linkname mapiternext runtime.mapiternext
func mapiternext(it *hiter)

// getm returns the address of the runtime's description (its m) of the thread that runs the goroutine.
//
//go:linkname getm runtime.getm
func getm() uintptr

// procPin keeps the goroutine on its thread and keeps everything else off it: no preemption and no collection
// begins until procUnpin. So nothing but the map operation between the two can take a random number from the thread.
//
//go:linkname procPin runtime.procPin
func procPin() int

//go:linkname procUnpin runtime.procUnpin
func procUnpin()

// Flags of an hmap.
const flagSameSizeGrow = 8

// Flags of a mapType.
const (
	flagIndirectKey  = 1
	flagIndirectElem = 2
)

// An hmap is a map's header, runtime/map.go's type of that name.
type hmap struct {
	count      int
	flags      uint8
	B          uint8
	noverflow  uint16
	hash0      uint32
	buckets    unsafe.Pointer
	oldbuckets unsafe.Pointer
	nevacuate  uintptr
	extra      *mapextra
}

// A mapextra holds what few maps need. The lists keep overflow buckets alive when buckets have no pointers.
type mapextra struct {
	overflow     *[]unsafe.Pointer
	oldoverflow  *[]unsafe.Pointer
	nextOverflow unsafe.Pointer
}

// An hiter is an iterator over a map.
type hiter struct {
	key         unsafe.Pointer
	elem        unsafe.Pointer
	t           unsafe.Pointer
	h           *hmap
	buckets     unsafe.Pointer
	bptr        unsafe.Pointer
	overflow    *[]unsafe.Pointer
	oldoverflow *[]unsafe.Pointer
	startBucket uintptr
	offset      uint8
	wrapped     bool
	B           uint8
	i           uint8
	bucket      uintptr
	checkBucket uintptr
}

// A rtype is the head that all type descriptors share, internal/abi.Type.
type rtype struct {
	size     uintptr
	ptrBytes uintptr // 0: the type has no pointers
	_        [32]byte
}

// A mapType describes a map type to the runtime, internal/abi.MapType.
type mapType struct {
	rtype
	key        *rtype
	elem       *rtype
	bucket     *rtype
	hasher     func(unsafe.Pointer, uintptr) uintptr
	keySize    uint8 // of a slot: 8 when the key is indirect
	valueSize  uint8
	bucketSize uint16
	flags      uint32
}

// noPointers reports whether the collector skips buckets of the type.
func (t *mapType) noPointers() bool { return t.bucket.ptrBytes == 0 }

// buckets returns how many buckets an array for 2^B main buckets has, spare overflow buckets included: the
// arithmetic of runtime.makeBucketArray, with the allocator's own rounding.
func (t *mapType) buckets(B uint8) int {
	n := uintptr(1) << B
	if B >= 4 {
		n += 1 << (B - 4)
		if size := n * t.bucket.size; roundupsize(size, t.noPointers()) != size {
			n = roundupsize(size, t.noPointers()) / t.bucket.size
		}
	}
	return int(n)
}

// overflowOf returns the bucket that b's overflow pointer leads to, or nil.
func (t *mapType) overflowOf(b unsafe.Pointer) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Add(b, uintptr(t.bucketSize)-8))
}

// oldBuckets returns the number of main buckets in the array that is being left. The map must be growing.
func (h *hmap) oldBuckets() int {
	if h.flags&flagSameSizeGrow != 0 {
		return 1 << h.B
	}
	return 1 << (h.B - 1)
}

// oldB returns the B that the map had before the growth in progress.
func (h *hmap) oldB() uint8 {
	if h.flags&flagSameSizeGrow != 0 {
		return h.B
	}
	return h.B - 1
}

// spares returns the number of the next spare overflow bucket in the map's array and how many are left: -1 and 0
// when there is none. The last spare is known by its overflow pointer, which is not nil.
func (h *hmap) spares(t *mapType) (next, free int) {
	if h.extra == nil || h.extra.nextOverflow == nil {
		return -1, 0
	}
	next = int((uintptr(h.extra.nextOverflow) - uintptr(h.buckets)) / uintptr(t.bucketSize))
	for b := h.extra.nextOverflow; ; b = unsafe.Add(b, uintptr(t.bucketSize)) {
		free++
		if t.overflowOf(b) != nil {
			return next, free
		}
	}
}
