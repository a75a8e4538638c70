import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { kernelName } from "../implementation.ts";

/** A JupyterLab for a test. */
export interface TestLab {
  /** The page of a notebook, by its path in the folder of notebooks; its layout is fresh each time. */
  page(notebook: string): string;
  /** Opens a notebook and waits until its kernel is there and idle: before that, JupyterLab may lose a key or a cell. */
  open(page: Page, notebook: string): Promise<void>;
  /** Changes a setting of JupyterLab, such as `@jupyterlab/apputils-extension:themes`, for pages opened from now on. */
  setting(plugin: string, value: object): void;
  close(): Promise<void>;
}

/**
 * Starts `hmap lab` on a folder, on a free port, with nothing of the person's own Jupyter, and nothing left behind in it.
 *
 * @param folder for its settings and the like
 * @param notebooks the folder it shows
 */
export async function startTestLab(folder: string, notebooks: string): Promise<TestLab> {
  const setting = (plugin: string, value: object) => {
    const file = join(folder, "settings", `${plugin.replace(":", "/")}.jupyterlab-settings`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(value));
  };
  // No question about news: it would cover what is tested, and there is no network in tests.
  setting("@jupyterlab/apputils-extension:notification", { fetchNews: "false", checkForUpdates: false });
  // All cells stay in the page, also those that are scrolled out of sight.
  setting("@jupyterlab/notebook-extension:tracker", { windowingMode: "none" });
  const flags = ["--no-browser", `--port=${await freePort()}`, "--IdentityProvider.token=for-the-test"];
  const hmap = fileURLToPath(new URL("./hmap.ts", import.meta.url));
  const lab = spawn(process.execPath, [hmap, "lab", notebooks, ...flags], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      JUPYTER_CONFIG_DIR: join(folder, "config"),
      JUPYTER_DATA_DIR: join(folder, "data"),
      JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
      JUPYTERLAB_WORKSPACES_DIR: join(folder, "workspaces"),
      JUPYTERLAB_SETTINGS_DIR: join(folder, "settings"),
      IPYTHONDIR: join(folder, "ipython"),
    },
  });
  let log = "";
  const address = await new Promise<URL>((resolve, reject) => {
    const look = (text: string) => {
      log += text;
      const match = /http:\/\/127\.0\.0\.1:\d+\/lab/.exec(log);
      if (match !== null) resolve(new URL(match[0]));
    };
    lab.stdout.setEncoding("utf8").on("data", look);
    lab.stderr.setEncoding("utf8").on("data", look);
    lab.once("close", (code) => reject(new Error(`JupyterLab ended with ${code}: ${log}`)));
  });
  const pageOf = (notebook: string) =>
    new URL(`/lab/tree/${notebook}?token=for-the-test&reset`, address).href;
  return {
    page: pageOf,
    open: async (page, notebook) => {
      await page.goto(pageOf(notebook));
      await page.locator(".jp-Notebook .jp-CodeCell").first().waitFor();
      await page.locator(".jp-KernelName", { hasText: kernelName.display_name }).waitFor();
      await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
    },
    setting,
    close: async () => {
      if (lab.exitCode !== null) return;
      const closed = new Promise((resolve) => lab.once("close", resolve));
      lab.kill("SIGTERM");
      await closed;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
