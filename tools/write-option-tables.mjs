// Fills the option tables of docs/*.md from the schema of study.yaml: everything between
// <!-- options: PATH --> and <!-- end of options -->. Run after a build; with --check it only says whether they are current.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { studySchema } from '../dist/study/schema.js';

const docs = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs');

/** The object schema at a path such as `trials.validation`; a judge's kind stands for its member of the union. */
function sectionAt(path) {
  let schema = studySchema;
  for (const part of path.split('.').filter(Boolean)) schema = inside(schema, part);
  return objectIn(schema);
}

function inside(schema, part) {
  const object = objectIn(schema);
  if (object?.properties?.[part]) return object.properties[part];
  const entry = object?.additionalProperties;
  if (part === '*' && entry) return entry;
  const member = entry?.oneOf?.find(({ properties }) => properties.kind.const === part);
  if (!member) throw new Error(`study.yaml has no section ${part}.`);
  return member;
}

/** The object among the alternatives of a schema. */
const objectIn = (schema) =>
  schema.type === 'object' ? schema : (schema.anyOf ?? []).map(objectIn).find(Boolean);

function valuesOf(schema) {
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.anyOf) return schema.anyOf.map(valuesOf).join(' or ');
  if (Array.isArray(schema.type))
    return schema.type.map((type) => valuesOf({ ...schema, type })).join(' or ');
  if (schema.type === 'array') return `list of ${valuesOf(schema.items)}`;
  if (schema.type === 'integer' || schema.type === 'number') return numberRange(schema);
  const words = { string: 'text', boolean: '`true`, `false`', object: 'section', null: '`null`' };
  if (!(schema.type in words)) throw new Error(`No words for ${JSON.stringify(schema)}.`);
  return words[schema.type];
}

function numberRange({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }) {
  const noun = type === 'integer' ? 'whole number' : 'number';
  const top = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const parts = [];
  if (exclusiveMinimum !== undefined) parts.push(`above ${exclusiveMinimum}`);
  if (minimum !== undefined && minimum !== -Number.MAX_SAFE_INTEGER) parts.push(`from ${minimum}`);
  if (exclusiveMaximum !== undefined) parts.push(`below ${exclusiveMaximum}`);
  if (top !== undefined) parts.push(`to ${top}`);
  return [noun, ...parts].join(' ');
}

function defaultOf(name, schema, required) {
  if (required.includes(name)) return 'required';
  if (schema.default === undefined || schema.type === 'object') return 'none';
  return `\`${JSON.stringify(schema.default).replaceAll('"', '').replaceAll(',', ', ')}\``;
}

function table(path) {
  const { properties, required = [] } = sectionAt(path);
  const rows = Object.entries(properties).map(([name, schema]) => {
    const cells = [
      `\`${name}\``,
      valuesOf(schema),
      defaultOf(name, schema, required),
      schema.description ?? '',
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| option | values | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

const marked = /(<!-- options: (\S+) -->\n)[\s\S]*?(<!-- end of options -->)/g;
const filled = (text) => text.replace(marked, (_, start, path, end) => `${start}${table(path)}\n${end}`);

const isCheck = process.argv.includes('--check');
const stale = [];
for (const name of readdirSync(docs).filter((file) => file.endsWith('.md'))) {
  const file = join(docs, name);
  const text = readFileSync(file, 'utf8');
  const current = filled(text);
  if (current === text) continue;
  stale.push(`docs/${name}`);
  if (!isCheck) writeFileSync(file, current);
}
if (stale.length > 0) console.log(`${isCheck ? 'Out of date' : 'Wrote'}: ${stale.join(', ')}`);
if (isCheck && stale.length > 0) {
  console.log('Run: node tools/write-option-tables.mjs');
  process.exit(1);
}
