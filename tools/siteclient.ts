import type { Plugin } from "vite";

/**
 * Leaves out of the page the parts of @jupyterlab/services and its helpers that are not about kernels (contents, sessions,
 * terminals, settings; command lines, plugins). Their modules are CommonJS, from which a bundler cannot drop what nobody
 * uses; their indexes only pass these parts on. The first Run is about 12 KB lighter for it.
 */
export function kernelClientOnly(): Plugin {
  const unused =
    /\/@jupyterlab\/(?:services\/lib\/(?:builder|config|contents|event|manager|nbconvert|session|setting|terminal|tokens|user|workspace)(?:\/index)?|coreutils\/lib\/(?:activitymonitor|interfaces|lru|markdowncodeblocks|pluginregistry|signal|text|time))\.js$|\/minimist\/index\.js$/;
  return {
    name: "kernel-client-only",
    enforce: "pre",
    async resolveId(source, importer, options) {
      if (source !== "@lumino/coreutils") return null;
      // The package offers browsers its CommonJS form, which needs all of @lumino/algorithm.
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      return found && { ...found, id: found.id.replace(/\/dist\/index\.js$/, "/dist/index.es6.js") };
    },
    load: (id) => (unused.test(id) ? "export {};" : null),
  };
}
