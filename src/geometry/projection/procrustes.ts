import type { MapPositions } from './project.js';

/** A map turned, mirrored and scaled onto another. */
export interface AlignedMap {
  /** nStimuli x 2, in the frame of the target. */
  readonly positions: Float64Array;
  /** Share of the target's squared distances from its centre that the alignment leaves, 0..1: 0 is a perfect fit. */
  readonly disparity: number;
  readonly isMirrored: boolean;
  /** Factor by which the map was scaled. */
  readonly scale: number;
}

/**
 * The rotation, reflection, scale and shift of `map` nearest to `target` in least squares (Procrustes; Schoenemann & Carroll
 * 1970, doi:10.1007/BF02291266), so that maps of the same stimuli can be read side by side. Distances within the map keep their ratios.
 * In the plane the solution is closed: with complex numbers, the larger of |sum a conj(b)| and |sum a b|.
 * A map whose points all coincide lands on the target's centre with disparity 1.
 * @throws RangeError when the maps are not of the same stimuli.
 */
export function alignMap(map: MapPositions, target: MapPositions): AlignedMap {
  if (map.nStimuli !== target.nStimuli) {
    throw new RangeError(`Maps of ${map.nStimuli} and ${target.nStimuli} stimuli cannot be aligned.`);
  }
  const from = centred(map.positions);
  const to = centred(target.positions);
  const turned = crossSum(from.points, to.points, 1);
  const mirrored = crossSum(from.points, to.points, -1);
  const isMirrored = mirrored.size > turned.size;
  const { real, imaginary, size } = isMirrored ? mirrored : turned;
  const scale = from.square > 0 ? size / from.square : 0;
  const [cosine, sine] = size > 0 ? [real / size, imaginary / size] : [1, 0];
  const positions = new Float64Array(map.positions.length);
  for (let at = 0; at < positions.length; at += 2) {
    const x = from.points[at];
    const y = isMirrored ? -from.points[at + 1] : from.points[at + 1];
    positions[at] = to.x + scale * (cosine * x - sine * y);
    positions[at + 1] = to.y + scale * (sine * x + cosine * y);
  }
  const whole = from.square * to.square;
  return { positions, isMirrored, scale, disparity: whole > 0 ? Math.max(0, 1 - size ** 2 / whole) : 1 };
}

function centred(positions: Float64Array) {
  const n = positions.length / 2;
  let [x, y, square] = [0, 0, 0];
  for (let at = 0; at < positions.length; at += 2) {
    x += positions[at] / n;
    y += positions[at + 1] / n;
  }
  const points = positions.map((value, at) => value - (at % 2 === 0 ? x : y));
  for (const value of points) square += value * value;
  return { points, x, y, square };
}

/** Sum of b conj(a), `sign` -1 mirroring a first. */
function crossSum(a: Float64Array, b: Float64Array, sign: 1 | -1) {
  let [real, imaginary] = [0, 0];
  for (let at = 0; at < a.length; at += 2) {
    const y = sign * a[at + 1];
    real += a[at] * b[at] + y * b[at + 1];
    imaginary += a[at] * b[at + 1] - y * b[at];
  }
  return { real, imaginary, size: Math.hypot(real, imaginary) };
}
