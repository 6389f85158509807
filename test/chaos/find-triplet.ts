import { createHash } from 'node:crypto';

/** How stimuli are recognised in a prompt; indices count from 0. */
export interface StimulusNames {
  /** A regular expression's source with one group: an id when `ids` is given, else the index itself. */
  readonly pattern?: string;
  readonly ids?: readonly string[];
  /** Captions of each stimulus, each on a line of its own, possibly after "Video 1: " and in quotes. */
  readonly captions?: readonly (readonly string[])[];
  /** SHA-256 of each stimulus's derived clip or image, or of each of its frames. */
  readonly media?: readonly (string | readonly string[])[];
}

/** Finds stimuli in the parts of a prompt, in the order shown. */
export interface StimulusFinder {
  inText(text: string, found: number[]): void;
  inMedia(name: string): number | undefined;
}

export function stimulusFinder(names: StimulusNames): StimulusFinder {
  const pattern = new RegExp(names.pattern ?? '\\bstim-?(\\d+)\\b', 'gi');
  const ids = names.ids && new Map(names.ids.map((id, index) => [id, index]));
  const captions = names.captions && indexOf(names.captions.map((list) => list.map((text) => text.trim())));
  const media = indexOf((names.media ?? []).map((one) => (typeof one === 'string' ? [one] : one)));
  const byId = (id: string) => (ids ? ids.get(id) : Number(id));
  return {
    inText(text, found) {
      if (captions) for (const line of text.split('\n')) add(found, captionOf(line, captions));
      else for (const [, id] of text.matchAll(pattern)) add(found, byId(id));
    },
    inMedia: (name) => media.get(name) ?? firstId(name, pattern, byId),
  };
}

const indexOf = (lists: readonly (readonly string[])[]): Map<string, number> =>
  new Map(lists.flatMap((list, index) => list.map((name) => [name, index] as const)));

function captionOf(line: string, captions: Map<string, number>): number | undefined {
  const whole = line.trim();
  const colon = whole.indexOf(':');
  const after = colon < 0 ? whole : whole.slice(colon + 1).trim();
  return captions.get(whole) ?? captions.get(after) ?? captions.get(after.replace(/^["“']|["”']$/g, ''));
}

function firstId(
  name: string,
  pattern: RegExp,
  byId: (id: string) => number | undefined,
): number | undefined {
  pattern.lastIndex = 0;
  const id = pattern.exec(name)?.[1];
  return id === undefined ? undefined : byId(id);
}

function add(found: number[], index: number | undefined): void {
  if (index !== undefined && !found.includes(index)) found.push(index);
}

/** Long base64 strings replaced by `~` and their SHA-256, so that parsing a body does not cost its clips. */
export class MediaElider {
  readonly #known = new Map<string, string>();

  /** The JSON of a request body, with media named instead of carried. */
  elide(body: Buffer): string {
    if (body.length < 8192) return body.toString('utf8');
    const kept: string[] = [];
    let from = 0;
    for (let at = nextMedia(body, 0); at >= 0; at = nextMedia(body, from)) {
      const end = body.indexOf(0x22, at);
      if (end < 0) break;
      kept.push(
        body.toString('utf8', from, at),
        end - at < 256 ? body.toString('latin1', at, end) : this.#name(body, at, end),
      );
      from = end;
    }
    kept.push(body.toString('utf8', from));
    return kept.join('');
  }

  /** SHA-256 (hex) of the bytes behind a base64 string or the name that stands for it. */
  sha256(base64: string): string {
    return base64.startsWith('~') ? base64.slice(1) : sha256Of(base64);
  }

  /** Hashing 100 kB for every request would bound the server: bytes seen before are recognised by length and samples. */
  #name(body: Buffer, start: number, end: number): string {
    const step = Math.floor((end - start) / 9);
    let print = `${end - start}`;
    for (let i = 0; i < 9; i++) print += body.toString('latin1', start + i * step, start + i * step + 12);
    const name = this.#known.get(print) ?? `~${sha256Of(body.toString('latin1', start, end))}`;
    this.#known.set(print, name);
    return name;
  }
}

const sha256Of = (base64: string): string =>
  createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex');

const marks = [';base64,', '"data":"'].map((mark) => Buffer.from(mark));

function nextMedia(body: Buffer, from: number): number {
  let next = -1;
  for (const mark of marks) {
    const at = body.indexOf(mark, from);
    if (at >= 0 && (next < 0 || at + mark.length < next)) next = at + mark.length;
  }
  return next;
}
