// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells are written as strings here
import { types } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { liveCompletions, liveInspection } from "./completion.ts";
import { namePlace } from "./cursor.ts";
import { LiveObjects } from "./live.ts";

/** How often code of the values below has run. */
let ran = 0;
const alarm = () => {
  ran++;
  return 1;
};

class Trap {
  data = { inner: [10, { deep: true }] };
  #secret = 1;
  get getter() {
    return alarm();
  }
  get [Symbol.toStringTag]() {
    alarm();
    return "Trap";
  }
  method(first: number) {
    return first + this.#secret;
  }
  static make() {
    return new Trap();
  }
}

const trap = new Trap();
Object.defineProperty(trap, "own", { get: alarm, enumerable: true });
Object.defineProperty(trap, "toJSON", { value: alarm });
Object.defineProperty(trap, "constructor", { get: alarm });
const proxy = new Proxy(
  { seen: 1 },
  {
    get: alarm as never,
    has: () => alarm() === 1,
    ownKeys: () => [String(alarm())],
    getOwnPropertyDescriptor: () => void alarm(),
    getPrototypeOf: () => (alarm() === 1 ? null : {}),
  },
);

const variables = {
  trap,
  Trap,
  proxy,
  child: Object.create(proxy),
  m: new Map([["k", 1]]),
  list: [{ a: 1 }, { b: 2 }],
  bytes: new Uint8Array(1_000_000),
  text: "abc",
  big: 10n,
  nothing: null,
  "not a name": 1,
  sum: (a: number, b: number) => a + b,
  größe: { länge: 1 },
  get lazy() {
    return alarm();
  },
};
const live = new LiveObjects({ objects: [variables], isProxy: types.isProxy });

const complete = (code: string) => liveCompletions(code, [...code].length, live);
const inspectAt = (code: string, detail: 0 | 1 = 0) => liveInspection(code, [...code].length, detail, live);

describe("live completion", () => {
  test.each([
    ["tr", ["trap", "Trap", "true", "try"]],
    ["trap.", ["data", "getter", "method", "own", "toJSON"]],
    ["trap.da", ["data"]],
    ["trap?.da", ["data"]],
    ["trap.data.inner[1].", ["deep"]],
    ["trap['data'].", ["inner"]],
    ["list[1].", ["b"]],
    ["x = [list[0].", ["a"]],
    ["m.s", ["set", "size"]],
    ["text.toUp", ["toUpperCase"]],
    ["big.toL", ["toLocaleString"]],
    ["Trap.ma", ["make"]],
    ["trap.hasOwn", ["hasOwnProperty"]],
    ["const 😀 = 1; größe.", ["länge"]],
    ["trap.\n  da", ["data"]],
    ["trap.getter.", []],
    ["trap.method().", []],
    ["nothing.", []],
    ["unknown.", []],
    ["proxy.", []],
    ["child.", []],
    ["trap[i].", []],
    ["'trap.", []],
    ["// trap.", []],
    ["`trap.", []],
    ["1.", []],
    ["...tra", ["trap", "Trap"]],
    ["`${tra", ["trap", "Trap"]],
  ])("%s", (code, expected) => {
    const { matches } = complete(code);
    expect([...matches].sort()).toEqual([...expected].sort());
  });

  test("replaces the word before the cursor, counted in code points", () => {
    expect(complete("'😀'; trap.da")).toMatchObject({ matches: ["data"], cursor_start: 10, cursor_end: 12 });
  });

  test("tells JupyterLab of each match what it is", () => {
    const { matches, metadata } = complete("trap.");
    const told = metadata._jupyter_types_experimental as {
      text: string;
      type: string;
      start: number;
      end: number;
    }[];
    expect(told.map(({ text }) => text)).toEqual(matches);
    expect(told.find(({ text }) => text === "method")).toEqual({
      text: "method",
      type: "function",
      start: 5,
      end: 5,
    });
    expect(told.find(({ text }) => text === "data")).toMatchObject({ type: "instance", signature: "object" });
    expect(complete("nowhere.").metadata).toEqual({});
  });

  test("knows the elements of a list by their names only, however many there are", () => {
    expect(complete("bytes.").matches).not.toContain("0");
    expect(complete("bytes.sub").matches).toEqual(["subarray"]);
  });
});

describe("live inspection", () => {
  test.each([
    ["text", 'text: string\n"abc"'],
    ["list[1].b", "list[1].b: number\n2"],
    ["trap.data", "trap.data: object\n{ inner: [Array(2)] }"],
    ["m", "m: object\nMap {}"],
    ["sum(", "sum: function\n[function sum]"],
    ["sum(1, sum(2, 3), [4].length, ", "sum: function\n[function sum]"],
    ["Trap", "Trap: function\n[class Trap]"],
    ["nothing", "nothing: object\nnull"],
  ])("%s", (code, expected) => {
    const { found, data } = inspectAt(code);
    expect(found).toBe(true);
    expect(data["text/plain"]).toBe(expected);
    expect(data["text/markdown"]).toBe(`\`\`\`typescript\n${expected}\n\`\`\``);
  });

  test("detail 1 adds the text of a function", () => {
    expect(inspectAt("sum", 1).data["text/plain"]).toContain("(a, b) => a + b");
  });

  test.each(["", "unknown", "trap.getter", "lazy", "const", "1", "f(x).y", "text;"])(
    "finds nothing at: %s",
    (code) => {
      expect(inspectAt(code)).toEqual({ found: false, data: {}, metadata: {} });
    },
  );
});

test("in the arguments of a call the name is that of the function", () => {
  const nameAt = (code: string) => {
    const place = namePlace(code, code.length);
    return place && code.slice(place.start, place.end);
  };
  expect(nameAt("m.set(")).toBe("set");
  expect(nameAt("m.set('a', ")).toBe("set");
  expect(nameAt("m.set('(', [1, 2][0], { a: (1) }, ")).toBe("set");
  expect(nameAt("m.set('a', 'b")).toBe("set");
  expect(nameAt("m.set('a', value")).toBe("value");
  expect(nameAt("if (")).toBeUndefined();
  expect(nameAt("m.set(1); ")).toBeUndefined();
});

describe("whatever is typed", () => {
  const piece = fc.constantFrom(
    ...'trap.|Trap|proxy.|child.|list[|0]|.data|.inner|.getter|.own|?.|["data"]|text|m.set(|lazy|größe.|😀|(|)|{|}|`${|`|\'|"|/|//|/*|*/|;|\n| |1.|await |new |const x = |=> |constructor|__proto__|toJSON'.split(
      "|",
    ),
  );
  const cells = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

  test("completion and inspection never throw, never run a getter and stay within the text, at any place", () => {
    ran = 0;
    fc.assert(
      fc.property(cells, (code) => {
        const length = [...code].length;
        for (let cursor = 0; cursor <= length; cursor++) {
          const { matches, cursor_start, cursor_end, metadata } = liveCompletions(code, cursor, live);
          expect(cursor_start).toBeLessThanOrEqual(cursor_end);
          expect(cursor_end).toBe(cursor);
          if (matches.length > 0) {
            expect(metadata._jupyter_types_experimental).toHaveLength(matches.length);
          }
          liveInspection(code, cursor, 1, live);
        }
      }),
      { seed: 4, numRuns: 250 },
    );
    expect(ran).toBe(0);
  });

  test("nor does it anywhere in real cells", () => {
    ran = 0;
    const cell =
      "import { Runtime } from 'hmap';\nconst go = new Runtime({ seed: 1 });\ntrap.data.inner[1].deep; proxy.seen; child.x\n" +
      "for (const [k, v] of m) console.log(`${k}: ${trap.getter}`, /a[/]b/.test(k)); // trap.own\ntrap.own; lazy.x";
    for (let cursor = 0; cursor <= cell.length; cursor++) {
      liveCompletions(cell.slice(0, cursor), cursor, live);
      liveCompletions(cell, cursor, live);
      liveInspection(cell, cursor, 0, live);
    }
    expect(ran).toBe(0);
  });
});
