/** An element, with its attributes and what is in it. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// Pictures on buttons: outlines in a square of 16.
const ICONS = {
  first: "M3 3h2v10H3zM13 3v10L6 8z",
  back: "M12 3v10L5 8z",
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  forward: "M4 3v10l7-5z",
  last: "M11 3h2v10h-2zM3 3v10l7-5z",
} as const;
/** The name of a button's picture. */
export type Icon = keyof typeof ICONS;

/** A button with a picture, named for those who cannot see it. */
export function iconButton(icon: Icon, label: string, press: () => void): HTMLButtonElement {
  const button = h("button", { type: "button", class: icon });
  setIcon(button, icon, label);
  button.addEventListener("click", press);
  return button;
}

/** Gives a button another picture and name. */
export function setIcon(button: HTMLButtonElement, icon: Icon, label: string): void {
  button.setAttribute("aria-label", label);
  button.title = label;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[icon]);
  svg.append(path);
  button.replaceChildren(svg);
}

/** A choice from a list, with its label before it. */
export function choice(
  label: string,
  options: readonly (readonly [value: string, words: string])[],
  chosen: string,
): { label: HTMLLabelElement; select: HTMLSelectElement } {
  const select = h("select", {}, ...options.map(([value, words]) => h("option", { value }, words)));
  select.value = chosen;
  return { label: h("label", {}, label, select), select };
}
