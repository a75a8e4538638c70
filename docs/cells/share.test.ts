import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { readShared, sharedFragment } from "./share.ts";

const packed = (text: string) => `#code=${deflateRawSync(text).toString("base64url")}`;

test("code comes out of a link as it went in", async () => {
  const cells = ['const a = "</script><img src=x onerror=alert(1)>"; // ✓ 地図', "\n\na + 1\n"];
  for (const cell of [1, 7]) {
    const fragment = await sharedFragment({ cells, cell });
    expect(fragment).toMatch(/^code=[\w-]+(&cell=7)?$/);
    expect(await readShared(`#${fragment}`)).toEqual({ cells, cell });
  }
});

test("a fragment without code is no share link", async () => {
  for (const fragment of ["", "#", "#the-ninth-key", "#cell=3"])
    expect(await readShared(fragment)).toBeUndefined();
});

test.each([
  ["not base64", "#code=%%%"],
  ["not deflated", "#code=AAAA"],
  ["not JSON", packed("alert(1)")],
  ["no list", packed('{"length":1,"0":"alert(1)"}')],
  ["no text in the list", packed("[{}]")],
  ["an empty list", packed("[]")],
  ["a list too long", packed(JSON.stringify(new Array(1000).fill("a")))],
  ["far more text than it seems", packed(JSON.stringify(["a".repeat(50_000_000)]))],
  ["a cell that no page has", `${packed('["a"]')}&cell=-1`],
])("a link that holds %s is refused in a sentence", async (_, fragment) => {
  await expect(readShared(fragment)).rejects.toThrow(
    "The code in this link cannot be read: ask for the link again.",
  );
});
