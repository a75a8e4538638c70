import { execFileSync } from "node:child_process";

/**
 * The go command of Go 1.23, the last release with the map this project is about: what GO1_23 names, else
 * `go1.23`, Debian's golang-1.23-go, or a `go` that is of that release.
 *
 * @throws Error when there is none, with the mend
 */
export function findGo(): string {
  for (const candidate of [process.env.GO1_23, "go1.23", "/usr/lib/go-1.23/bin/go", "go"]) {
    if (candidate && versionOf(candidate).startsWith("go version go1.23")) return candidate;
  }
  throw new Error("Go 1.23 was not found: run tools/install-go.sh as root, or set GO1_23 to its go command.");
}

/** Environment in which a go command is the release it is, and reaches for nothing else. */
export const goEnvironment = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "", GOWORK: "off" };

function versionOf(command: string): string {
  try {
    return execFileSync(command, ["version"], { env: goEnvironment, encoding: "utf8", stdio: "pipe" });
  } catch {
    return "";
  }
}
