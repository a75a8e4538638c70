import { expect, test } from "vitest";
import { closeScope } from "./cage.ts";

test("what leads out is gone from the scope and from its prototypes, and says why", () => {
  const prototype = { indexedDB: "the page's", fetch: () => "the network" };
  const scope = Object.assign(Object.create(prototype), {
    navigator: { userAgent: "a", language: "de", hardwareConcurrency: 4, storage: "the page's" },
    Math,
  });
  closeScope(scope);
  expect(() => scope.fetch()).toThrow("Cells in a page have no network: there is no fetch.");
  expect(() => scope.indexedDB).toThrow("no storage");
  expect(prototype).toEqual({});
  expect(scope.navigator).toEqual({ userAgent: "a", language: "de", hardwareConcurrency: 4 });
  expect(() => Object.defineProperty(scope, "fetch", { value: 1 })).toThrow(TypeError);
  expect("WebSocket" in scope).toBe(false);
  expect(scope.Math).toBe(Math);
});
