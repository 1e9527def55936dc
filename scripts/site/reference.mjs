// The reference of scenario documents, made from the JSON Schema that the command line prints: every field with what may
// stand in it, its unit and its default. It knows the shapes that a schema has, and no field.

import { escape, sentence } from './site.mjs';

const WHOLE_ID = 'document';
const ABOUT = 'Every field of a scenario document: what it means, what may stand in it, and what it is if you leave it out.';

const code = (text) => `<code>${escape(text)}</code>`;
const number = (value) => (Number.isSafeInteger(value) && value > 9_999 ? value.toLocaleString('en') : String(value));

/** The sentence about a field, without the unit that the schema puts at its end. */
function told({ description = '' }) {
  const [, text, unit] = /^(.*?)(?: Unit: (.+)\.)?$/s.exec(description);
  return { text, unit };
}

/** What may stand in a field, as HTML. */
function allowed(schema, unit = told(schema).unit) {
  if (schema.$ref) return '<a href="#delay">a delay</a>';
  if ('const' in schema) {
    const { text } = told(schema);
    return code(JSON.stringify(schema.const)) + (text ? ` ${escape(text)}` : '');
  }
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return either.map((one) => allowed(one, unit)).join('<span class="or"> or </span>');
  const [type, ...others] = [schema.type].flat();
  const or = others.includes('null') ? '<span class="or"> or </span><code>null</code>' : '';
  return one(type, schema, unit) + or;
}

function one(type, schema, unit) {
  switch (type) {
    case 'integer':
    case 'number': {
      const range = schema.minimum === schema.maximum ? number(schema.minimum) : `${number(schema.minimum)} to ${number(schema.maximum)}`;
      return `${type === 'integer' ? 'whole number' : 'number'}, ${range}${unit ? ` ${escape(unit)}` : ''}`;
    }
    case 'array': {
      const { minItems: least, maxItems: most } = schema;
      const many = least === most ? `${most} entries` : `${least} to ${number(most)} entries`;
      return `list, ${many}${schema.items.properties || schema.items.anyOf ? '' : `, each: ${allowed(schema.items, unit)}`}`;
    }
    case 'boolean':
      return '<code>true</code> or <code>false</code>';
    case 'string':
      return schema.examples ? `text such as ${code(JSON.stringify(schema.examples[0]))}` : 'text';
    case 'null':
      return '<code>null</code>';
    default:
      return 'object, see below';
  }
}

/** The object within a field that has fields of its own, with the path that leads to it; none for plain values. */
function within(schema, path) {
  if (schema.properties) return [{ schema, path }];
  if (schema.items) return within(schema.items, `${path}[]`);
  return (schema.anyOf ?? []).flatMap((either) => within(either, path));
}

/** Every field of an object, those of the objects in it after them: `{ path, html, text }`. */
function rows(schema, path = '') {
  const required = schema.required ?? [];
  return Object.entries(schema.properties).flatMap(([name, field]) => {
    const here = path ? `${path}.${name}` : name;
    const inner = within(field, here);
    const { text } = told(field);
    const usual = 'default' in field ? code(JSON.stringify(field.default)) : required.includes(name) ? 'must be given' : '';
    return [
      { path: here, text, allowed: allowed(field), usual },
      ...inner.flatMap((one) => rows(one.schema, one.path)),
    ];
  });
}

/** One part of the reference: a heading, a table, and what the search finds in it. */
class Part {
  constructor(id, title, level = 2) {
    Object.assign(this, { id, title, level, html: '', entries: [] });
  }

  say(html) {
    this.html += `${html}\n`;
    return this;
  }

  table(fields) {
    const row = ({ path, text, allowed, usual }) => {
      const id = `${this.id}-${path.replace(/[^a-z0-9_]+/gi, '-')}`;
      this.entries.push({ id, title: path, text });
      return `<tr id="${id}"><th scope="row"><a class="self" href="#${id}"><code>${escape(path).replace(/\./g, '.<wbr />')}</code></a></th>
<td>${escape(text)}</td><td data-label="allowed">${allowed}</td><td data-label="default">${usual}</td></tr>`;
    };
    return this.say(`<div class="scrolls" tabindex="0" role="group" aria-label="Fields: ${escape(this.title)}">
<table class="fields"><thead><tr><th scope="col">Field</th><th scope="col">Meaning</th><th scope="col">Allowed</th><th scope="col">Default</th></tr></thead>
<tbody>
${fields.map(row).join('\n')}
</tbody></table></div>`);
  }

  toString() {
    return `<h${this.level} id="${this.id}"><a class="self" href="#${this.id}">${escape(this.title)}</a></h${this.level}>\n${this.html}`;
  }
}

function parts({ properties, $defs }) {
  const { cluster, script, ...rest } = properties;
  const simple = Object.fromEntries(Object.entries(rest).filter(([, field]) => within(field, '').length === 0));
  const large = Object.entries(rest).filter(([name]) => !(name in simple));
  const made = [
    new Part(WHOLE_ID, 'The document').table(rows({ properties: simple, required: ['format'] })),
    new Part('cluster', 'cluster').say(`<p>${escape(told(cluster).text)}</p>`),
    ...cluster.oneOf.map((form) => {
      const { protocol } = form.properties;
      return new Part(`cluster-${protocol.const}`, `cluster: ${protocol.const}`, 3).table(rows(form, 'cluster'));
    }),
    ...large.map(([name, field]) => {
      const part = new Part(name, name).say(`<p>${escape(told(field).text)}</p>`);
      return part.table(within(field, name).flatMap((inner) => rows(inner.schema, inner.path)));
    }),
    actions(script),
    new Part('delay', 'Delays').say('<p>A delay is the sum of the parts that are given.</p>').table(rows($defs.delay)),
    new Part('weighted-delay', 'Entries of a mixture', 3)
      .say('<p>Everything that a <a href="#delay">delay</a> may have, and:</p>')
      .table(rows(without($defs.weighted_delay, $defs.delay))),
  ];
  return made;
}

const without = (schema, known) => ({
  ...schema,
  properties: Object.fromEntries(Object.entries(schema.properties).filter(([name]) => !(name in known.properties))),
});

/** What a script may do, an entry each: what an action takes beside its name and its time. */
function actions(script) {
  const part = new Part('script', 'script').say(`<p>${escape(told(script).text)} Each line has <code>at_ms</code>, when it
happens (${allowed(script.items.anyOf[0].properties.at_ms)}), and <code>do</code>, what happens: one of these.</p>`);
  for (const { properties, required } of script.items.anyOf) {
    const { at_ms: _, do: action, ...taken } = properties;
    const id = `script-${action.const}`;
    const more = new Part(id, action.const, 3);
    if (Object.keys(taken).length > 0) more.table(rows({ properties: taken, required }));
    else more.say('<p>It takes nothing more.</p>');
    part.say(more).entries.push({ id, title: `script: ${action.const}`, text: '' }, ...more.entries);
  }
  return part;
}

/** The page: what stands in it, and what the search finds. */
export function reference(schema) {
  const all = parts(schema);
  const main = `<article>
<h1>Scenario reference</h1>
<p class="lead">${ABOUT}</p>
<p>${escape(sentence(schema.description))} This page is made from the schema that the program reads documents by; <code>replicarium schema</code>
prints it, and it stands <a href="../scenario.schema.json">beside the page</a> for editors that complete by it. The shortest document that plays is <code>{"format":1,"cluster":{"protocol":"single-leader"}}</code>; the <a href="../scenarios/">built-in scenarios</a> show what
others look like. All mistakes of a document are reported at once: what, where, how to fix.</p>
${all.join('\n')}
</article>`;
  const entries = all.flatMap(({ id, title, entries }) => [{ id, title, text: '' }, ...entries]);
  const headings = all.map(({ id, title, level }) => ({ id, text: title, level }));
  return { slug: 'scenario', title: 'Scenario reference', about: ABOUT, main, headings, entries };
}
