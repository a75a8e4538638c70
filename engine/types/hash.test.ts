import { expect, test } from "vitest";
import { type RandomSource, Runtime } from "../index.ts";

/** Draws these numbers, then 5 for ever. */
class Draws implements RandomSource {
  low = 0;
  high = 0;
  readonly #numbers: bigint[];

  constructor(...numbers: bigint[]) {
    this.#numbers = numbers;
  }

  next(): void {
    const number = this.#numbers.shift() ?? 5n;
    this.high = Number(number >> 32n) | 0;
    this.low = Number(number & 0xffffffffn) | 0;
  }
}

const HASHKEY = [0x0123456789abcdefn, 0xfedcba9876543210n, 0x0f1e2d3c4b5a6978n, 0x8796a5b4c3d2e1f0n];

// What Go 1.23 computes on amd64 under GODEBUG=cpu.aes=off with this hash key and the seed 5: the compiler's hash of
// a key type, and runtime.nilinterhash of the same value in an interface.
test.each([
  ["int32", 7, 0x6bc25660c1110410n, 0x3816ac7b96871300n],
  ["string", "fig", 0xe09e189056e50f4dn, 0x68f4b541447fff59n],
  ["[2]float64", [1, 2], 0xc2fb916a9264a05en, 0xc187f6d40b010785n],
  ["[3]string", ["a", "b", "c"], 0x2011fad9dd4ebb99n, 0x63482489137caa56n],
  ["struct{ A, B int32 }", { A: 1, B: 2 }, 0xccfbc6449e302fd9n, 0x1d300d232fd924fcn],
  ["struct{ A, B int32; C string }", { A: 1, B: 2, C: "fig" }, 0x8d2bad2389929041n, 0x636d09b018c9ca8en],
  ["struct{ A int32; _ int32; B int32 }", { A: 1, B: 2 }, 0x15c336a8de1e4990n, 0x076751182887b95en],
  [
    "struct{ A int8; B int32; C, D int16 }",
    { A: 1, B: 2, C: 3, D: 4 },
    0x302294cd31bd52e1n,
    0xfc3f34e01e9e543cn,
  ],
])("a key of type %s hashes as Go hashes it, in an interface too", (type, value, keyHash, interfaceHash) => {
  const go = new Runtime({ random: new Draws(...HASHKEY) });
  expect(go.make(`map[${type}]int`).hash(value).hash).toBe(keyHash);
  expect(go.make("map[any]int").hash(go.value(type, value)).hash).toBe(interfaceHash);
});

test.each([
  [0, 0x0123456789abcdean],
  [1, 0x8e417ec20572206cn],
  [2, 0x53faf67ed51586aan],
  [3, 0x91978e64e9b7c1e3n],
  [4, 0x0094b282a6cbeee4n],
  [5, 0x7c621c22beb8f769n],
  [7, 0x9951a901faaf2a11n],
  [8, 0xd68633dad2d79c25n],
  [9, 0xfd688bdd724c4715n],
  [16, 0x67401f9b98f60bf5n],
  [17, 0x4d7b5922d14b242bn],
  [32, 0xacb512995b1d2000n],
  [33, 0xfd2433aa02e907cfn],
  [48, 0x99e6655fd59e37e2n],
  [49, 0x9915c747a5e61af5n],
  [64, 0xddfd98b024c59fd6n],
  [95, 0x8c80c1e8de0b430bn],
  [96, 0x556e5a9da737ca58n],
  [97, 0xa9b08b9c05c97e10n],
  [144, 0xcfc412dd6e37b0b3n],
  [145, 0x6a1cdd4813c883e3n],
  [200, 0xf62bf855ec11315fn],
])("a string of %i bytes hashes as Go hashes it", (length, hash) => {
  const text = "abcdefghijklmnopqrstuvwxyz".repeat(8).slice(0, length);
  const go = new Runtime({ random: new Draws(...HASHKEY) });
  expect(go.make("map[string]int").hash(text).hash).toBe(hash);
});
