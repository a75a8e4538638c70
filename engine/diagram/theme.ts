import { type Style, styles } from "./svg.ts";

/** The colours of shapes on a dark page: the same hues, dark enough to carry light text. */
const dark: Partial<Record<Style, { fill?: string; stroke?: string }>> = {
  paper: { fill: "#171c21", stroke: "#2c343b" },
  card: { fill: "#1f262c", stroke: "#6c7781" },
  rest: { fill: "#262d34", stroke: "#39424a" },
  one: { fill: "#262d34", stroke: "#6c7781" },
  live: { fill: "#144a66", stroke: "#56b4e9" },
  elem: { fill: "#47430f", stroke: "#d6c928" },
  x: { fill: "#0d4a3a", stroke: "#1fb98c" },
  y: { fill: "#5a3f06", stroke: "#e69f00" },
  focus: { stroke: "#ff8c42" },
  tag: { fill: "#562c46", stroke: "#d88bb5" },
  mark: { fill: "#d88bb5", stroke: "#d88bb5" },
  hatch: { stroke: "#6c7781" },
  rule: { stroke: "#6c7781" },
  curve: { stroke: "#eef2f5" },
  arrow: { stroke: "#9ba6b0" },
  head: { fill: "#9ba6b0" },
  ink: { fill: "#eef2f5" },
  dim: { fill: "#9ba6b0" },
};

/**
 * A style sheet for pictures that stand in a document or in a shadow root: they follow the `color-scheme` of the element
 * around them. A browser that does not know `light-dark()` shows the picture's own colours, which are for light pages.
 */
export const themeCss: string = [
  `svg.hmap { fill: light-dark(${styles.ink.fill}, ${dark.ink?.fill}); }`,
  ...Object.entries(dark).map(([style, looks]) => {
    const light = styles[style as Style] as Record<string, string>;
    const properties = Object.entries(looks).map(
      ([property, colour]) => `${property}: light-dark(${light[property]}, ${colour});`,
    );
    return `.hmap-${style} { ${properties.join(" ")} }`;
  }),
].join("\n");
