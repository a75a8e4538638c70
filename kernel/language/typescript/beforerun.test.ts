import vm from "node:vm";
import { expect, test } from "vitest";
import type { Cell } from "../language.ts";
import { TypeScriptLanguage } from "./typescript.ts";

const cell: Cell = { id: "e", executionCount: 1, silent: false, emit: () => {}, input: async () => "" };

/** A language that loads something for code which names it, and what code says that runs. */
function loading() {
  const load = Promise.withResolvers<void>();
  const said: string[] = [];
  const global = vm.createContext({ say: (word: string) => said.push(word) });
  const language = new TypeScriptLanguage({
    importModule: (specifier) => import(specifier),
    evaluate: (script, filename) => vm.runInContext(script, global, { filename }),
    global,
    beforeRun: (code) => (code.includes("part") ? load.promise : undefined),
  });
  return { language, load, said };
}

test("a cell runs when what it names has been loaded, and one that names nothing at once", async () => {
  const { language, load, said } = loading();
  const waiting = language.execute("say('part')", cell);
  await language.execute("say('nothing')", cell);
  expect(said).toEqual(["nothing"]);
  load.resolve();
  expect(await waiting).toEqual({ status: "ok" });
  expect(said).toEqual(["nothing", "part"]);
});

test("a cell that is interrupted while it waits for that does not run any more", async () => {
  const { language, load, said } = loading();
  const waiting = language.execute("say('part')", cell);
  language.interrupt();
  load.resolve();
  expect(await waiting).toMatchObject({ status: "error", evalue: "the cell was interrupted before it ran" });
  expect(said).toEqual([]);
});

test("a cell fails for what cannot be loaded, or for itself when it cannot be parsed", async () => {
  const { language, load } = loading();
  load.reject(new Error("no connection"));
  expect(await language.execute("'part'", cell)).toMatchObject({ ename: "Error", evalue: "no connection" });
  expect(await language.execute("'part' +", cell)).toMatchObject({ ename: "SyntaxError" });
});
