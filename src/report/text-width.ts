const narrow = /[iljtfrI.,:;'|!()[\] ·-]/;
const broad = /[mwMW@%&]/;
const latin = /[\u{20}-\u{24F}\u{2010}-\u{2026}\u{2212}]/u;

/** Estimated width in px of sans-serif text, a little generous: figures are laid out without a browser. */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text) {
    if (!latin.test(character)) ems += 1.05;
    else if (narrow.test(character)) ems += 0.36;
    else if (broad.test(character)) ems += 0.9;
    else if (character >= 'A' && character <= 'Z') ems += 0.7;
    else ems += 0.6;
  }
  return ems * fontSize;
}

/** The text, or its beginning and "…", so that it fits. */
export function clipText(text: string, maxWidth: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= maxWidth) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, fontSize) > maxWidth) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

/** Widest of some labels, at most `limit`. */
export function labelGutter(labels: readonly string[], fontSize: number, limit: number): number {
  return Math.min(limit, Math.max(0, ...labels.map((label) => textWidth(label, fontSize))));
}
