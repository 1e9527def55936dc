// Divides the compiled program in two: what the first view runs, and the rest, which arrives a moment later.
//
// Every function keeps its number in the first part. Where one has moved, a stub passes the call on through a place
// in the function table, which is empty until the second part has arrived and filled it; a stub that nothing in the
// first part calls is only a trap. The second part takes memory, tables, globals and whatever it calls from the
// first. Nothing is left out and nothing is doubled: both parts together are the program.

import { KIND, Reader, SECTION, assemble, behindLocals, limitBytes, list, number, parse, signed, text, walk } from './wasm.mjs';

/** The name under which the second part knows the first. */
export const FIRST = 'first';

/** The program with a mark in memory for every function that runs; says where the marks stand. */
export function marked(bytes) {
  const program = parse(bytes);
  const [memory] = program.memories;
  // Behind the last page that the program starts with: what it asks for later lies behind this one.
  const marks = memory.least * 65536;
  if (program.functions.length > 65536) throw new Error('more functions than a page has bytes');
  const bodies = program.bodies.map((body, index) => {
    const at = behindLocals(body);
    // i32.const 0, i32.const 1, i32.store8 at the mark.
    const mark = [0x41, 0, 0x41, 1, 0x3a, 0, ...number(marks + index)];
    return Buffer.concat([body.subarray(0, at), Buffer.from(mark), body.subarray(at)]);
  });
  const grown = { ...memory, least: memory.least + 1 };
  const replaced = new Map([
    [SECTION.memory, list([limitBytes(grown)])],
    [SECTION.code, code(bodies)],
  ]);
  return { module: rebuilt(program.parts, replaced), marks, count: program.functions.length };
}

/** The two parts, given which functions (counted without imports) the first view runs. */
export function divided(bytes, runs) {
  const program = parse(bytes);
  const base = program.imports.length;
  const moved = program.functions.map((_, index) => index).filter((index) => !runs[index]);
  const moves = new Set(moved);
  const slots = slotsFor(program, moves, base);
  const needs = whatTheRestNeeds(program, moved, moves, base);
  return {
    first: firstPart(program, moves, slots, needs),
    rest: restPart(program, moved, slots, needs),
    moved: moved.length,
    kept: program.functions.length - moved.length,
  };
}

/** A place in the table for every moved function that the first part may call. */
function slotsFor(program, moves, base) {
  const called = new Set();
  const note = (index) => moves.has(index - base) && called.add(index - base);
  program.bodies.forEach((body, index) => {
    if (!moves.has(index)) walk(new Reader(body, behindLocals(body)), { onFunction: (_, __, callee) => note(callee) });
  });
  program.listed.forEach(note);
  for (const { kind, index } of program.exports) if (kind === KIND.function) note(index);
  const start = program.tables[0].least;
  return new Map([...called].sort((a, b) => a - b).map((index, place) => [index, start + place]));
}

/** Functions of the first part, imports of the program among them, that moved ones call; their globals. */
function whatTheRestNeeds(program, moved, moves, base) {
  const functions = new Set();
  const globals = new Set();
  for (const index of moved) {
    const body = program.bodies[index];
    walk(new Reader(body, behindLocals(body)), {
      onFunction: (_, __, callee) => !moves.has(callee - base) && functions.add(callee),
      onGlobal: (_, __, global) => globals.add(global),
    });
  }
  const sorted = (set) => [...set].sort((a, b) => a - b);
  return { functions: sorted(functions), globals: sorted(globals) };
}

/** The tables, the first of them with room for the moved functions. */
function grownTables({ tables: [functions, ...others] }, slots) {
  const most = functions.most === null ? null : functions.most + slots.size;
  return [{ ...functions, least: functions.least + slots.size, most }, ...others];
}

const functionName = (index) => index.toString(36);
const globalName = (index) => `G${index}`;
const tableName = (index) => `T${index}`;

function firstPart(program, moves, slots, needs) {
  const bodies = program.bodies.map((body, index) => {
    if (!moves.has(index)) return body;
    return slots.has(index) ? stub(program, index, slots.get(index)) : Buffer.from([0, 0x00, 0x0b]);
  });
  const tables = grownTables(program, slots);
  const added = [
    ...needs.functions.map((index) => ({ name: functionName(index), kind: KIND.function, index })),
    ...needs.globals.map((index) => ({ name: globalName(index), kind: KIND.global, index })),
    ...tables.map((_, index) => ({ name: tableName(index), kind: KIND.table, index })),
  ];
  const exports = [...program.exports, ...added];
  const replaced = new Map([
    [SECTION.table, list(tables.map((table) => [table.of, ...limitBytes(table)]))],
    [SECTION.export, list(exports.map(({ name, kind, index }) => [...text(name), kind, ...number(index)]))],
    [SECTION.code, code(bodies)],
  ]);
  return rebuilt(program.parts, replaced);
}

/** Passes a call on through the table. */
function stub(program, index, slot) {
  const type = program.functions[index];
  const pass = program.types[type].parameters.flatMap((_, place) => [0x20, ...number(place)]);
  return Buffer.from([0, ...pass, 0x41, ...signed(slot), 0x11, ...number(type), 0, 0x0b]);
}

function restPart(program, moved, slots, needs) {
  const base = program.imports.length;
  const places = new Map(needs.functions.map((index, place) => [index, place]));
  moved.forEach((index, place) => places.set(index + base, needs.functions.length + place));
  const globals = new Map(needs.globals.map((index, place) => [index, place]));
  const typeOf = (index) => (index < base ? program.imports[index].type : program.functions[index - base]);
  const imported = (name, kind, what) => [...text(FIRST), ...text(name), kind, ...what];
  const memory = program.exports.find(({ kind }) => kind === KIND.memory);
  const imports = [
    ...needs.functions.map((index) => imported(functionName(index), KIND.function, number(typeOf(index)))),
    ...grownTables(program, slots).map((table, index) =>
      imported(tableName(index), KIND.table, [table.of, ...limitBytes(table)]),
    ),
    imported(memory.name, KIND.memory, limitBytes(program.memories[0])),
    ...needs.globals.map((index) => {
      const { type, mutable } = program.globals[index];
      return imported(globalName(index), KIND.global, [type, mutable]);
    }),
  ];
  const bodies = moved.map((index) => renumbered(program.bodies[index], places, globals));
  const first = program.tables[0].least;
  const filled = [...slots.keys()].map((index) => number(places.get(index + base)));
  const segment = [0, 0x41, ...signed(first), 0x0b, ...list(filled)];
  const types = program.parts.find(({ id }) => id === SECTION.type);
  return assemble([
    types,
    { id: SECTION.import, body: list(imports) },
    { id: SECTION.function, body: list(moved.map((index) => number(program.functions[index]))) },
    { id: SECTION.element, body: list([segment]) },
    { id: SECTION.code, body: code(bodies) },
  ]);
}

/** A body with the functions and globals that it names under their numbers in the second part. */
function renumbered(body, places, globals) {
  const chunks = [];
  let from = 0;
  const put = (at, end, value) => {
    chunks.push(body.subarray(from, at), Buffer.from(number(value)));
    from = end;
  };
  walk(new Reader(body, behindLocals(body)), {
    onFunction: (at, end, index) => put(at, end, places.get(index)),
    onGlobal: (at, end, index) => put(at, end, globals.get(index)),
  });
  return Buffer.concat([...chunks, body.subarray(from)]);
}

function code(bodies) {
  return Buffer.concat([
    Buffer.from(number(bodies.length)),
    ...bodies.flatMap((body) => [Buffer.from(number(body.length)), body]),
  ]);
}

function rebuilt(parts, replaced) {
  return assemble(parts.map(({ id, body }) => ({ id, body: replaced.get(id) ?? body })));
}
