import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { ink } from './colour.js';
import { figureFont } from './figure.js';
import { Markup, withoutForbidden } from './markup.js';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Draws an Observable Plot chart without a browser, as an <svg> placed at (x, y) inside a figure. */
export function chart(options: Plot.PlotOptions, { x = 0, y = 0 } = {}): Markup {
  const svg = Plot.plot({
    document: document as unknown as Document,
    insetTop: 2,
    style: { fontFamily: figureFont, fontSize: '11px', color: ink, overflow: 'visible' } as unknown as string,
    ...options,
  });
  svg.setAttribute('x', String(x));
  svg.setAttribute('y', String(y));
  return new Markup(withoutForbidden(svg.outerHTML));
}
