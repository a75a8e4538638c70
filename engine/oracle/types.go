package main

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"
)

// Struct types of the recordings that are written more than once.
type (
	// mixed has a string, which makes it hash and compare field by field, and a float, so that -0 updates it.
	mixed = struct {
		a int32
		b string
		c float32
	}
	// runs has every reason to end a run of fields that are hashed together: a blank, a string, padding.
	runs = struct {
		A, B int16
		_    int32
		C    uint8
		D    string
		E    uint32
		F    uint16
		G    uint8
	}
	// padded has padding in the middle and at its end.
	padded = struct {
		a int8
		b int64
		c int16
	}
	// blankFloat is neither reflexive nor free of key updates because of a field that nobody can read.
	blankFloat = struct {
		_ float64
		a int64
	}
	// trailing ends in a field without size, which makes it one byte longer.
	trailing = struct {
		a uint16
		z struct{}
	}
	// sizeless has fields of no bytes, which are hashed too: before, between and behind others.
	sizeless = struct {
		x struct{}
		a string
		y [0]int32
		b float32
		c uint8
		z [0]string
	}
	// onlyBlank has nothing that a program can read: all its values are equal.
	onlyBlank = struct {
		_ int32
		_ string
	}
	// nested has a struct and an array in it.
	nested = struct {
		p struct {
			x int8
			y string
		}
		q [3]uint16
	}
)

// mapTypes are the map types that can be recorded, by the name that their recordings begin with.
var mapTypes = []struct {
	name string
	new  func() goMap
}{
	{"bool-empty", of[bool, struct{}]},
	{"bool-str", of[bool, string]},
	{"i8-i8", of[int8, int8]},
	{"u8-str", of[uint8, string]},
	{"i16-u8", of[int16, uint8]},
	{"u16-c128", of[uint16, complex128]},
	{"u16-str", of[uint16, string]},
	{"i32-i32", of[int32, int32]},
	{"u32-u32", of[uint32, uint32]},
	{"u32-b128", of[uint32, [128]byte]},
	{"i64-i64", of[int64, int64]},
	{"i64-empty", of[int64, struct{}]},
	{"i64-any", of[int64, any]},
	{"i64-b128", of[int64, [128]byte]},
	{"i64-b129", of[int64, [129]byte]},
	{"i64-b1100", of[int64, [1100]byte]},
	{"u64-bool", of[uint64, bool]},
	{"int-int", of[int, int]},
	{"uint-i16", of[uint, int16]},
	{"uptr-f32", of[uintptr, float32]},
	{"f32-u16", of[float32, uint16]},
	{"f64-i64", of[float64, int64]},
	{"f64-f64", of[float64, float64]},
	{"c64-c64", of[complex64, complex64]},
	{"c128-i64", of[complex128, int64]},
	{"str-i64", of[string, int64]},
	{"str-str", of[string, string]},
	{"str-b129", of[string, [129]byte]},
	{"str-a3str", of[string, [3]string]},
	{"any-i64", of[any, int64]},
	{"any-any", of[any, any]},
	{"ptr-str", of[*int, string]},
	{"chan-ptr", of[chan int, *int]},
	{"empty-i64", of[struct{}, int64]},
	{"empty-empty", of[struct{}, struct{}]},
	{"b3-u64", of[[3]byte, uint64]},
	{"b4-i8", of[[4]byte, int8]},
	{"b8-u32", of[[8]byte, uint32]},
	{"b128-i64", of[[128]byte, int64]},
	{"b129-i64", of[[129]byte, int64]},
	{"b200-b200", of[[200]byte, [200]byte]},
	{"a2i32-mixed", of[[2]int32, mixed]},
	{"a2i16-uptr", of[[2]int16, uintptr]},
	{"a5u16-int", of[[5]uint16, int]},
	{"a1str-uint", of[[1]string, uint]},
	{"a3str-i32", of[[3]string, int32]},
	{"a9str-a9str", of[[9]string, [9]string]},
	{"a2f64-i64", of[[2]float64, int64]},
	{"a20f64-str", of[[20]float64, string]},
	{"a2any-i64", of[[2]any, int64]},
	{"a0i32-i64", of[[0]int32, int64]},
	{"a0any-i64", of[[0]any, int64]},
	{"a2s3-bool", of[[2]struct {
		a int8
		b int32
	}, bool]},
	{"s1-i8", of[mixed, int8]},
	{"s2-i64", of[runs, int64]},
	{"s3-u32", of[padded, uint32]},
	{"s4-i64", of[struct{ a, b int16 }, int64]},
	{"s5-padded", of[struct{ X, Y int32 }, padded]},
	{"s6-i64", of[struct{ s string }, int64]},
	{"s7-i64", of[struct {
		a any
		b int32
	}, int64]},
	{"s8-i64", of[blankFloat, int64]},
	{"s9-trailing", of[trailing, trailing]},
	{"s10-nested", of[nested, nested]},
	{"s11-any", of[struct {
		a int32
		b int8
	}, any]},
	{"s12-i64", of[struct {
		a [17]string
		b float64
	}, int64]},
	{"s13-i64", of[sizeless, int64]},
	{"s14-onlyblank", of[onlyBlank, onlyBlank]},
}

func of[K comparable, V any]() goMap { return new(typed[K, V]) }

// newMap returns a map variable of the type with the given name in mapTypes.
func newMap(name string) goMap {
	for _, t := range mapTypes {
		if t.name == name {
			return t.new()
		}
	}
	panic("no map type is called " + name)
}

// mapOf returns a map variable of the type with the given key and elem types, spelled as recordings do.
func mapOf(key, elem string) (goMap, error) {
	for _, t := range mapTypes {
		m := t.new()
		if k, e := m.types(); spell(k) == key && spell(e) == elem {
			return m, nil
		}
	}
	return nil, fmt.Errorf("map[%s]%s is not among the oracle's types: add it to mapTypes in types.go", key, elem)
}

// dynamicTypes are the types that a value in an interface can have. A type's code in the state stream is its number
// here, counted from 1.
var dynamicTypes = []reflect.Type{
	reflect.TypeFor[int](), reflect.TypeFor[int64](), reflect.TypeFor[uint8](), reflect.TypeFor[string](),
	reflect.TypeFor[float64](), reflect.TypeFor[bool](),
	reflect.TypeFor[struct {
		X int32
		Y string
	}](),
	reflect.TypeFor[[2]int32](), reflect.TypeFor[complex128](), reflect.TypeFor[struct{}](), reflect.TypeFor[float32](),
	reflect.TypeFor[int32](),
}

// spell returns the type's name as recordings write it: Go's syntax, with interface{} and [N]byte.
func spell(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Interface:
		return "interface{}"
	case reflect.Array:
		if isBytes(t) {
			return fmt.Sprintf("[%d]byte", t.Len())
		}
		return fmt.Sprintf("[%d]%s", t.Len(), spell(t.Elem()))
	case reflect.Struct:
		fields := make([]string, t.NumField())
		for i := range fields {
			fields[i] = t.Field(i).Name + " " + spell(t.Field(i).Type)
		}
		return "struct{" + strings.Join(fields, "; ") + "}"
	}
	return t.String()
}

// isBytes reports whether the type is [N]byte, whose values recordings write in a short form.
func isBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Array && t.Elem().Kind() == reflect.Uint8
}

// hasPointers reports whether values of the type hold pointers.
func hasPointers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Interface, reflect.Pointer, reflect.Chan:
		return true
	case reflect.Array:
		return t.Len() > 0 && hasPointers(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if hasPointers(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}

// interfaceData returns the dynamic type of the interface at p, nil for a nil interface, and where its value lies.
func interfaceData(p unsafe.Pointer) (reflect.Type, unsafe.Pointer) {
	t := reflect.TypeOf(*(*any)(p))
	return t, *(*unsafe.Pointer)(unsafe.Add(p, 8))
}
