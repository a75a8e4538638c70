import { expect, test } from "vitest";
import { fastPath } from "../fast/fastpath.ts";
import { SeededRandom } from "../memory/random.ts";
import { TypeTable } from "../types/parse.ts";
import { string } from "../types/string.ts";
import { assignKey } from "./dispatch.ts";
import { Machine } from "./machine.ts";
import { makemapSmall } from "./make.ts";

test.each([true, false])(
  "an overwritten string key gets the pointer of the string that comes with the assign (fast: %s)",
  (fast) => {
    const go = new Machine(new SeededRandom(1));
    if (fast) go.fastPath = fastPath(go);
    const t = new TypeTable().parseMap("map[string]int");
    const h = makemapSmall(go);
    const key = go.scratch.reserveForever(string.size);
    const pointers: number[] = [];
    for (let i = 0; i < 2; i++) {
      string.store(go, key, "the same bytes", go.heap);
      const elem = assignKey(go, t, h, key);
      pointers.push(go.memory.loadPointer(key));
      expect(go.memory.loadPointer(elem - t.elemOffset + 8)).toBe(pointers[i]); // the bucket's first key
    }
    expect(pointers[0]).not.toBe(pointers[1]);
  },
);
