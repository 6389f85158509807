import { type Document, isScalar, type LineCounter, type Scalar, visit } from 'yaml';
import { type AffectomeError, configError } from '../numerics/errors.js';

/** What to tell about the first thing in a document that is not YAML. */
export function syntaxError(document: Document, lines: LineCounter, file: string): AffectomeError {
  const [first] = document.errors;
  const [position] = first.pos;
  const { line, col } = lines.linePos(position);
  const where = { file, line, column: col };
  if (first.code === 'DUPLICATE_KEY') {
    return configError({
      problem: `is there already${earlierPlace(document, position, lines)}: a section holds each key once.`,
      where: { ...where, field: String(keyAt(document, position)?.value ?? '') },
      remedy: 'Keep one of the two, or give one of them another name.',
    });
  }
  return configError({
    problem: `is not valid YAML: ${first.message}.`.replace('..', '.'),
    where,
    remedy: 'Mind the indentation (spaces, not tabs) and quote texts that hold ": " or " #".',
  });
}

function earlierPlace(document: Document, position: number, lines: LineCounter): string {
  const key = keyAt(document, position);
  const earlier = keysBeside(document, position).find(({ value }) => value === key?.value);
  return earlier?.range ? `, in line ${lines.linePos(earlier.range[0]).line}` : '';
}

function keyAt(document: Document, position: number): Scalar | undefined {
  return keysBeside(document, position).find(({ range }) => range?.[0] === position);
}

/** The keys of the mapping that has a key at `position`. */
function keysBeside(document: Document, position: number): Scalar[] {
  let found: Scalar[] = [];
  visit(document, {
    Map(_, map) {
      const keys = map.items.map(({ key }) => key).filter(isScalar);
      if (!keys.some(({ range }) => range?.[0] === position)) return undefined;
      found = keys;
      return visit.BREAK;
    },
  });
  return found;
}
