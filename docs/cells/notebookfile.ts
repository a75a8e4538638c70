/** A code cell of the page: the lesson's code, and what the reader made of it. */
export interface PageCode {
  original: string;
  code: string;
}

interface NotebookJson {
  cells: {
    cell_type: string;
    source: string | string[];
    outputs?: unknown[];
    execution_count?: number | null;
  }[];
  [member: string]: unknown;
}

/** The lesson's notebook with the reader's code in it. Outputs that belong to other code are left out. */
export function withReadersCode(notebook: NotebookJson, cells: readonly PageCode[]): NotebookJson {
  const changed = new Map(
    cells.filter(({ original, code }) => code !== original).map((one) => [one.original, one.code]),
  );
  return {
    ...notebook,
    cells: notebook.cells.map((cell) => {
      const source = Array.isArray(cell.source) ? cell.source.join("") : cell.source;
      const code = cell.cell_type === "code" ? changed.get(source) : undefined;
      return code === undefined ? cell : { ...cell, source: code, outputs: [], execution_count: null };
    }),
  };
}

/** A notebook of nothing but code (nbformat 4.5), for pages that are no lesson. */
export function notebookOf(cells: readonly string[]): NotebookJson {
  return {
    cells: cells.map((source, n) => ({
      cell_type: "code",
      id: `cell-${n + 1}`,
      metadata: {},
      source,
      outputs: [],
      execution_count: null,
    })),
    metadata: {
      kernelspec: { display_name: "TypeScript (hmap)", language: "typescript", name: "hmap" },
      language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/x-typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** Saves the page as a notebook: that of the lesson when there is one, else the cells alone. */
export async function downloadNotebook(cells: readonly PageCode[]): Promise<void> {
  const link = document.querySelector<HTMLLinkElement>('link[type="application/x-ipynb+json"]');
  let notebook: NotebookJson | undefined;
  if (link) {
    const response = await fetch(link.href);
    if (response.ok) notebook = withReadersCode((await response.json()) as NotebookJson, cells);
  }
  notebook ??= notebookOf(cells.map(({ code }) => code));
  const name =
    link?.href.split("/").at(-1) ?? `${location.pathname.split("/").filter(Boolean).at(-1) ?? "hmap"}.ipynb`;
  const url = URL.createObjectURL(
    new Blob([`${JSON.stringify(notebook, null, 1)}\n`], { type: "application/x-ipynb+json" }),
  );
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(url);
}
