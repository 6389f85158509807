import type { Surface } from '../../formats/surface.js';
import { inputError } from '../../numerics/errors.js';
import type { Listed } from './neighbourhoods.js';
import { listedOf } from './placed.js';

/** How far a neighbourhood on a mesh reaches: edges from the centre, or mm along edges. */
export type SurfaceReach =
  | { readonly unit: 'edges'; readonly length: number }
  | { readonly unit: 'mm'; readonly length: number };

/**
 * Neighbourhoods on a triangle mesh: the vertices at most so many edges, or so many mm along the shortest way over edges
 * (Dijkstra 1959, doi:10.1007/BF01386390), from each centre. Ways over edges are longer than geodesics across triangles,
 * on near-regular meshes by up to about 15%. Only `vertices` (ascending; all without it) are centres and members, and ways
 * stay among them: the medial wall is not crossed. The columns of the patterns are `vertices` in that order.
 * @throws AffectomeError `input` for a reach that is not positive, for vertices outside the mesh or out of order.
 */
export function surfaceNeighbourhoods(
  surface: Surface,
  reach: SurfaceReach,
  vertices: ArrayLike<number> = Uint32Array.from({ length: surface.nVertices }, (_, v) => v),
): Listed {
  checkReach(reach);
  const columnOf = columnsOf(surface, vertices);
  const graph = edgesAmong(surface, columnOf, vertices.length, reach.unit === 'mm');
  const search = new Search(graph);
  return listedOf(
    Array.from({ length: vertices.length }, (_, centre) => search.within(centre, reach.length)),
  );
}

/** Neighbours of every column: targets[starts[c]] up to targets[starts[c + 1]], each once. */
interface Graph {
  readonly starts: Uint32Array;
  readonly targets: Uint32Array;
  /** mm, or 1 per edge. */
  readonly lengths: Float64Array;
}

function edgesAmong(surface: Surface, columnOf: Int32Array, nColumns: number, inMm: boolean): Graph {
  const neighbours = Array.from({ length: nColumns }, () => new Map<number, number>());
  const { vertices, triangles, nTriangles } = surface;
  const distance = (v: number, w: number) =>
    Math.hypot(...[0, 1, 2].map((axis) => vertices[3 * v + axis] - vertices[3 * w + axis]));
  for (let t = 0; t < nTriangles; t++) {
    for (let corner = 0; corner < 3; corner++) {
      const [v, w] = [triangles[3 * t + corner], triangles[3 * t + ((corner + 1) % 3)]];
      const [a, b] = [columnOf[v], columnOf[w]];
      if (a < 0 || b < 0 || a === b) continue;
      const length = inMm ? distance(v, w) : 1;
      neighbours[a].set(b, length);
      neighbours[b].set(a, length);
    }
  }
  const starts = new Uint32Array(nColumns + 1);
  for (let c = 0; c < nColumns; c++) starts[c + 1] = starts[c] + neighbours[c].size;
  return {
    starts,
    targets: Uint32Array.from(neighbours.flatMap((near) => [...near.keys()])),
    lengths: Float64Array.from(neighbours.flatMap((near) => [...near.values()])),
  };
}

/** Shortest ways from one centre after another; what was touched is cleaned up after each. */
class Search {
  private readonly distances: Float64Array;
  private readonly heap: { column: number; distance: number }[] = [];

  constructor(private readonly graph: Graph) {
    this.distances = new Float64Array(graph.starts.length - 1).fill(Number.POSITIVE_INFINITY);
  }

  /** Columns at most `limit` away, ascending. */
  within(centre: number, limit: number): Uint32Array {
    const { starts, targets, lengths } = this.graph;
    const reached: number[] = [];
    const reach = limit * (1 + 1e-9);
    this.visit(centre, 0, reached);
    for (let next = this.pop(); next; next = this.pop()) {
      if (next.distance > this.distances[next.column]) continue;
      for (let edge = starts[next.column]; edge < starts[next.column + 1]; edge++) {
        const distance = next.distance + lengths[edge];
        if (distance <= reach && distance < this.distances[targets[edge]])
          this.visit(targets[edge], distance, reached);
      }
    }
    for (const column of reached) this.distances[column] = Number.POSITIVE_INFINITY;
    return Uint32Array.from(reached).sort();
  }

  private visit(column: number, distance: number, reached: number[]): void {
    if (this.distances[column] === Number.POSITIVE_INFINITY) reached.push(column);
    this.distances[column] = distance;
    const { heap } = this;
    let at = heap.push({ column, distance }) - 1;
    while (at > 0 && heap[(at - 1) >> 1].distance > heap[at].distance) at = this.swap(at, (at - 1) >> 1);
  }

  private pop() {
    const { heap } = this;
    if (heap.length === 0) return undefined;
    this.swap(0, heap.length - 1);
    const first = heap.pop()!;
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && heap[child].distance < heap[least].distance) least = child;
      }
      if (least === at) return first;
      at = this.swap(at, least);
    }
  }

  private swap(a: number, b: number): number {
    [this.heap[a], this.heap[b]] = [this.heap[b], this.heap[a]];
    return b;
  }
}

function checkReach({ unit, length }: SurfaceReach): void {
  if (length > 0 && Number.isFinite(length)) return;
  throw inputError({
    problem: `A searchlight of ${length} ${unit} on a surface reaches nothing.`,
    remedy: 'Give a positive number, e.g. 3 edges or 10 mm.',
  });
}

function columnsOf({ nVertices }: Surface, vertices: ArrayLike<number>): Int32Array {
  const columnOf = new Int32Array(nVertices).fill(-1);
  for (let c = 0; c < vertices.length; c++) {
    const isNext = vertices[c] < nVertices && (c === 0 || vertices[c] > vertices[c - 1]);
    if (!isNext || vertices[c] < 0) {
      throw inputError({
        problem: `Vertex ${vertices[c]} at place ${c} of the mask; expected ascending vertices below ${nVertices}.`,
      });
    }
    columnOf[vertices[c]] = c;
  }
  return columnOf;
}
