import { sampleVertices } from '../../brain/maps/index.js';
import { labelsOfAnnotation, labelsOfGifti } from '../../brain/regions/index.js';
import { readAnnot } from '../../formats/freesurfer.js';
import { readGifti } from '../../formats/gifti.js';
import { surfaceOf } from '../../formats/gifti-surface.js';
import { readNifti } from '../../formats/nifti.js';
import { configError } from '../../numerics/errors.js';
import type { Artifacts } from '../../study/artifacts.js';
import type { SurfaceFiles } from './draw-maps.js';

/**
 * Per hemisphere a region's number for every vertex, from labels of the drawn meshes, or from one volume of labels, read where the
 * vertices lie. Nothing without files of labels.
 */
export async function outlineLabels(
  artifacts: Artifacts,
  { outlines, sample, surfaces }: SurfaceFiles,
): Promise<ArrayLike<number>[]> {
  const [volume] = outlines;
  if (volume === undefined) return [];
  if (!isVolume(volume)) return Promise.all(outlines.map((path) => meshLabels(artifacts, path)));
  const where = sample.length > 0 ? sample : surfaces;
  if (outlines.length > 1 || where.length === 0) {
    throw configError({
      problem:
        where.length === 0
          ? 'A flat surface does not say where in a volume of labels its vertices lie.'
          : `names ${outlines.length} files; expected one volume of labels, or labels of the left and right mesh.`,
      where: { field: 'brain.maps.outlines' },
      remedy: 'Name left.label.gii right.label.gii, or lh.aparc.annot rh.aparc.annot.',
    });
  }
  const labels = readNifti(await artifacts.readBytes(volume), artifacts.path(volume));
  return Promise.all(
    where.map(async (path) => {
      const mesh = surfaceOf(readGifti(await artifacts.readBytes(path), artifacts.path(path)));
      const keys = sampleVertices(labels, mesh, { between: 'nearest' });
      return keys.map((key) => (Number.isNaN(key) ? 0 : key));
    }),
  );
}

const isVolume = (path: string): boolean => /(?<!\.(dlabel|dscalar|dtseries))\.nii(\.gz)?$/.test(path);

async function meshLabels(artifacts: Artifacts, path: string): Promise<ArrayLike<number>> {
  const isAnnotation = /\.annot$/.test(path);
  if (!isAnnotation && !/\.gii(\.gz)?$/.test(path)) {
    throw configError({
      problem: `"${path}" is no file of labels that is known.`,
      where: { field: 'brain.maps.outlines' },
      remedy: 'Give left and right .label.gii or .annot, or one volume of labels (.nii, .nii.gz).',
    });
  }
  const bytes = await artifacts.readBytes(path);
  return isAnnotation
    ? labelsOfAnnotation(readAnnot(bytes, artifacts.path(path)), path).keys
    : labelsOfGifti(readGifti(bytes, artifacts.path(path))).keys;
}

/** @throws AffectomeError `config` where there is nothing to draw outlines on. */
export function requireSurfaces({
  outlines,
  surfaces,
  flat,
}: Omit<SurfaceFiles, 'sample' | 'curvature'>): void {
  if (outlines.length === 0 || surfaces.length + flat.length > 0) return;
  throw configError({
    problem: 'Outlines are drawn on surfaces; slices have none.',
    where: { field: 'brain.maps.outlines' },
    remedy: 'Name surfaces to draw on: --surfaces left.surf.gii right.surf.gii.',
  });
}
