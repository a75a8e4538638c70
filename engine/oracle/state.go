package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"reflect"
	"unsafe"
)

// A stater writes the state of maps of one type as the state stream: what a checkpoint's digest is taken of.
type stater struct {
	t         *mapType
	key, elem reflect.Type
	// Whether eight slots can be written as they lie in memory: nothing in them but bytes that count.
	rawKeys, rawElems bool
}

func newStater(m goMap) *stater {
	key, elem := m.types()
	s := &stater{t: m.descriptor(), key: key, elem: elem}
	s.rawKeys = s.t.flags&flagIndirectKey == 0 && isRaw(key)
	s.rawElems = s.t.flags&flagIndirectElem == 0 && isRaw(elem)
	return s
}

// isRaw reports whether the type's stream form is its bytes in memory.
func isRaw(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Interface:
		return false
	case reflect.Array:
		return isRaw(t.Elem())
	case reflect.Struct:
		return t.Size() == 0 || plainMemory(t)
	}
	return true
}

// digest returns the first 16 hex digits of the SHA-256 of the map's state stream.
func (s *stater) digest(h *hmap) string {
	var out bytes.Buffer
	s.write(&out, h)
	sum := sha256.Sum256(out.Bytes())
	return fmt.Sprintf("%x", sum[:8])
}

// write appends the map's state stream: the header, the chains of the array and those of the old array.
func (s *stater) write(out *bytes.Buffer, h *hmap) {
	next, _ := h.spares(s.t)
	var arrays uint8
	if h.buckets != nil {
		arrays |= 1
	}
	if h.oldbuckets != nil {
		arrays |= 2
	}
	b := binary.LittleEndian.AppendUint64(nil, uint64(h.count))
	b = append(b, h.flags, h.B)
	b = binary.LittleEndian.AppendUint16(b, h.noverflow)
	b = binary.LittleEndian.AppendUint32(b, h.hash0)
	b = binary.LittleEndian.AppendUint64(b, uint64(h.nevacuate))
	b = append(b, arrays)
	b = binary.LittleEndian.AppendUint32(b, uint32(int32(next)))
	out.Write(b)
	if h.buckets != nil {
		s.writeChains(out, h.buckets, 1<<h.B, s.t.buckets(h.B))
	}
	if h.oldbuckets != nil {
		s.writeChains(out, h.oldbuckets, h.oldBuckets(), s.t.buckets(h.oldB()))
	}
}

// writeChains appends the chains of an array's main buckets. The array has total buckets, spares included.
func (s *stater) writeChains(out *bytes.Buffer, array unsafe.Pointer, main, total int) {
	for i := range main {
		for b := unsafe.Add(array, i*int(s.t.bucketSize)); b != nil; b = s.t.overflowOf(b) {
			out.Write(binary.LittleEndian.AppendUint32(nil, uint32(s.place(array, total, b))))
			out.Write(unsafe.Slice((*byte)(b), 8))
			for slot := range 8 {
				if s.rawKeys && slot == 0 {
					out.Write(unsafe.Slice((*byte)(s.keySlot(b, 0)), 8*uintptr(s.t.keySize)))
				} else if !s.rawKeys {
					s.writeKey(out, b, slot)
				}
			}
			for slot := range 8 {
				if s.rawElems && slot == 0 {
					out.Write(unsafe.Slice((*byte)(s.elemSlot(b, 0)), 8*uintptr(s.t.valueSize)))
				} else if !s.rawElems {
					s.writeElem(out, b, slot)
				}
			}
			if s.t.overflowOf(b) != nil {
				out.WriteByte(1)
			} else {
				out.WriteByte(0)
			}
		}
	}
}

// place returns a bucket's number in its array, -1 if it was allocated by itself.
func (s *stater) place(array unsafe.Pointer, total int, b unsafe.Pointer) int32 {
	distance := uintptr(b) - uintptr(array)
	if uintptr(b) < uintptr(array) || distance >= uintptr(total)*uintptr(s.t.bucketSize) {
		return -1
	}
	return int32(distance / uintptr(s.t.bucketSize))
}

func (s *stater) keySlot(b unsafe.Pointer, slot int) unsafe.Pointer {
	return unsafe.Add(b, 8+slot*int(s.t.keySize))
}

func (s *stater) elemSlot(b unsafe.Pointer, slot int) unsafe.Pointer {
	return unsafe.Add(b, 8+8*int(s.t.keySize)+slot*int(s.t.valueSize))
}

func (s *stater) writeKey(out *bytes.Buffer, b unsafe.Pointer, slot int) {
	writeSlot(out, s.key, s.keySlot(b, slot), s.t.flags&flagIndirectKey != 0)
}

func (s *stater) writeElem(out *bytes.Buffer, b unsafe.Pointer, slot int) {
	writeSlot(out, s.elem, s.elemSlot(b, slot), s.t.flags&flagIndirectElem != 0)
}

func writeSlot(out *bytes.Buffer, t reflect.Type, p unsafe.Pointer, indirect bool) {
	if !indirect {
		writeValue(out, t, p)
	} else if p = *(*unsafe.Pointer)(p); p == nil {
		out.WriteByte(0)
	} else {
		out.WriteByte(1)
		writeValue(out, t, p)
	}
}

// writeValue appends the value of type t at p: bytes without padding and blank fields, strings and interfaces by
// what they hold.
func writeValue(out *bytes.Buffer, t reflect.Type, p unsafe.Pointer) {
	switch t.Kind() {
	case reflect.String:
		s := *(*string)(p)
		out.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(s))))
		if len(s) == 0 || unsafe.StringData(s) == nil { // a key deleted by faststr keeps its length, without bytes
			out.WriteByte(0)
			return
		}
		out.WriteByte(1)
		out.WriteString(s)
	case reflect.Interface:
		dynamic, data := interfaceData(p)
		if dynamic == nil {
			out.WriteByte(0)
			return
		}
		for i, known := range dynamicTypes {
			if known == dynamic {
				out.WriteByte(uint8(i + 1))
				writeValue(out, dynamic, data)
			}
		}
	case reflect.Array:
		for i := range t.Len() {
			writeValue(out, t.Elem(), unsafe.Add(p, uintptr(i)*t.Elem().Size()))
		}
	case reflect.Struct:
		for i := range t.NumField() {
			if field := t.Field(i); field.Name != "_" {
				writeValue(out, field.Type, unsafe.Add(p, field.Offset))
			}
		}
	default:
		out.Write(unsafe.Slice((*byte)(p), t.Size()))
	}
}
