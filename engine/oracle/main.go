// The oracle records what real maps of Go 1.23 do: it performs operations on a map, reads the map's memory, and
// writes both down, together with the random numbers that the runtime took. README.md describes the format.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
)

const usage = `oracle record FOLDER [NAME...]   write recordings into FOLDER: all, or those whose names begin with a NAME
oracle replay FILE...             perform a recording on a real map and compare everything it says
oracle list                       print the names of the recordings`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if err := withFallbackHash(); err != nil {
		return err
	}
	if err := findChacha8(); err != nil {
		return err
	}
	for _, t := range mapTypes {
		if err := verifyCalls(t.new()); err != nil {
			return err
		}
	}
	debug.SetGCPercent(400) // large maps come and go: collect less often
	switch {
	case len(args) == 1 && args[0] == "list":
		for _, s := range scenarios() {
			fmt.Println(s.name)
		}
		return nil
	case len(args) >= 2 && args[0] == "record":
		return recordAll(args[1], args[2:])
	case len(args) >= 2 && args[0] == "replay":
		return replayAll(args[1:])
	}
	return fmt.Errorf("unknown command; the commands are\n%s", usage)
}

// recordAll records the scenarios whose names begin with one of the prefixes. Without prefixes it records all, and
// takes recordings of former scenarios out of the folder.
func recordAll(folder string, prefixes []string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if len(prefixes) == 0 {
		old, err := filepath.Glob(filepath.Join(folder, "*.json.gz"))
		if err != nil {
			return err
		}
		for _, path := range old {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	var files, ops, checks int
	for _, s := range scenarios() {
		if len(prefixes) > 0 && !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s.name, p) }) {
			continue
		}
		d := s.record()
		if err := d.write(filepath.Join(folder, s.name+".json.gz")); err != nil {
			return err
		}
		files, ops, checks = files+1, ops+len(d.Ops), checks+len(d.Check)
	}
	if files == 0 {
		return fmt.Errorf("no recording has a name that begins with %s; `oracle list` prints the names", strings.Join(prefixes, " or "))
	}
	fmt.Printf("%d recordings, %d operations, %d checkpoints\n", files, ops, checks)
	return nil
}

// replayAll replays files and prints a line for each.
func replayAll(paths []string) error {
	differing := 0
	for _, path := range paths {
		d, err := readDocument(path)
		if err != nil {
			return err
		}
		if err := replay(d); err != nil {
			differing++
			fmt.Printf("%s: %v\n", path, err)
		} else {
			fmt.Printf("%s: %d operations, %d checkpoints agree\n", path, len(d.Ops), len(d.Check))
		}
	}
	if differing > 0 {
		return fmt.Errorf("%d of %d recordings differ from Go", differing, len(paths))
	}
	return nil
}
