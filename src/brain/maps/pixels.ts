import type { Rgb } from './ramp.js';

/** A picture: red, green, blue, opacity of each pixel, row after row from the top; colours are not multiplied by opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 4 x width x height. */
  readonly data: Uint8Array;
}

export const blankPixels = (width: number, height: number): Pixels => ({
  width,
  height,
  data: new Uint8Array(4 * width * height),
});

/** Lays a colour of some opacity (0 to 1) over pixel `at` of `data`. */
export function blend(data: Uint8Array, at: number, colour: Rgb, opacity: number): void {
  const to = 4 * at;
  const below = (data[to + 3] / 255) * (1 - opacity);
  const total = opacity + below;
  if (total === 0) return;
  for (let channel = 0; channel < 3; channel++) {
    const mixed = colour[channel] * opacity + data[to + channel] * below;
    data[to + channel] = Math.round(mixed / total);
  }
  data[to + 3] = Math.round(255 * total);
}
