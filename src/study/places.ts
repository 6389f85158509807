import { type Document, isMap, isPair, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';
import type { Where } from '../numerics/errors.js';
import type { ConfigPath } from './expected.js';

/** Finds the line and column of configuration paths in one YAML file. */
export class Places {
  constructor(
    private readonly file: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
  ) {}

  /** Where the value at `path` starts; for a value that is not there, its nearest parent's key. */
  of(path: ConfigPath): Where {
    return this.at(path, (pair) => (pair.value as Node | null) ?? (pair.key as Node));
  }

  /** Where the key at `path` starts. */
  ofKey(path: ConfigPath): Where {
    return this.at(path, (pair) => pair.key as Node);
  }

  private at(path: ConfigPath, pick: (pair: Pair) => Node | null): Where {
    let node: unknown = this.document.contents;
    let found: Node | null = this.document.contents as Node | null;
    for (const [depth, key] of path.entries()) {
      const isLast = depth === path.length - 1;
      const child = childOf(node, key);
      if (child === undefined) break;
      if (isPair(child)) {
        found = isLast ? pick(child) : (child.key as Node);
        node = child.value;
      } else {
        found = child as Node;
        node = child;
      }
    }
    return { file: this.file, ...this.lineOf(found), ...(path.length > 0 && { field: path.join('.') }) };
  }

  private lineOf(node: Node | null): Where {
    const range = node?.range;
    if (!range) return { line: 1, column: 1 };
    const { line, col } = this.lines.linePos(range[0]);
    return { line, column: col };
  }
}

function childOf(node: unknown, key: string | number): unknown {
  if (isMap(node))
    return node.items.find((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key) === String(key));
  if (isSeq(node) && typeof key === 'number') return node.items[key];
  return undefined;
}
