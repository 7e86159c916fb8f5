/**
 * Returns the built file of a module, for a child process or thread that runs it. Tests import the TypeScript sources, which Node
 * cannot run.
 * @param name relative to `importer`, with the extension `.js`
 * @param importer the `import.meta.url` of the module that starts it
 */
export function builtModule(name: string, importer: string): URL {
  if (importer.includes('/dist/')) return new URL(name, importer);
  const sources = importer.lastIndexOf('/src/');
  return new URL(name, `${importer.slice(0, sources)}/dist/${importer.slice(sources + '/src/'.length)}`);
}
