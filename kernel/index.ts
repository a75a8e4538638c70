/**
 * `hmap/kernel`: the parts of the kernel that run in Node and in a page alike, to put a kernel for TypeScript cells
 * anywhere. The execution side serves the language on a port:
 *
 *     serveLanguage(port, new TypeScriptLanguage({ importModule, evaluate }));
 *
 * the other side answers Jupyter messages, here for a client of @jupyterlab/services in the same process:
 *
 *     const server = new LocalServer((send) => hostKernel(send, { port, language: typescriptInfo, end }));
 *     const kernel = await server.connect().startNew({ name: "hmap" });
 */
export { LocalServer, type StartKernel } from "./client/connection.ts";
export { type HostedKernel, type HostOptions, hostKernel, type LocalKernel } from "./client/host.ts";
export type { Executor, Port } from "./core/execution.ts";
export { RemoteExecutor } from "./core/executor.ts";
export { Kernel } from "./core/kernel.ts";
export type { Message } from "./core/message.ts";
export type { KernelOptions } from "./core/options.ts";
export { serveLanguage } from "./core/serve.ts";
export type { Cell, Language, LanguageInfo, Outcome, Output } from "./language/language.ts";
export { typescriptInfo } from "./language/typescript/info.ts";
export { TypeScriptLanguage, type TypeScriptOptions } from "./language/typescript/typescript.ts";
