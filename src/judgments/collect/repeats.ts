/**
 * For each question, how often the same triplet came in the same shown order before it. One pass over an open-addressing table of
 * (triplet, shown order).
 *
 * @param triplets 3 * nQuestions @param shownOrder nQuestions
 */
export function countAsked(triplets: Uint32Array, shownOrder: Uint8Array): Uint16Array {
  const nQuestions = shownOrder.length;
  const nSlots = 2 ** Math.ceil(Math.log2(Math.max(8, 1.5 * nQuestions)));
  const slots = new Uint32Array(nSlots);
  const mask = nSlots - 1;
  const repeat = new Uint16Array(nQuestions);
  for (let number = 0; number < nQuestions; number++) {
    const at = 3 * number;
    const i = triplets[at];
    const j = triplets[at + 1];
    const k = triplets[at + 2];
    const order = shownOrder[number];
    let slot = hash(i, j, k, order) & mask;
    while (slots[slot] !== 0) {
      const other = slots[slot] - 1;
      const there = 3 * other;
      const isSame =
        triplets[there] === i &&
        triplets[there + 1] === j &&
        triplets[there + 2] === k &&
        shownOrder[other] === order;
      if (isSame) {
        repeat[number] = repeat[other] + 1;
        break;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = number + 1;
  }
  return repeat;
}

function hash(i: number, j: number, k: number, order: number): number {
  let h = Math.imul(i, 0x9e3779b1) ^ Math.imul(j, 0x85ebca77) ^ Math.imul(order, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ Math.imul(k, 0xc2b2ae3d);
  h = Math.imul(h ^ (h >>> 13), 0x297a2d39);
  return (h ^ (h >>> 16)) >>> 0;
}
