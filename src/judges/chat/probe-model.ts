/** The served names most like the one asked for, best first; at most three. */
export function closestNames(model: string, served: readonly string[]): string[] {
  return served
    .map((name) => ({ name, distance: distance(model, name) }))
    .filter(({ distance }) => distance < 0.6)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** 1 minus the Dice coefficient of letter pairs: names of models differ in whole parts more than in letters. */
function distance(a: string, b: string): number {
  const [first, second] = [pairs(a), pairs(b)];
  const nShared = [...first].filter((pair) => second.has(pair)).length;
  return 1 - (2 * nShared) / Math.max(1, first.size + second.size);
}

function pairs(name: string): Set<string> {
  const letters = name.toLowerCase();
  return new Set(Array.from({ length: Math.max(0, letters.length - 1) }, (_, i) => letters.slice(i, i + 2)));
}
