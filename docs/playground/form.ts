/** What the form of the playground says: a program without a line written by hand. */
export interface FormState {
  type: string;
  /** Of make; undefined for none. */
  hint: number | undefined;
  seed: number;
  operations: readonly Operation[];
}

export type Operation =
  | { do: "set"; key: string; value: string }
  | { do: "delete"; key: string }
  | { do: "fill"; count: number }
  | { do: "clear" }
  | { do: "gc" };

/** A map type that the form offers, and how it writes keys and elems of it. */
export interface FormType {
  type: string;
  key: "string" | "integer" | "float";
  elem: "string" | "integer" | "bytes";
}

export const formTypes: readonly FormType[] = [
  { type: "map[string]int", key: "string", elem: "integer" },
  { type: "map[int]int", key: "integer", elem: "integer" },
  { type: "map[int]string", key: "integer", elem: "string" },
  { type: "map[string]string", key: "string", elem: "string" },
  { type: "map[float64]int", key: "float", elem: "integer" },
  { type: "map[int][128]byte", key: "integer", elem: "bytes" },
];

/** The program that a form stands for. Text of the reader becomes string literals: it cannot become code. */
export function formCode({ type, hint, seed, operations }: FormState): string {
  const form = formTypes.find((one) => one.type === type) ?? formTypes[0]!;
  const lines = [
    'import { Runtime } from "hmap";',
    "",
    `const go = new Runtime({ seed: ${whole(seed)} });`,
    `const m = go.make(${JSON.stringify(form.type)}${hint === undefined ? "" : `, ${whole(hint)}`});`,
    "const heap = m.isNil ? undefined : m.watchHeap();",
    "",
    ...operations.flatMap((operation) => operationLines(operation, form)),
    "",
    "display(m);",
    "heap",
  ];
  return lines.join("\n");
}

function operationLines(operation: Operation, form: FormType): string[] {
  const sample = "heap?.sample();";
  switch (operation.do) {
    case "set":
      return [
        `m.set(${literal(operation.key, form.key)}, ${literal(operation.value, form.elem)}); ${sample}`,
      ];
    case "delete":
      return [`m.delete(${literal(operation.key, form.key)}); ${sample}`];
    case "clear":
      return [`m.clear(); ${sample}`];
    case "gc":
      return [`go.gc(); ${sample}`];
    case "fill": {
      const key = form.key === "string" ? "`key ${i}`" : "i";
      const elem = form.elem === "bytes" ? "new Array(128).fill(0)" : form.elem === "string" ? "`${i}`" : "i";
      return [
        `for (let i = 0; i < ${whole(operation.count)}; i++) {`,
        `  m.set(${key}, ${elem});`,
        `  ${sample}`,
        "}",
      ];
    }
  }
}

function literal(text: string, kind: FormType["key"] | FormType["elem"]): string {
  if (kind === "bytes") return "new Array(128).fill(0)";
  if (kind === "string") return JSON.stringify(text);
  const number = Number(text.trim() === "" ? 0 : text);
  if (kind === "integer") return Number.isSafeInteger(number) ? String(number) : "0";
  return Object.is(number, -0) ? "-0" : String(number);
}

/** What a number field gives, made a number that code can hold. */
function whole(value: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(Math.trunc(value), 0), 1_000_000) : 0;
}
