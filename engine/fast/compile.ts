import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

// `npm run fast`: compiles assembly/ to WebAssembly and writes code.ts, which holds the result.

const folder = fileURLToPath(new URL(".", import.meta.url));
const FLAGS =
  "-O3 --converge --enable simd --enable reference-types --runtime stub --importMemory --initialMemory 64 --noExportMemory --use abort=";
// TypeScript allows decorators on no function: assembly/ has `@inline` as a comment, and `@external` is put in here.

/** In this file functions are the built-in module's. */
const BUILTINS = "jsstring.ts";

/**
 * The text of code.ts.
 *
 * @throws Error with what the compiler complains about
 */
export async function compile(): Promise<string> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await main(["assembly/index.ts", "--outFile", "fast.wasm", ...FLAGS.split(" ")], {
    readFile: read,
    writeFile: (_, contents) => {
      binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) throw new Error(stderr.toString());
  // Not base64, in which bytes lie across characters: compressed, as a page loads it, this is a third lighter.
  const hex = Buffer.from(binary).toString("hex");
  const lines = hex.match(/.{1,100}/g)?.map((line) => `  "${line}"`) ?? [];
  return `// Made by \`npm run fast\` from assembly/: ${binary.length} bytes of WebAssembly. Do not edit.\n\nexport const code =\n${lines.join(" +\n")};\n`;
}

function read(name: string): string | null {
  try {
    const text = readFileSync(join(folder, name), "utf8").replace(/^\/\/ @inline$/gm, "@inline");
    if (!name.endsWith(BUILTINS)) return text;
    return text.replace(/export declare function (\w+)/g, '@external("wasm:js-string", "$1") $&');
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await compile();
  writeFileSync(`${folder}code.ts`, text);
  console.log(`engine/fast/code.ts: ${text.split("\n")[0]}`);
}
