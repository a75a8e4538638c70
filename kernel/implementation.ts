/** What kernel_info_reply says of this kernel, the same in every host. `version` follows package.json; a test compares. */
export const implementation = {
  name: "hmap",
  version: "0.1.0",
  banner: "hmap: Go's map, opened up. Cells are TypeScript.",
};

/** The JupyterLab extension's name: its folder among Jupyter's, and its place in JupyterLab's page. */
export const labExtensionName = "hmap-lab";

/** How the kernel is called in lists of kernels and in notebooks. */
export const kernelName = { name: "hmap", display_name: "TypeScript (hmap)", language: "typescript" };
