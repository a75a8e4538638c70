// Completion and inspection, for parts.ts.
import "../language/typescript/completion.ts";
import "../language/typescript/live.ts";
