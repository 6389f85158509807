/** A request body: text, or pieces that are written one after another. */
export type RequestBody = string | readonly Uint8Array[];

const encoder = new TextEncoder();

/**
 * Puts a body together from JSON text and media that are encoded already, so that a clip is turned into base64 once and
 * never copied: only the text between clips is new in each request.
 */
export class BodyWriter {
  #text = '';
  readonly #pieces: Uint8Array[] = [];

  /** Text that is JSON as it stands. */
  raw(json: string): this {
    this.#text += json;
    return this;
  }

  value(value: unknown): this {
    return this.raw(JSON.stringify(value));
  }

  /** Base64, between quotes that the caller writes. */
  base64(bytes: Uint8Array): this {
    if (this.#text !== '') this.#pieces.push(encoder.encode(this.#text));
    this.#text = '';
    this.#pieces.push(bytes);
    return this;
  }

  finish(): RequestBody {
    if (this.#pieces.length === 0) return this.#text;
    if (this.#text !== '') this.#pieces.push(encoder.encode(this.#text));
    this.#text = '';
    return this.#pieces;
  }
}

export const bodyLength = (pieces: readonly Uint8Array[]): number =>
  pieces.reduce((sum, piece) => sum + piece.length, 0);
