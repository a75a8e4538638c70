import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensurePython } from "./python.ts";
import { type RunOptions, runFiles } from "./runfiles.ts";

const notebook = fileURLToPath(new URL("../../notebooks/03-inside-a-bucket.ipynb", import.meta.url));
const token = "a-token-of-the-test";
let folder: string;
let server: ChildProcess;
let address: string;

beforeAll(async () => {
  const python = await ensurePython();
  folder = await mkdtemp(join(tmpdir(), "hmap-server-"));
  const port = await freePort();
  address = `http://127.0.0.1:${port}/`;
  server = spawn(
    python.program("jupyter-server"),
    [
      `--port=${port}`,
      "--ServerApp.port_retries=0",
      "--no-browser",
      "--allow-root",
      `--IdentityProvider.token=${token}`,
    ],
    {
      cwd: folder,
      env: {
        ...process.env,
        JUPYTER_RUNTIME_DIR: folder,
        JUPYTER_CONFIG_DIR: folder,
        JUPYTER_DATA_DIR: folder,
      },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let log = "";
  await new Promise<void>((resolve, reject) => {
    server.stderr!.on("data", (chunk) => {
      log += String(chunk);
      if (log.includes("is running at")) resolve();
    });
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${log}`)));
  });
});

afterAll(async () => {
  if (server !== undefined && server.exitCode === null) {
    server.kill();
    await once(server, "exit");
  }
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

async function run(options: RunOptions) {
  let said = "";
  const say = (text: string) => {
    said += text;
  };
  const code = await runFiles([notebook], options, { out: say, err: say, columns: undefined });
  return { code, said };
}

test("a notebook gives on a Jupyter server, with the installed kernel, what it gives in this process", async () => {
  const { code, said } = await run({ server: address, token, check: true });
  expect(code, said).toBe(0);
});

test("the address as Jupyter prints it, with the token and the page in it, will do", async () => {
  const { code, said } = await run({ server: `${address}lab/tree/some/file.ipynb?token=${token}` });
  expect(code, said).toBe(0);
});

test("a wrong token is said to be wrong", async () => {
  const { code, said } = await run({ server: address, token: "another" });
  expect(code).toBe(1);
  expect(said).toContain(`hmap run: the server at ${address} does not accept the token`);
});
