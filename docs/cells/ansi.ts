/**
 * Text as a terminal would leave it on the screen: without colour codes and other escape sequences, and with only
 * the last state of a line that was overwritten by carriage returns (progress bars).
 */
export function plainText(text: string): string {
  return text
    .replace(escapes, "")
    .replace(/\r+\n/g, "\n")
    .replace(/^[^\n]*\r(?=[^\n])/gm, "");
}

// CSI (colours, cursor), OSC (titles, links; ended by BEL or ST), and two-character escapes: ECMA-48, section 5.
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of control characters
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
