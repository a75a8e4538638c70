import { Operation } from "../map/recorder.ts";
import type { GoType } from "../types/gotype.ts";
import type { OperationWords, RecordedMap } from "./recorded.ts";

/** Characters of an operation that are shown at most. */
const LONGEST = 60;

/** An operation as a Go program would write it: `m["fig"] = 3`, `delete(m, 7)`. */
export function labelOf(words: OperationWords, maps: readonly RecordedMap[]): string {
  const { code, map, key, value, operator } = words;
  const t = maps[map]?.type;
  const m = mapName(map);
  const k = t === undefined ? "" : format(t.key, key);
  const v = t === undefined ? "" : format(t.elem, value);
  switch (code) {
    case Operation.make:
      return short(t === undefined ? "make" : `${m} := make(${t.name}${hintOf(value)})`);
    case Operation.get:
      return short(`${m}[${k}]`);
    case Operation.lookup:
      return short(`v, ok := ${m}[${k}]`);
    case Operation.has:
      return short(`_, ok := ${m}[${k}]`);
    case Operation.set:
      return short(`${m}[${k}] = ${v}`);
    case Operation.op:
      return short(
        operator === "++" || operator === "--" ? `${m}[${k}]${operator}` : `${m}[${k}] ${operator} ${v}`,
      );
    case Operation.append:
      return short(`${m}[${k}] = append(${m}[${k}], ...)`);
    case Operation.delete:
      return short(`delete(${m}, ${k})`);
    case Operation.clear:
      return `clear(${m})`;
    case Operation.clone:
      return `maps.Clone(${m})`;
    case Operation.range:
      return `for k, v := range ${m}`;
    case Operation.next:
      return `next of range ${m}`;
    case Operation.gc:
      return "runtime.GC()";
    case Operation.mapassign:
      return short(`mapassign(${m}, ${k})`);
    case Operation.mapaccess:
      return short(`mapaccess(${m}, ${k})`);
    case Operation.store:
      return "*p = ...";
  }
}

/** The key of an operation as Go writes it; an empty string when it has none. */
export function keyOfOperation({ map, key }: OperationWords, maps: readonly RecordedMap[]): string {
  const t = maps[map]?.type;
  return t === undefined || key === undefined ? "" : format(t.key, key);
}

/** What a map is called in a recording: m, and if there are more m2, m3. */
export function mapName(map: number): string {
  return map <= 0 ? "m" : `m${map + 1}`;
}

function hintOf(value: unknown): string {
  return typeof value === "number" ? `, ${value}` : "";
}

function format(type: GoType, value: unknown): string {
  if (value === undefined) return "...";
  try {
    return type.format(value);
  } catch {
    return String(value); // not of the type: the operation refused it
  }
}

function short(words: string): string {
  const characters = [...words];
  return characters.length <= LONGEST ? words : `${characters.slice(0, LONGEST - 1).join("")}…`;
}
