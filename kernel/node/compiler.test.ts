import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { CompilerProcess } from "./compiler.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hmap-compiler-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a compiler that sees one file more than there is. */
const start = (text: string) =>
  new CompilerProcess(folder, { read: (path) => (path.endsWith("only-here.json") ? text : undefined) });

describe("the compiler", () => {
  test("sees files that are only in memory", async () => {
    const compiler = start('{ "compilerOptions": { "strict": true }, "files": ["é😀.ts"] }');
    await compiler.request("initialize", null);
    const parsed = await compiler.request("parseConfigFile", { file: join(folder, "only-here.json") });
    expect(parsed).toMatchObject({
      options: { strict: true },
      fileNames: [expect.stringMatching(/é😀\.ts$/)],
    });
    compiler.dispose();
  });

  test("refuses what it does not know, and goes on", async () => {
    const compiler = start("{}");
    await expect(compiler.request("makeCoffee", null)).rejects.toThrow(/makeCoffee/);
    expect(await compiler.request("initialize", null)).toMatchObject({
      currentDirectory: expect.any(String),
    });
    compiler.dispose();
  });

  test("answers nothing after its end, and says so", async () => {
    const compiler = start("{}");
    const pending = compiler.request("initialize", null);
    compiler.dispose();
    await expect(pending).rejects.toThrow("the TypeScript compiler was shut down");
    await expect(compiler.request("initialize", null)).rejects.toThrow("was shut down");
  });

  test.runIf(process.platform === "linux")(
    "ends with the process that started it, killed while the compiler waits for it",
    async () => {
      const code = `
        import { CompilerProcess } from ${JSON.stringify(new URL("./compiler.ts", import.meta.url).href)};
        const compiler = new CompilerProcess(${JSON.stringify(folder)}, {
          read() { process.stdout.write("asked"); process.kill(process.pid, "SIGKILL"); },
        });
        setInterval(() => {}, 1000);
        await compiler.request("initialize", null);
        await compiler.request("parseConfigFile", { file: "only-here.json" });`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let said = "";
      child.stdout.on("data", (chunk) => {
        said += chunk;
      });
      await new Promise((resolve) => child.once("close", resolve));
      expect(said).toBe("asked");
      await vi.waitUntil(() => compilersOf(folder).length === 0, { timeout: 100_000 });
    },
  );
});

/** The compilers that run for a folder. */
function compilersOf(path: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return /^\d+$/.test(pid) && command.includes("--api") && command.includes(path);
    } catch {
      return false; // it has ended meanwhile
    }
  });
}
