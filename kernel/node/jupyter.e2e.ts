import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { ensurePython, type PythonEnvironment } from "../cli/python.ts";
import { kernelName } from "../implementation.ts";

const run = promisify(execFile);

let environment: PythonEnvironment;
let folder: string;

beforeAll(async () => {
  environment = await ensurePython({ also: ["jupyter_kernel_test"] });
  folder = mkdtempSync(join(tmpdir(), "hmap-jupyter-"));
  // What is typed here is not what the person has typed, and is not to be mixed with it.
  vi.stubEnv("HMAP_HISTORY", join(folder, "history.jsonl"));
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function notebook(...sources: string[]): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: kernelName },
    cells: sources.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
  });
}

describe("Jupyter's own clients", () => {
  test("jupyter_kernel_test passes, all thirteen tests of it", async () => {
    const script = fileURLToPath(new URL("./conformance.py", import.meta.url));
    const { stdout } = await run(environment.python, [script]);
    expect(JSON.parse(stdout)).toEqual({
      passed: [
        "test_clear_output",
        "test_completion",
        "test_display_data",
        "test_error",
        "test_execute_result",
        "test_execute_stderr",
        "test_execute_stdout",
        "test_history",
        "test_inspect",
        "test_is_complete",
        "test_kernel_info",
        "test_pager",
        "test_recv_iopub_welcome_msg",
      ],
      skipped: [],
      failed: {},
    });
  });

  test("nbclient runs a notebook and saves its outputs", async () => {
    const path = join(folder, "maps.ipynb");
    writeFileSync(
      path,
      notebook(
        'import { Runtime } from "hmap";\nconst go = new Runtime({ seed: 1 });\nconst m = go.make("map[string]int", 10);',
        'for (const [i, fruit] of ["fig", "plum"].entries()) m.set(fruit, i);\nconsole.log(m.len)',
        "m",
      ),
    );
    await run(environment.program("jupyter-execute"), ["--inplace", path], { cwd: folder });
    const { cells } = JSON.parse(readFileSync(path, "utf8"));
    expect(cells[0].outputs).toEqual([]);
    expect(cells[1].outputs).toEqual([{ output_type: "stream", name: "stdout", text: ["2\n"] }]);
    const [shown] = cells[2].outputs;
    expect(shown.output_type).toBe("execute_result");
    expect([shown.data["text/plain"]].flat().join("")).toContain("plum");
    expect([shown.data["image/svg+xml"]].flat().join("")).toMatch(/^<svg /);
  });

  test("nbclient sees what a later cell changes in a display, and what a held map has become", async () => {
    const path = join(folder, "updates.ipynb");
    writeFileSync(
      path,
      notebook(
        "const held = display('one'); display('kept', { id: 'place' })",
        'import { Runtime } from "hmap";\nconst m = new Runtime({ seed: 1 }).make("map[string]int");\nlive(m);',
        "held.update('two'); display.update('place', 'changed'); m.set('fig', 1);",
      ),
    );
    await run(environment.program("jupyter-execute"), ["--inplace", path], { cwd: folder });
    const { cells } = JSON.parse(readFileSync(path, "utf8"));
    const text = (output: { data: Record<string, string | string[]> }) =>
      [output.data["text/plain"]].flat().join("");
    expect(cells[0].outputs.map(text)).toEqual(["'two'", "'changed'"]);
    expect(text(cells[1].outputs[0])).toContain("fig");
    expect(cells[2].outputs).toEqual([]);
  });

  test("nbclient stops at a cell that fails and shows its error", async () => {
    const path = join(folder, "failing.ipynb");
    writeFileSync(path, notebook("1 + 1", 'throw new RangeError("too far")', "3"));
    const failure = run(environment.program("jupyter-execute"), [path], { cwd: folder });
    await expect(failure).rejects.toMatchObject({ stderr: expect.stringMatching(/RangeError\S*: too far/) });
  });

  test("jupyter console runs what is typed and leaves nothing running", async () => {
    const console_ = spawn(
      environment.program("jupyter-console"),
      ["--simple-prompt", "--kernel", kernelName.name],
      { cwd: folder, stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, PYTHONUNBUFFERED: "1" } },
    );
    onTestFinished(() => void console_.kill());
    let output = "";
    const shown = (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (output.includes(text)) {
            console_.stdout.off("data", look);
            resolve();
          }
        };
        console_.stdout.on("data", look);
        look();
      });
    console_.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    await shown("In [1]:");
    console_.stdin.write("const n: number = 6; n * 7\n");
    await shown("Out[1]: 42");
    console_.stdin.write("process.pid\n");
    await shown("Out[2]: ");
    console_.stdin.write("prompt('Your age? ') + '!'\n");
    await shown("Your age? ");
    console_.stdin.write("36\n");
    await shown("Out[3]: '36!'");
    console_.stdin.end();
    const code = await new Promise((resolve) => console_.once("close", resolve));
    expect(code).toBe(0);
    const pid = Number(/Out\[2\]: (\d+)/.exec(output)?.[1]);
    expect(pid).toBeGreaterThan(1);
    // The kernel may outlive the console for as long as it takes to end, and to be reaped.
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), { timeout: 15_000 });
  });
});
