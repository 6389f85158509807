/** Text that is already markup. Everything else that enters `markup` is escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

export type Part = Markup | string | number | null | undefined | false | readonly Part[];

/**
 * Builds HTML and SVG: strings are escaped, numbers are rounded to 1/100, arrays are joined, null and false leave nothing.
 * A number that is not finite throws, so that no drawing holds a NaN.
 */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  let text = strings[0];
  parts.forEach((part, index) => {
    text += renderPart(part) + strings[index + 1];
  });
  return new Markup(text);
}

function renderPart(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string') return escapeText(part);
  if (typeof part === 'number') return formatCoordinate(part);
  return part.map(renderPart).join('');
}

function formatCoordinate(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`A drawing needs finite numbers, got ${value}.`);
  return String(Math.round(value * 100) / 100);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe as text and as a quoted attribute, in HTML and in XML. */
export function escapeText(text: string): string {
  return withoutForbidden(text).replace(/[&<>"']/g, (character) => entities[character]);
}

/** Replaces what XML 1.0 forbids (control characters, lone surrogates) by U+FFFD. */
export function withoutForbidden(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');
}
