import type { LanguageInfo } from "../language.ts";

/** What kernel_info says of the TypeScript cell language. Apart from the language itself, so that a router can name it without loading it. */
export const typescriptInfo: LanguageInfo = {
  name: "typescript",
  version: "7.0",
  mimetype: "text/typescript",
  file_extension: ".ts",
  pygments_lexer: "typescript",
  codemirror_mode: "typescript",
  nbconvert_exporter: "script",
};
