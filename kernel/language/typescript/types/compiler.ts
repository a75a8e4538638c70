/**
 * The part of the TypeScript 7 compiler's API that the kernel uses, as messages. Names and shapes are those of
 * `typescript/unstable/proto` 7.0.2; positions are offsets into the text of a file.
 */

/** Files that exist only in memory. */
export interface VirtualFiles {
  /** The text of a file, or undefined for what is not virtual. */
  read(path: string): string | undefined;
}

/** A running compiler. */
export interface Compiler {
  /** Rejects when the compiler refuses the request, and when it has ended. */
  request(method: string, params: unknown): Promise<unknown>;
  dispose(): void;
}

export interface SnapshotResponse {
  snapshot: number;
  projects: { id: string }[];
}

export interface SymbolResponse {
  id: number;
  name: string;
  flags: number;
  parent?: number;
  declarations?: string[];
}

export interface TypeResponse {
  id: number;
  flags: number;
  symbol?: number;
}

export interface CompletionEntryResponse {
  name: string;
  /** A number of {@link completionKinds}. */
  kind?: number;
  sortText?: string;
  insertText?: string;
  symbol?: SymbolResponse;
}

export interface CompletionResponse {
  entries: CompletionEntryResponse[];
}

export interface DiagnosticResponse {
  pos: number;
  end: number;
  code: number;
  /** 1 is an error. */
  category: number;
  text: string;
  messageChain?: DiagnosticResponse[];
}

export interface JsDocTagResponse {
  name: string;
  text?: string;
}

/** Of `SymbolFlags`, those that are asked about. */
export const symbolFlags = {
  variable: 3,
  function: 16,
  class: 32,
  interface: 64,
  enum: 384,
  module: 1536,
  method: 8192,
  accessor: 98304,
  typeParameter: 262144,
  typeAlias: 524288,
  alias: 2097152,
  optional: 16777216,
  value: 111551,
  type: 788968,
  namespace: 1920,
} as const;

/** Of `TypeFormatFlags`: names as they are where they are used; in full, cut off at about 160 characters, or with what an alias stands for. */
export const typeFormat = { whole: 1 | 16384, short: 16384, noAlias: 16384 | 8388608 } as const;
