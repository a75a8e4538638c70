import type { CellError } from "../language.ts";

// Colours of a terminal: https://en.wikipedia.org/wiki/ANSI_escape_code#SGR. The basic ones, as every front end shows
// them in its own theme's shades.
const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
const cyan = (text: string) => `\u001b[36m${text}\u001b[39m`;
const green = (text: string) => `\u001b[32m${text}\u001b[39m`;

/**
 * A cell's error with a traceback in colour, as Python's kernel has it: names of errors and the caret red, positions
 * cyan, line numbers green.
 */
export function coloured<Failure extends CellError>(error: Failure): Failure {
  const [headline = "", ...others] = error.traceback;
  return { ...error, traceback: [colouredName(headline), ...others.map(colouredLine)] };
}

function colouredName(line: string): string {
  return line.replace(/^(?:Caused by: |One of them: )?[\w$.]+/, (name) => red(name));
}

function colouredLine(line: string): string {
  if (/^(?:Caused by|One of them): /.test(line)) return colouredName(line);
  if (/^ +\| \s*\^$/.test(line)) return line.replace("^", red("^"));
  if (/^ {2}\d+ \| /.test(line)) return line.replace(/\d+/, (number) => green(number));
  return line.replace(/^( {4}at (?:.* \()?)([^()]*?:\d+:\d+)(\)?)$/, (_, before, place, after) => {
    return `${before}${cyan(place)}${after}`;
  });
}
