import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { implementation } from "../implementation.ts";

const bin = fileURLToPath(new URL("./bin.mjs", import.meta.url));

/** Runs `hmap --version` as if by a Node of some version. */
function hmap(version: string) {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions, "node", { value: "${version}" })`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", pretend, bin, "--version"], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("the command runs on the oldest Node that package.json promises, and says so to an older one", () => {
  const packageFile = new URL("../../package.json", import.meta.url);
  const { engines } = JSON.parse(readFileSync(packageFile, "utf8")) as { engines: { node: string } };
  const oldest = engines.node.replace(">=", "");
  expect(hmap(`${oldest}.0`)).toEqual({ status: 0, stdout: `${implementation.version}\n`, stderr: "" });
  const [major, minor] = oldest.split(".").map(Number);
  for (const version of ["18.20.8", `${major}.${minor! - 1}.9`]) {
    expect(hmap(version)).toEqual({
      status: 1,
      stdout: "",
      stderr: `hmap needs Node ${oldest} or newer, and this is ${version}: install a newer one from nodejs.org.\n`,
    });
  }
});
