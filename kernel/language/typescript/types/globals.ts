/**
 * Declarations of what cells find besides ECMAScript's own globals, with the documentation that inspection shows.
 * `withNode`: Node's own declarations are loaded too, so only what the kernel adds is declared.
 */
export function hostGlobals(withNode: boolean): string {
  return withNode ? kernelGlobals : `${kernelGlobals}\n${commonGlobals}`;
}

const kernelGlobals = `
/** A way to change what \`display\` showed. */
interface DisplayHandle {
  /** Shows \`value\` in the same place. */
  update(value: unknown, options?: DisplayOptions): void;
}
interface DisplayOptions {
  /** The value is a MIME bundle itself: \`display({ "text/html": "<b>hi</b>" }, { raw: true })\`. */
  raw?: boolean;
  /** For the front end, by MIME type. */
  metadata?: Record<string, unknown>;
}
/**
 * Shows a value in the middle of a cell, as the last value of a cell is shown.
 * @returns a handle that shows another value in the same place
 */
declare var display: ((value: unknown, options?: DisplayOptions) => DisplayHandle) & Record<string, any>;
/**
 * Asks the person for a line of text.
 * @param prompt shown in front of the line
 */
declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;
`;

/** What Node and pages both have. */
const commonGlobals = `
interface Console {
  /** Prints to standard output. Objects are shown by their contents; \`%s\`, \`%d\` and \`%o\` take the next argument. */
  log(...data: any[]): void;
  /** Prints to standard output. */
  info(...data: any[]): void;
  /** Prints to standard output. */
  debug(...data: any[]): void;
  /** Prints to standard error. */
  warn(...data: any[]): void;
  /** Prints to standard error. */
  error(...data: any[]): void;
  /** Prints the properties of an object. */
  dir(item?: any, options?: any): void;
  dirxml(...data: any[]): void;
  /** Prints a list of objects, or a map, as a table. */
  table(tabularData?: any, properties?: string[]): void;
  /** Prints a message to standard error. */
  trace(...data: any[]): void;
  /** Prints a message to standard error when the condition is false. */
  assert(condition?: boolean, ...data: any[]): void;
  /** Indents what is printed from here on. */
  group(...label: any[]): void;
  groupCollapsed(...label: any[]): void;
  groupEnd(): void;
  /** Prints how often it was called with this label. */
  count(label?: string): void;
  countReset(label?: string): void;
  /** Starts a timer. */
  time(label?: string): void;
  timeLog(label?: string, ...data: any[]): void;
  /** Prints the time since \`console.time\`. */
  timeEnd(label?: string): void;
  /** Clears the output of the cell. */
  clear(): void;
}
declare var console: Console;
/** Calls back once, after \`delay\` milliseconds. */
declare function setTimeout(callback: (...args: any[]) => void, delay?: number, ...args: any[]): any;
declare function clearTimeout(timeout?: any): void;
/** Calls back every \`delay\` milliseconds. */
declare function setInterval(callback: (...args: any[]) => void, delay?: number, ...args: any[]): any;
declare function clearInterval(interval?: any): void;
/** Calls back when the running code has ended, before anything else. */
declare function queueMicrotask(callback: () => void): void;
/** A deep copy of a value. */
declare function structuredClone<T = any>(value: T, options?: { transfer?: readonly any[] }): T;
declare var performance: { now(): number; [name: string]: any };
declare function atob(data: string): string;
declare function btoa(data: string): string;
`;
