import { type EncodedSet, typicalAlphas, weightMaps } from '../../brain/encoding/index.js';
import { giftiOfMaps, writeGifti } from '../../formats/gifti-write.js';
import { writeNifti } from '../../formats/nifti-write.js';
import { makeVolume, maskVoxels, type Volume } from '../../formats/volume.js';
import type { Matrix } from '../../numerics/matrix.js';
import type { Artifacts } from '../../study/artifacts.js';
import type { EncodingData } from './encode.js';
import { onHemispheres, type SurfaceSpace } from './grayordinates.js';
import { brainPaths } from './paths.js';
import { mapFiles, type ResponseSpace } from './responses-files.js';

/** Sets with more features get no maps for viewers: the array has them all. */
const mostMaps = 100;

/** The maps of the weights of `nFeatures` features: NIfTI with one volume each, or GIFTI with one array each. */
export const weightMapFiles = (stem: string, space: ResponseSpace, nFeatures: number): string[] =>
  nFeatures <= mostMaps ? mapFiles(stem, space) : [];

/** Fits all stimuli and writes the weight of every feature in every voxel (P1, Ext. Data Fig. 8), as array and as maps. */
export async function writeWeights(
  artifacts: Artifacts,
  { subject, slug }: { subject: string; slug: string },
  { data, encoded, index }: { data: EncodingData; encoded: EncodedSet; index: number },
): Promise<void> {
  const { about, layout, options, responses, sets, featureNames } = data;
  const alphas = typicalAlphas(encoded, layout.alphas);
  const { standardiseFeatures } = options;
  const weights = weightMaps(sets[index], responses, alphas, { standardiseFeatures });
  const names = featureNames[index];
  const path = brainPaths.encoding(subject, slug, 'weights');
  await artifacts.writeNpy(path, weights.data, [weights.nRows, weights.nColumns], {
    description: `${encoded.name}: ridge weights fitted to all stimuli: response units per unit of the feature, per voxel.`,
    axes: [{ axis: 'feature', labels: names }, { axis: 'voxel' }],
  });
  const stem = brainPaths.encodingMap(subject, slug, 'weights');
  const files = weightMapFiles(stem, about.space, weights.nRows);
  if (files.length === 0) return;
  if (about.mask) {
    await artifacts.writeBytes(files[0], writeNifti(weightVolumes(about.mask, weights), { gzip: true }));
  } else if (about.space.kind !== 'volume' && about.space.kind !== 'columns') {
    const sides = weightSides(about.space, weights, names);
    for (const [side, bytes] of sides.entries()) if (bytes) await artifacts.writeBytes(files[side], bytes);
  }
}

/** x, y, z and feature; NaN outside the mask. */
function weightVolumes(mask: Volume, { nRows, nColumns, data }: Matrix): Volume {
  const grid = [...mask.shape, 1, 1].slice(0, 3);
  const size = grid.reduce((product, length) => product * length, 1);
  const voxels = maskVoxels(mask);
  const values = new Float32Array(size * nRows).fill(Number.NaN);
  for (let f = 0; f < nRows; f++)
    for (let v = 0; v < nColumns; v++) values[f * size + voxels[v]] = data[f * nColumns + v];
  return makeVolume({ shape: [...grid, nRows], affine: mask.affine, data: values, space: mask.space });
}

function weightSides(
  space: SurfaceSpace,
  { nRows, nColumns, data }: Matrix,
  names: readonly string[],
): (Uint8Array | undefined)[] {
  const perFeature = Array.from({ length: nRows }, (_, f) =>
    onHemispheres(space, data.subarray(f * nColumns, (f + 1) * nColumns)),
  );
  return ['CortexLeft', 'CortexRight'].map((structure, side) => {
    const maps = perFeature.flatMap((sides, f) => {
      const values = sides[side];
      return values ? [{ name: names[f], values }] : [];
    });
    return maps.length > 0 ? writeGifti(giftiOfMaps(maps, 'shape', { structure })) : undefined;
  });
}
