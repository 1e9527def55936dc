// Shortens the names by which the program knows the functions of its glue: they are long, hold a digest each, and stand
// in the module and in the glue, where no reader ever sees them.

import { KIND, SECTION, assemble, list, number, parse, sections, text } from './wasm.mjs';

/** Both with short names. */
export function shortened(bytes, glue) {
  const { imports } = parse(bytes);
  const names = new Map(imports.map(({ name }, index) => [name, `_${index.toString(36)}`]));
  const entry = ({ module, name, type }) => [...text(module), ...text(names.get(name)), KIND.function, ...number(type)];
  const parts = sections(bytes).map(({ id, body }) => ({ id, body: id === SECTION.import ? list(imports.map(entry)) : body }));
  const renamed = glue.replace(/(?<![\w$])__wb\w+(?=\s*:)/g, (name) => names.get(name) ?? name);
  return { module: assemble(parts), glue: renamed };
}

/** A module without the sections that only tools read. */
export function stripped(bytes) {
  return assemble(sections(bytes).filter(({ id }) => id !== SECTION.custom));
}
