import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { withPolicy } from "./sitecsp.ts";

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

test("inline scripts and styles are allowed by their hash, each once, and others by address", () => {
  const html = withPolicy(
    '<html><head><meta charset="utf-8"><style>a{}</style></head><script src="/a.js"></script><script type="module">go("$&")</script><script>go("$&")</script></html>',
  );
  const policy = /<head><meta http-equiv="content-security-policy" content="([^"]*)"><meta charset/.exec(
    html,
  )?.[1];
  expect(policy).toContain(`script-src 'self' 'wasm-unsafe-eval' ${hash('go("$&")')};`);
  expect(policy).toContain(`style-src 'self' ${hash("a{}")};`);
  expect(policy).not.toMatch(/unsafe-eval'(?<!wasm-unsafe-eval')|script-src[^;]*unsafe-inline/);
});
