package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"unsafe"
)

// replay performs a recording's operations on a real map, with the recording's draws and hash key, and compares
// everything it says: results of operations, draws, checkpoints and dumps. It returns an error that names the first
// difference.
func replay(d *document) error {
	m, err := mapOf(d.Type.Key, d.Type.Elem)
	if err != nil {
		return err
	}
	key, draws, err := d.numbers()
	if err != nil {
		return err
	}
	r := newRecorder(d.Name, d.Note, m, d.Hint, sourceOf(d.Name, draws), key, d.Heap != nil)
	if err := compare("type", d.Type, r.document.Type); err != nil {
		return err
	}
	if err := compare("hash0", d.Hash0, r.document.Hash0); err != nil {
		return err
	}
	checks, fulls := d.Check, d.Full
	for n := 0; ; n++ {
		if len(checks) > 0 && opNumber(checks[0], 0) == n {
			r.check()
			if err := compareJSON(fmt.Sprintf("checkpoint after op %d", n), checks[0], r.document.Check[len(r.document.Check)-1]); err != nil {
				return err
			}
			checks = checks[1:]
		}
		if len(fulls) > 0 && opNumber(fulls[0], "op") == n {
			text, err := json.Marshal(r.state.dump(m.header(), n))
			if err != nil {
				return err
			}
			if err := compareJSON(fmt.Sprintf("dump after op %d", n), fulls[0], text); err != nil {
				return err
			}
			fulls = fulls[1:]
		}
		if n == len(d.Ops) {
			break
		}
		if err := r.perform(d.Ops[n]); err != nil {
			return fmt.Errorf("op %d, %s: %w", n, d.Ops[n], err)
		}
		if err := compareJSON(fmt.Sprintf("op %d", n), d.Ops[n], r.document.Ops[n]); err != nil {
			return err
		}
		if r.err != nil {
			return r.err
		}
	}
	if len(checks)+len(fulls) > 0 {
		return fmt.Errorf("%d checkpoints or dumps are out of order or beyond the last operation", len(checks)+len(fulls))
	}
	if err := compare("heap", d.Heap, r.document.Heap); err != nil {
		return err
	}
	return compare("draws", d.Draws, r.document.Draws)
}

// sourceOf returns a source of the given draws. The project's own recordings take theirs from a stream made from
// the name: for them it returns that stream, which never runs short within an operation as a list can.
func sourceOf(name string, draws []uint64) drawSource {
	own := newStream(name)
	for _, draw := range draws {
		if own.generator.Uint64() != draw {
			return &list{draws}
		}
	}
	return newStream(name)
}

// perform performs an operation of a recording.
func (r *recorder) perform(text json.RawMessage) error {
	op, err := decode[[]any](text)
	if err != nil || len(op) == 0 {
		return fmt.Errorf("not an operation")
	}
	wants := map[any]int{"s": 3, "d": 2, "g": 3, "c": 1, "k": 1, "i": 2, "n": 3, "!": 4}
	if least, known := wants[op[0]]; !known || len(op) < least {
		return fmt.Errorf("not an operation of the format")
	}
	value := func(t reflect.Type, i int) unsafe.Pointer {
		p := newValue(t)
		if valueErr := parseValue(op[i], t, p); valueErr != nil {
			err = valueErr
		}
		return p
	}
	switch op[0] {
	case "s":
		if key, elem := value(r.key, 1), value(r.elem, 2); err == nil {
			r.set(key, elem)
		}
	case "d":
		if key := value(r.key, 1); err == nil {
			r.delete(key)
		}
	case "g":
		if key := value(r.key, 1); err == nil {
			r.get(key)
		}
	case "c":
		r.clear()
	case "k":
		r.clone()
	case "i":
		r.iterate()
	case "n":
		id, convErr := strconv.Atoi(fmt.Sprint(op[1]))
		if convErr != nil || id < 0 || id >= len(r.iterators) || r.iterators[id] == nil {
			return fmt.Errorf("there is no iterator %v, or it is over", op[1])
		}
		r.next(id)
	case "!":
		label := fmt.Sprint(op[2])
		key, known := unhashable[label]
		if !known || r.key.Kind() != reflect.Interface {
			return fmt.Errorf("the oracle has no key of type %s that cannot be hashed: add it to unhashable in generate.go", label)
		}
		r.panics(fmt.Sprint(op[1]), label, unsafe.Pointer(&key))
	}
	return err
}

// opNumber returns the number of operations in a checkpoint (an item) or dump (a field), -1 if it has none.
func opNumber(text json.RawMessage, at any) int {
	var number any
	if i, ok := at.(int); ok {
		if items, err := decode[[]any](text); err == nil && i < len(items) {
			number = items[i]
		}
	} else if fields, err := decode[map[string]any](text); err == nil {
		number = fields[at.(string)]
	}
	n, err := strconv.Atoi(fmt.Sprint(number))
	if err != nil {
		return -1
	}
	return n
}

// decode reads JSON with numbers left as they are written.
func decode[T any](text json.RawMessage) (value T, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&value)
	return value, err
}

func compareJSON(what string, recorded, real json.RawMessage) error {
	a, err := decode[any](recorded)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	b, err := decode[any](real)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if !reflect.DeepEqual(a, b) {
		return fmt.Errorf("%s: the recording has\n  %s\nand Go\n  %s", what, recorded, real)
	}
	return nil
}

func compare(what string, recorded, real any) error {
	if !reflect.DeepEqual(recorded, real) {
		return fmt.Errorf("%s: the recording has\n  %v\nand Go\n  %v", what, recorded, real)
	}
	return nil
}
