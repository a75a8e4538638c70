/** A Go panic: a program can recover from it, and the map is as Go leaves it. `message` is Go's text. */
export class GoPanic extends Error {
  override readonly name = "GoPanic";
}

/** A fatal error of Go's runtime: the process would have ended here. `message` is Go's text. */
export class GoFatalError extends Error {
  override readonly name = "GoFatalError";
}

/** Ends the operation as Go's `fatal` ends the process. */
export function fatal(text: string): never {
  throw new GoFatalError(text);
}
