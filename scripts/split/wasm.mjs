// Reads and writes WebAssembly modules as far as dividing a program in two asks for: sections, the places of
// functions in them, and where control parts and meets. It knows the core format (version 1 with bulk memory,
// reference types, sign extension, saturating conversion, multiple values) and refuses anything else rather than guess.
//
// Source: WebAssembly Core Specification, chapter 5, Binary Format.

export const SECTION = {
  custom: 0, type: 1, import: 2, function: 3, table: 4, memory: 5, global: 6, export: 7, start: 8, element: 9,
  code: 10, data: 11, count: 12,
};
export const KIND = { function: 0, table: 1, memory: 2, global: 3 };
/** The instructions at which control parts or meets. */
export const OP = { unreachable: 0x00, block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, branchIf: 0x0d, branchTable: 0x0e, call: 0x10 };

/** A place in some bytes, moving on. */
export class Reader {
  constructor(bytes, at = 0) {
    Object.assign(this, { bytes, at });
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned number. */
  number() {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.byte();
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  }

  /** Moves over a number, signed or not. */
  skipNumber() {
    while (this.byte() >= 128);
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text() {
    return new TextDecoder().decode(this.take(this.number()));
  }

  list(each) {
    return Array.from({ length: this.number() }, () => each(this));
  }
}

/** An unsigned number as bytes. */
export function number(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

/** A number that the format takes as signed; ours are never negative. */
export function signed(value) {
  const bytes = [];
  for (; value >= 64; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

export const text = (string) => [...number(Buffer.byteLength(string)), ...Buffer.from(string)];
export const list = (items) => [...number(items.length), ...items.flat()];

/** A module's sections, in order: `{ id, body }`. */
export function sections(bytes) {
  const reader = new Reader(bytes, 8);
  const found = [];
  while (reader.at < bytes.length) found.push({ id: reader.byte(), body: reader.take(reader.number()) });
  return found;
}

/** Sections as a module. */
export function assemble(parts) {
  const chunks = [Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])];
  for (const { id, body } of parts) chunks.push(Buffer.from([id, ...number(body.length)]), Buffer.from(body));
  return Buffer.concat(chunks);
}

function limits(reader) {
  const flags = reader.byte();
  return { flags, least: reader.number(), most: flags & 1 ? reader.number() : null };
}

export const limitBytes = ({ flags, least, most }) => [flags, ...number(least), ...(most === null ? [] : number(most))];

/** What a module is made of, as far as it matters here. */
export function parse(bytes) {
  const parts = sections(bytes);
  const body = (id) => parts.find((part) => part.id === id)?.body ?? new Uint8Array([0]);
  const read = (id, each) => new Reader(body(id)).list(each);
  const types = read(SECTION.type, (r) => {
    if (r.byte() !== 0x60) throw new Error('a type that is no function');
    return { parameters: [...r.take(r.number())], results: [...r.take(r.number())] };
  });
  const imports = read(SECTION.import, (r) => {
    const [module, name, kind] = [r.text(), r.text(), r.byte()];
    if (kind !== KIND.function) throw new Error(`${module}.${name}: only functions may be imported`);
    return { module, name, type: r.number() };
  });
  const functions = read(SECTION.function, (r) => r.number());
  const tables = read(SECTION.table, (r) => ({ of: r.byte(), ...limits(r) }));
  const memories = read(SECTION.memory, limits);
  const globals = read(SECTION.global, (r) => {
    const [type, mutable] = [r.byte(), r.byte()];
    walk(r, notTheEnd);
    return { type, mutable };
  });
  const exports = read(SECTION.export, (r) => ({ name: r.text(), kind: r.byte(), index: r.number() }));
  const bodies = read(SECTION.code, (r) => r.take(r.number()));
  return { parts, types, imports, functions, tables, memories, globals, exports, bodies };
}

/** A constant expression stops behind its `end`. */
const notTheEnd = (op) => op !== OP.end;

/** Where a body's instructions begin: behind its locals. */
export function behindLocals(body) {
  const reader = new Reader(body);
  reader.list((r) => [r.skipNumber(), r.byte()]);
  return reader.at;
}

/**
 * Walks over instructions to the end of the bytes and tells of each: `each(op, at, end)`, from where to where it stands.
 * Stops early if `each` returns false.
 */
export function walk(reader, each) {
  while (reader.at < reader.bytes.length) {
    const at = reader.at;
    const op = reader.byte();
    skipOperands(reader, op);
    if (each(op, at, reader.at) === false) return;
  }
}

/** Moves over what follows an instruction's first byte. */
function skipOperands(reader, op) {
  const skip = (count) => {
    for (let left = count; left > 0; left--) reader.skipNumber();
  };
  if (op === OP.branchTable) skip(reader.number() + 1);
  else if (op === 0x1c) reader.take(reader.number());
  else if (op === 0x11 || op === 0x13 || (op >= 0x28 && op <= 0x3e)) skip(2);
  else if (op === 0x43) reader.take(4);
  else if (op === 0x44) reader.take(8);
  else if (op === 0xfc) skipLong(reader, skip);
  else if (oneNumber(op)) skip(1);
  else if (!bare(op)) throw new Error(`an instruction that is not known here: 0x${op.toString(16)}`);
}

/** Blocks, branches, calls, locals, globals, tables, memory's size, constants, references. */
const oneNumber = (op) =>
  (op >= 0x02 && op <= 0x04) || op === 0x0c || op === 0x0d || op === 0x10 || op === 0x12 || (op >= 0x20 && op <= 0x26) ||
  (op >= 0x3f && op <= 0x42) || op === 0xd0 || op === 0xd2;

const bare = (op) =>
  op <= 0x01 || op === 0x05 || op === 0x0b || op === 0x0f || op === 0x1a || op === 0x1b || (op >= 0x45 && op <= 0xc4) || op === 0xd1;

/** Saturating conversions take nothing; memories and tables are named by one number or two. */
function skipLong(reader, skip) {
  const op = reader.number();
  if (op >= 8 && ![10, 11, 14, 15, 16, 17].includes(op)) throw new Error(`an instruction that is not known here: 0xfc ${op}`);
  if (op >= 8) skip(op === 10 || op === 14 ? 2 : 1);
}
