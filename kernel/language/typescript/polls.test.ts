import vm from "node:vm";
import { expect, test } from "vitest";
import { TypeScriptLanguage } from "./typescript.ts";

/** A language whose code polls a function that throws at the thousandth call. */
function polled() {
  const global = vm.createContext({});
  let calls = 0;
  global.poll = () => {
    if (++calls >= 1000) throw Object.assign(new Error("stop"), { name: "Interrupted" });
  };
  const language = new TypeScriptLanguage({
    importModule: (specifier) => import(specifier),
    evaluate: (script, filename) => vm.runInContext(script, global, { filename }),
    global,
    poll: "poll()",
  });
  const run = async (code: string) => {
    calls = 0;
    const shown: unknown[] = [];
    const outcome = await language.execute(code, {
      id: code,
      executionCount: 1,
      silent: false,
      emit: (output) => shown.push(output.type === "result" ? output.data["text/plain"] : output),
      input: async () => "",
    });
    return outcome.status === "error" ? `${outcome.ename}: ${outcome.evalue}` : shown;
  };
  return { run, calls: () => calls };
}

test.for([
  "while (true) {}",
  "while (true);",
  "for (;;) {}",
  "do {} while (true)",
  "do ; while (true)",
  "for (const x of (function* () { while (true) yield 1; })()) x",
  "const loop = () => { while (true) {} }; loop()",
  "const f = (n: number): number => n < 2 ? n : f(n - 1) + f(n - 2); f(90)",
  "class A { constructor() { for (;;) ; } } new A()",
  "await 0; while (true) await 0",
  "try { while (true) {} } catch {} finally { while (true) {} }",
  "while (true) { try { for (;;) ; } catch {} }",
  "outer: for (;;) for (;;) continue outer",
  "enum E { a } ; let i = E.a; while (i === 0) continue",
])("%s stops", async (code) => {
  const { run } = polled();
  expect(await run(code)).toBe("Interrupted: stop");
});

test("code that ends has the same result as without", async () => {
  const { run, calls } = polled();
  expect(
    await run("let sum = 0; for (const x of [1, 2]) sum += x; for (let i = 0; i < 3; i++) { sum += i } sum"),
  ).toEqual(["6"]);
  expect(calls()).toBe(5);
  expect(await run("const twice = (x: number) => ({ x: 2 * x }); twice(2).x")).toEqual(["4"]);
  expect(await run("class B { n = 1; m() { return super.toString().length + this.n } } new B().m()")).toEqual(
    ["16"],
  );
  expect(await run("function* g() { yield* [1, 2] } [...g()].length")).toEqual(["2"]);
  expect(await run("if (true) for (var v = 0; v < 2; v++); v")).toEqual(["2"]);
});

test("an error's place is that in the code as it was typed", async () => {
  const { run } = polled();
  const language = await run("for (let i = 0; i < 3; i++) { const = 1 }");
  expect(language).toMatch(/In \[1\]:1:37/);
  const thrown = await run(
    "const f = () => { throw new Error(new Error().stack?.split('\\n').length ? 'x' : '') }; f()",
  );
  expect(thrown).toBe("Error: x");
});
