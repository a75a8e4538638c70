package main

import (
	"maps"
	"reflect"
	"unsafe"
)

// A goMap is a real map of some type, held in a variable, with the operations of the language. Keys and elems are
// passed by address.
type goMap interface {
	// make puts a new map into the variable: make(map[K]V) without a hint, else make(map[K]V, hint).
	make(hint *int)
	set(key, elem unsafe.Pointer)
	// get reads the elem at key into *elem and reports whether there is one.
	get(key, elem unsafe.Pointer) bool
	delete(key unsafe.Pointer)
	clear()
	clone()

	// header returns the map's header, as it lies in memory.
	header() *hmap
	// descriptor returns the runtime's descriptor of the map type.
	descriptor() *mapType
	// types returns the key's and the elem's type.
	types() (key, elem reflect.Type)
	// code returns the compiled functions of the operations, for verifyCalls.
	code() map[string]any
}

// typed is a goMap for one key and one elem type. The compiler makes its own code from these methods for every
// pair of types, with the map functions that a program using the types directly would call: verifyCalls looks at the
// machine code to make sure. noinline keeps each operation in a function of its own.
type typed[K comparable, V any] struct{ m map[K]V }

func (o *typed[K, V]) make(hint *int) {
	if hint == nil {
		o.makeSmall()
	} else {
		o.makeHint(*hint)
	}
}

//go:noinline
func (o *typed[K, V]) makeSmall() { o.m = make(map[K]V) }

//go:noinline
func (o *typed[K, V]) makeHint(hint int) { o.m = make(map[K]V, hint) }

//go:noinline
func (o *typed[K, V]) set(key, elem unsafe.Pointer) { o.m[*(*K)(key)] = *(*V)(elem) }

//go:noinline
func (o *typed[K, V]) get(key, elem unsafe.Pointer) (ok bool) {
	*(*V)(elem), ok = o.m[*(*K)(key)]
	return ok
}

//go:noinline
func (o *typed[K, V]) delete(key unsafe.Pointer) { delete(o.m, *(*K)(key)) }

//go:noinline
func (o *typed[K, V]) clear() { clear(o.m) }

//go:noinline
func (o *typed[K, V]) clone() { o.m = maps.Clone(o.m) }

func (o *typed[K, V]) header() *hmap { return *(**hmap)(unsafe.Pointer(&o.m)) }

func (o *typed[K, V]) descriptor() *mapType {
	var m any = o.m
	return *(**mapType)(unsafe.Pointer(&m)) // an interface's first word is its type
}

func (o *typed[K, V]) types() (key, elem reflect.Type) {
	return reflect.TypeFor[K](), reflect.TypeFor[V]()
}

func (o *typed[K, V]) code() map[string]any {
	return map[string]any{
		"make":           (*typed[K, V]).makeSmall,
		"make with hint": (*typed[K, V]).makeHint,
		"set":            (*typed[K, V]).set,
		"get":            (*typed[K, V]).get,
		"delete":         (*typed[K, V]).delete,
		"clear":          (*typed[K, V]).clear,
		"clone":          (*typed[K, V]).clone,
	}
}
