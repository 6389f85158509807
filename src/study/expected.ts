import { suggest } from './suggest.js';

/** The part of JSON Schema that `z.toJSONSchema` writes for study.yaml. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly pattern?: string;
}

export type ConfigPath = readonly (string | number)[];

/** Every schema that a value at `path` may satisfy; `value` is the whole configuration and picks among variants by `kind`. */
export function schemasAt(schema: JsonSchema, path: ConfigPath, value: unknown): JsonSchema[] {
  const variants = variantsFor(schema, value);
  if (path.length === 0) return variants;
  const [key, ...rest] = path;
  const child = isRecord(value) || Array.isArray(value) ? (value as Record<string, unknown>)[key] : undefined;
  return variants.flatMap((variant) => {
    const next = childSchema(variant, key);
    return next ? schemasAt(next, rest, child) : [];
  });
}

function childSchema(schema: JsonSchema, key: string | number): JsonSchema | undefined {
  const next =
    typeof key === 'number' ? schema.items : (schema.properties?.[key] ?? schema.additionalProperties);
  return typeof next === 'object' ? next : undefined;
}

/** The members of a union; where they differ by `kind` and the value has a known kind, that member only. */
function variantsFor(schema: JsonSchema, value: unknown): JsonSchema[] {
  const members = schema.oneOf ?? schema.anyOf;
  if (!members) return [schema];
  const flat = members.flatMap((member) => variantsFor(member, value));
  const kind = isRecord(value) ? value.kind : undefined;
  const sameKind = flat.filter((member) => member.properties?.kind?.const === kind && kind !== undefined);
  return sameKind.length > 0 ? sameKind : flat;
}

/** "a number of at least 0 or \"auto\"". */
export function describeExpected(schemas: readonly JsonSchema[]): string {
  const fixed = schemas
    .filter((schema) => schema.const !== undefined)
    .map((schema) => JSON.stringify(schema.const));
  const words = [...new Set(schemas.filter((schema) => schema.const === undefined).map(describeOne))];
  if (fixed.length > 0) words.push(oneOf([...new Set(fixed)]));
  return words.length === 0 ? 'something else' : words.join(' or ');
}

function describeOne(schema: JsonSchema): string {
  if (schema.enum) return oneOf(schema.enum.map((value) => JSON.stringify(value)));
  if (schema.type === 'number' || schema.type === 'integer') return describeNumber(schema);
  if (schema.type === 'string') return schema.minLength ? 'a text that is not empty' : 'a text';
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'null') return 'null';
  if (schema.type === 'array') return `a list${schema.minItems ? ` of at least ${schema.minItems}` : ''}`;
  if (schema.properties) return `a section with ${Object.keys(schema.properties).join(', ')}`;
  return 'a section';
}

function describeNumber(schema: JsonSchema): string {
  const noun = schema.type === 'integer' ? 'a whole number' : 'a number';
  const limits: string[] = [];
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (minimum !== undefined && minimum > -Number.MAX_SAFE_INTEGER) limits.push(`of at least ${minimum}`);
  if (exclusiveMinimum !== undefined) limits.push(`above ${exclusiveMinimum}`);
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) limits.push(`of at most ${maximum}`);
  if (exclusiveMaximum !== undefined) limits.push(`below ${exclusiveMaximum}`);
  return [noun, limits.join(' and ')].filter(Boolean).join(' ');
}

export function oneOf(words: readonly string[]): string {
  return words.length === 1 ? words[0] : `one of ${words.join(', ')}`;
}

/** What was found, short enough for a message. */
export function describeFound(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null (an empty value)';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isRecord(value)) return 'a section';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** "Did you mean X?", or the list of what is allowed when nothing is near. */
export function hintFor(word: unknown, allowed: readonly string[]): string {
  const near = typeof word === 'string' ? suggest(word, allowed) : undefined;
  return near === undefined ? `Known: ${allowed.join(', ')}.` : `Did you mean "${near}"?`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
