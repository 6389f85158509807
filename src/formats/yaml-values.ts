import { type Document, isAlias, isNode, type LineCounter, visit } from 'yaml';
import { configError } from '../numerics/errors.js';

/**
 * The plain values of a parsed YAML document.
 * @throws AffectomeError `config` at the alias (`*name`) that refers to nothing, or that stands for too much.
 */
export function yamlValues(document: Document, lines: LineCounter, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    const { line, col } = lines.linePos(firstAlias(document));
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw configError({
      problem: `has an alias that cannot be followed: ${reason}.`,
      where: { file, line, column: col },
      remedy: 'A text that begins with * must be quoted: "*text".',
      cause,
    });
  }
}

function firstAlias(document: Document): number {
  let offset = isNode(document.contents) ? (document.contents.range?.[0] ?? 0) : 0;
  visit(document, {
    Node(_, node) {
      if (!isAlias(node)) return undefined;
      offset = node.range?.[0] ?? offset;
      return visit.BREAK;
    },
  });
  return offset;
}
