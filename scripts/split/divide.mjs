// Divides the compiled program: a light part, which is what the first view runs and not a branch more, and the whole,
// which arrives a moment later and takes its place.
//
// The light part is the program in which every stretch of code that no first view ran is only a trap. Both parts have
// the same memory, tables and globals, laid out alike. So the whole can take over between two calls from JavaScript,
// when nothing is left on the stack: it brings no data, it finds what the light part has made of them.

import { KIND, OP, Reader, SECTION, assemble, behindLocals, limitBytes, list, number, parse, text, walk } from './wasm.mjs';

/** The name under which the whole knows the light part. */
const LIGHT = 'light';
const PAGE_BYTES = 65536;

/**
 * The program with a mark in memory for every stretch that runs; says where the marks stand, where each function's
 * begin, whom each function calls, and how long it is.
 */
export function marked(bytes) {
  const program = parse(bytes);
  const [memory] = program.memories;
  // Behind the last page that the program starts with: what it asks for later lies behind them.
  const marks = memory.least * PAGE_BYTES;
  let count = 0;
  const functions = [];
  const mark = () => Buffer.from([...CONST, 0, ...CONST, 1, ...STORE_BYTE, ...number(marks + count++)]);
  const bodies = program.bodies.map((body) => {
    const chunks = [];
    let from = 0;
    functions.push(count);
    eachStretch(body, (at) => {
      chunks.push(body.subarray(from, at), mark());
      from = at;
    });
    return Buffer.concat([...chunks, body.subarray(from)]);
  });
  const grown = { ...memory, least: memory.least + Math.ceil(count / PAGE_BYTES) };
  const replaced = new Map([
    [SECTION.memory, list([limitBytes(grown)])],
    [SECTION.code, code(bodies)],
  ]);
  const called = program.bodies.map((body) => callsOf(body, program.imports.length));
  const sizes = program.bodies.map((body) => body.length);
  return { module: rebuilt(program.parts, replaced), marks, count, functions, called, sizes };
}

/** The functions of the program that a body calls by name. */
function callsOf(body, imports) {
  const called = new Set();
  walk(new Reader(body, behindLocals(body)), (op, at) => {
    if (op === OP.call) called.add(new Reader(body, at + 1).number() - imports);
  });
  return [...called].filter((index) => index >= 0);
}

const CONST = [0x41];
const STORE_BYTE = [0x3a, 0];

/** The two parts, given which stretches (in the order of their marks) the first view runs. */
export function divided(bytes, runs) {
  const program = parse(bytes);
  return { light: lightPart(program, runs), whole: wholePart(program) };
}

/**
 * Tells where in a body a stretch begins: `begins(at)`. Control that reaches a stretch's begin runs it to its end, and
 * what follows in the same construct is reached only through it.
 * `each(op, at, end)` hears of every instruction first.
 */
function eachStretch(body, begins, each = () => {}) {
  const start = behindLocals(body);
  begins(start);
  walk(new Reader(body, start), (op, at, end) => {
    each(op, at);
    const parts = op === OP.if || op === OP.else || op === OP.end || op === OP.branchIf;
    if (parts && end < body.length) begins(end);
  });
}

function lightPart(program, runs) {
  let next = 0;
  const bodies = program.bodies.map((body) => pruned(body, () => runs[next++]));
  const shared = [
    ...program.tables.map((_, index) => ({ name: tableName(index), kind: KIND.table, index })),
    ...program.globals.map((_, index) => ({ name: globalName(index), kind: KIND.global, index })),
  ];
  const exports = [...program.exports, ...shared];
  const replaced = new Map([
    [SECTION.export, list(exports.map(({ name, kind, index }) => [...text(name), kind, ...number(index)]))],
    [SECTION.code, code(bodies)],
  ]);
  return rebuilt(program.parts, replaced);
}

/** A body in which what did not run is a trap; `ran` says of one stretch after the other whether it did. */
function pruned(body, ran) {
  const chunks = [];
  let from = 0;
  let depth = 0;
  /** The construct in which nothing runs any more, if there is one. */
  let dead = null;
  const begins = (at) => {
    const runs = ran();
    if (runs || dead !== null) return;
    chunks.push(body.subarray(from, at), Buffer.from([OP.unreachable]));
    dead = depth;
  };
  eachStretch(body, begins, (op, at) => {
    if (op === OP.block || op === OP.loop || op === OP.if) depth++;
    if ((op === OP.end || op === OP.else) && dead === depth) {
      from = at;
      dead = null;
    }
    if (op === OP.end) depth--;
  });
  return Buffer.concat([...chunks, body.subarray(from)]);
}

/** The program over the memory, the tables and the globals of the light part. */
function wholePart(program) {
  const imported = (name, kind, what) => [...text(LIGHT), ...text(name), kind, ...what];
  const memory = program.exports.find(({ kind }) => kind === KIND.memory);
  const imports = [
    ...program.imports.map(({ module, name, type }) => [...text(module), ...text(name), KIND.function, ...number(type)]),
    imported(memory.name, KIND.memory, limitBytes(program.memories[0])),
    ...program.tables.map((table, index) => imported(tableName(index), KIND.table, [table.of, ...limitBytes(table)])),
    ...program.globals.map(({ type, mutable }, index) => imported(globalName(index), KIND.global, [type, mutable])),
  ];
  const dropped = [SECTION.table, SECTION.memory, SECTION.global, SECTION.count, SECTION.data];
  const kept = program.parts.filter(({ id }) => !dropped.includes(id));
  return rebuilt(kept, new Map([[SECTION.import, list(imports)]]));
}

const globalName = (index) => `G${index}`;
const tableName = (index) => `T${index}`;

function code(bodies) {
  return Buffer.concat([
    Buffer.from(number(bodies.length)),
    ...bodies.flatMap((body) => [Buffer.from(number(body.length)), body]),
  ]);
}

function rebuilt(parts, replaced) {
  return assemble(parts.map(({ id, body }) => ({ id, body: replaced.get(id) ?? body })));
}
