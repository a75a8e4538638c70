/** The types of what the kernel gives to cells, as TypeScript writes them: `import("/hmap/displays.ts").Display`. */
export interface KernelGlobals {
  display: string;
  live: string;
  Jupyter: string;
}

/** Types that say nothing. */
export const unknownGlobals: KernelGlobals = { display: "any", live: "any", Jupyter: "any" };

/** The names of what the kernel gives to cells. */
export const kernelNames: readonly string[] = [...Object.keys(unknownGlobals), "input", "prompt"];

/**
 * Declarations of what cells find besides ECMAScript's own globals, with the documentation that inspection shows.
 * `withNode`: Node's own declarations are loaded too, so only what the kernel adds is declared.
 */
export function hostGlobals({ display, live, Jupyter }: KernelGlobals, withNode: boolean): string {
  return `
/**
 * Shows a value in the middle of a cell, as the last value of a cell is shown.
 * @param value anything; an object may say itself how, by a method named \`Symbol.for("Jupyter.display")\`
 * @returns a handle that shows another value in the same place
 */
declare var display: ${display};
/**
 * Shows a value, and shows it anew in the same place whenever a cell has changed it.
 * @param value anything, or a function that gives it
 */
declare var live: ${live};
/** What is Jupyter's and not the language's: comms, pages. */
declare var Jupyter: ${Jupyter};
/**
 * Asks the person for a line of text.
 * @param prompt shown in front of the line
 */
declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;
/**
 * Asks the person for a line of text and waits for it; nothing else runs meanwhile.
 * @param message shown in front of the line
 * @param initial what is returned when nothing is typed
 */
declare function prompt(message?: string, initial?: string): string;
${withNode ? "" : commonGlobals}`;
}

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
