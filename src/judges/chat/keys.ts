import { configError } from '../../numerics/errors.js';

/** A key that prints as its variable's name: it leaves this object only into a request's header. */
export class SecretKey {
  readonly #value: string;

  constructor(
    readonly variable: string,
    value: string,
  ) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return `[key from ${this.variable}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** Reads a key from the environment. A missing or unusable one is an error that names the variable, never the value. */
export function readKey(
  variable: string,
  environment: Readonly<Record<string, string | undefined>>,
): SecretKey {
  const value = environment[variable]?.trim();
  if (!value)
    throw configError({
      problem: `The environment variable ${variable} ${value === undefined ? 'is not set' : 'is empty'}; it must hold the key of the model server.`,
      where: { field: 'key' },
      remedy: `Set it in the shell that starts this program: export ${variable}=...`,
    });
  if (!/^[\x21-\x7e]+$/.test(value))
    throw configError({
      problem: `The environment variable ${variable} holds characters that no key has (spaces, line breaks or letters outside ASCII).`,
      where: { field: 'key' },
      remedy: 'Copy the key again, without quotes and on one line.',
    });
  return new SecretKey(variable, value);
}

const shortestSecret = 4;
const gram = 8;

/** Removes a key from text: whole, URL-encoded or any eight characters of it in a row; and what other secrets look like. */
export function scrubber(keys: readonly SecretKey[]): (text: string) => string {
  const secrets = keys.map((key) => key.reveal()).filter((value) => value.length >= shortestSecret);
  const forms = secrets.flatMap((value) => [...new Set([value, encodeURIComponent(value)])]);
  const grams = new Set(secrets.flatMap(gramsOf));
  return (text) => {
    const whole = forms.reduce((rest, form) => rest.replaceAll(form, '[key]'), text);
    return hideLookalikes(grams.size > 0 ? hideGrams(whole, grams) : whole);
  };
}

/** Whether a text holds a key whole: cheap enough for every reply. */
export function keyDetector(keys: readonly SecretKey[]): (text: string) => boolean {
  const secrets = keys.map((key) => key.reveal()).filter((value) => value.length >= shortestSecret);
  return (text) => secrets.some((secret) => text.includes(secret));
}

const gramsOf = (secret: string): string[] =>
  Array.from({ length: Math.max(0, secret.length - gram + 1) }, (_, i) => secret.slice(i, i + gram));

/** Servers also repeat the first part of a key: every run of characters that the key has too goes. */
function hideGrams(text: string, grams: ReadonlySet<string>): string {
  let shown = '';
  for (let i = 0; i < text.length; ) {
    let end = i;
    while (grams.has(text.slice(end, end + gram))) end++;
    shown += end > i ? '[key]' : text[i];
    i = end > i ? end + gram - 1 : i + 1;
  }
  return shown;
}

const hideLookalikes = (text: string): string =>
  text
    .replace(/(\w+:\/\/)[^\s/@"']+@/g, '$1')
    .replace(/([?&](?:key|api[-_]?key|access_token|token)=)[^&\s"'#]+/gi, '$1[key]')
    .replace(/\b(Bearer|Basic)\s+(?!\[key\])[\w.~+/=-]{6,}/gi, '$1 [key]');
