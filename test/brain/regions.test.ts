import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { p1CorticalRegions, p1SubcorticalRegions, yeoNetworks } from '#dist/brain/regions/groups.js';
import { hcpMmp1Areas, hcpMmp1Names } from '#dist/brain/regions/hcp-mmp1.js';
import { areaOf, joinHemispheres, withoutStrays } from '#dist/brain/regions/hemispheres.js';
import {
  labelsOfAnnotation,
  labelsOfCifti,
  labelsOfGifti,
  labelsOfTable,
  labelsOfVolume,
  makeLabels,
  readLabelNames,
} from '#dist/brain/regions/labels.js';
import { regionMeans, regionTable } from '#dist/brain/regions/means.js';
import { regionsInMask, regionsOfGroups, regionsOfLabels } from '#dist/brain/regions/regions.js';
import { labelsOfStructures } from '#dist/brain/regions/structures.js';
import { affineOfZooms } from '#dist/formats/affine.js';
import { readCifti } from '#dist/formats/cifti.js';
import { parseDelimited } from '#dist/formats/delimited.js';
import { readAnnot } from '#dist/formats/freesurfer.js';
import { readGifti } from '#dist/formats/gifti.js';
import { surfaceOf } from '#dist/formats/gifti-surface.js';
import { giftiOfMaps } from '#dist/formats/gifti-write.js';
import { makeVolume } from '#dist/formats/volume.js';
import { dataBytes, goldenBytes, hasData, whyNoData } from '../formats/brain-files.js';

const table = (text: string, file = 'labels.csv') => parseDelimited(new TextEncoder().encode(text), file);
const small = makeLabels(
  'small',
  [0, 1, 1, 2, 9, 4, 9, 0],
  new Map([
    [1, 'L_V1_ROI'],
    [2, 'R_V1_ROI'],
    [3, 'L_H_ROI'],
    [4, 'R_H_ROI'],
  ]),
);

describe('areaOf', () => {
  it.each([
    ['L_V1_ROI', 'V1', 'left'],
    ['hcp180_r_rh.R_9-46d_ROI', '9-46d', 'right'],
    ['R_5L_ROI', '5L', 'right'],
    ['L_RI_ROI-lh', 'RI', 'left'],
    ['yeo2011_17_r_lh.17Networks_12', '17Networks_12', 'left'],
    ['Left-Thalamus-Proper', 'Thalamus-Proper', 'left'],
    ['CIFTI_STRUCTURE_AMYGDALA_RIGHT', 'AMYGDALA', 'right'],
    ['CIFTI_STRUCTURE_BRAIN_STEM', 'BRAIN_STEM', null],
    ['Putamen_L', 'Putamen', 'left'],
    ['LBelt', 'LBelt', null],
    ['RSC', 'RSC', null],
  ])('%s is %s', (label, area, hemisphere) => expect(areaOf(label)).toEqual({ area, hemisphere }));

  it('takes every area of the parcellation out of its label', () => {
    for (const [key, name] of hcpMmp1Names()) {
      const wanted = { area: hcpMmp1Areas[(key - 1) % 180], hemisphere: key <= 180 ? 'left' : 'right' };
      expect(areaOf(name)).toEqual(wanted);
    }
  });
});

describe('groups', () => {
  it('are 16 cortical, 10 subcortical regions and 17 networks, of areas that exist', () => {
    expect([p1CorticalRegions.length, p1SubcorticalRegions.length, yeoNetworks.length]).toEqual([16, 10, 17]);
    for (const { areas } of p1CorticalRegions) {
      expect(new Set(areas).size).toBe(areas.length);
      for (const area of areas) expect(hcpMmp1Areas).toContain(area);
    }
    expect(new Set(hcpMmp1Areas).size).toBe(180);
  });

  it('share no area but MST', () => {
    const all = p1CorticalRegions.flatMap(({ areas }) => areas);
    expect(all.filter((area, i) => all.indexOf(area) !== i)).toEqual(['MST']);
  });
});

describe('labels', () => {
  it('are read from the same places by every format', () => {
    const names = new Map([
      [1, 'a'],
      [5, 'b'],
    ]);
    const keys = [0, 5, 1, 1];
    const volume = makeVolume({
      shape: [2, 2, 1],
      affine: affineOfZooms([2, 2, 1], [2, 2, 2]),
      data: Int16Array.from(keys),
    });
    expect(labelsOfVolume(volume, names)).toMatchObject({ keys: Int32Array.from(keys), names });
    expect(labelsOfTable(table('key\n0\n5\n1\n1\n'), names).keys).toEqual(Int32Array.from(keys));
    expect(labelsOfTable(table('0\n5\n1\n1\n'), names).keys).toEqual(Int32Array.from(keys));
    expect(labelsOfTable(table('vertex,roi\n0,0\n1,5\n2,1\n3,1\n'), names, 'roi').keys).toEqual(
      Int32Array.from(keys),
    );
  });

  it('come with their names from annotations and CIFTI', () => {
    const annotation = readAnnot(goldenBytes('lh.areas.annot'));
    const ofAnnotation = labelsOfAnnotation(annotation, 'lh.areas.annot');
    expect(ofAnnotation.names.size).toBe(annotation.labels.length);
    expect(ofAnnotation.keys.every((key) => key >= 0)).toBe(true);
    const cifti = readCifti(goldenBytes('areas.dlabel.nii'), 'areas.dlabel.nii');
    const ofCifti = labelsOfCifti(cifti);
    expect(ofCifti.keys.length).toBe(cifti.values.nColumns);
    expect([...ofCifti.names.values()].length).toBeGreaterThan(1);
    expect(() => labelsOfCifti(cifti, 'no such map')).toThrow('has no map "no such map"');
    expect(() => labelsOfCifti(readCifti(goldenBytes('maps.dscalar.nii')))).toThrow('expected dense labels');
    if (cifti.columns.kind !== 'brain-models') throw new Error('not dense');
    const structures = labelsOfStructures(cifti.columns.models, 'areas.dlabel.nii');
    for (const [index, { start, count }] of cifti.columns.models.entries()) {
      expect(structures.keys.filter((key) => key === index + 1).length).toBe(count);
      expect(structures.keys[start]).toBe(index + 1);
    }
  });

  it('come from GIFTI', () => {
    const labels = [
      { key: 0, name: '???', rgba: null },
      { key: 7, name: 'V1', rgba: null },
    ];
    const gifti = giftiOfMaps([{ name: 'areas', values: Int32Array.of(7, 0, 7) }], 'label', { labels });
    expect(labelsOfGifti({ ...gifti, file: 'areas.label.gii' })).toMatchObject({
      keys: Int32Array.of(7, 0, 7),
      names: new Map([
        [0, '???'],
        [7, 'V1'],
      ]),
    });
  });

  it('refuse what is no label', () => {
    expect(() => makeLabels('x.nii', [1, 1.5], new Map())).toThrow('x.nii: has the value 1.5 at place 1');
    expect(() => labelsOfTable(table('key\n1\nV1\n'), new Map())).toThrow(
      'labels.csv:3:1 "key": "V1" is no label',
    );
    expect(() => labelsOfTable(table('a,b\n1,2\n'), new Map())).toThrow('the columns a, b');
    const series = makeVolume({
      shape: [1, 1, 1, 2],
      affine: affineOfZooms([1, 1, 1], [1, 1, 1]),
      data: Int16Array.of(1, 2),
    });
    expect(() => labelsOfVolume(series, new Map())).toThrow('2 frames');
  });

  it('are named by tables of BIDS', () => {
    expect(readLabelNames(table('index\tname\n10\tLeft-Thalamus\n', 'a.tsv')).get(10)).toBe('Left-Thalamus');
    expect(() => readLabelNames(table('index\tname\n1\ta\n1\tb\n', 'a.tsv'))).toThrow('there twice');
    expect(() => readLabelNames(table('id\tname\n1\ta\n', 'a.tsv'))).toThrow('expected index and name');
  });
});

describe('hemispheres', () => {
  it('are joined, and told apart where keys or names clash', () => {
    const left = makeLabels(
      'l',
      [1, 2, 0],
      new Map([
        [0, '???'],
        [1, 'V1'],
        [2, 'V2'],
      ]),
    );
    const right = makeLabels(
      'r',
      [2, 0],
      new Map([
        [0, '???'],
        [1, 'V1'],
        [2, 'V2'],
      ]),
    );
    const both = joinHemispheres(left, right);
    expect([...both.keys]).toEqual([1, 2, 0, 4, 0]);
    expect([...both.names]).toEqual([
      [1, 'L_V1'],
      [2, 'L_V2'],
      [3, 'R_V1'],
      [4, 'R_V2'],
    ]);
    const apart = makeLabels('r', [3], new Map([[3, 'R_V1_ROI']]));
    expect([...joinHemispheres(left, apart).keys]).toEqual([1, 2, 0, 3]);
    expect(() => withoutStrays(left, 4)).toThrow('3 places');
  });

  it('are joined at full resolution', () => {
    const left = makeLabels('l', new Int32Array(163_842).fill(3), new Map([[3, 'V1']]));
    const right = makeLabels('r', new Int32Array(163_842).fill(3), new Map([[3, 'V2']]));
    const { keys, names } = joinHemispheres(left, right);
    expect([keys[0], keys[163_842]]).toEqual([3, 6]);
    expect([...names.values()]).toEqual(['V1', 'V2']);
  });

  it('lose stray labels, with a warning', () => {
    const clean = withoutStrays(small, 3);
    expect([...clean.keys]).toEqual([0, 1, 1, 2, 9, 4, 9, 0]);
    expect(clean.warnings).toEqual([]);
    const stray = withoutStrays(small, 2);
    expect([...stray.keys]).toEqual([0, 1, 0, 2, 9, 4, 9, 0]);
    expect(stray.warnings).toEqual([
      'small: 1 vertices of the right hemisphere carry the label 1 (L_V1_ROI) of the other one; they get no label (vertices 0).',
    ]);
  });
});

describe('regions', () => {
  it('are one per label, empty ones too; unknown keys are listed', () => {
    const { regions, unknown, nPlaces } = regionsOfLabels(small);
    expect(regions.map(({ name, places }) => [name, ...places])).toEqual([
      ['L_V1_ROI', 1, 2],
      ['R_V1_ROI', 3],
      ['L_H_ROI'],
      ['R_H_ROI', 5],
    ]);
    expect(unknown).toEqual([{ key: 9, nPlaces: 2 }]);
    expect(nPlaces).toBe(8);
  });

  it('are groups of areas, and say which areas are missing', () => {
    const groups = p1CorticalRegions.filter(({ name }) => name === 'VC' || name === 'MTC');
    const { regions, missing } = regionsOfGroups(small, groups);
    expect(regions.map(({ name, places }) => [name, ...places])).toEqual([
      ['VC', 1, 2, 3],
      ['MTC', 5],
    ]);
    expect(missing).toContainEqual({ region: 'MTC', area: 'EC' });
    expect(missing.length).toBe(26);
    expect(() => regionsOfGroups(small, p1SubcorticalRegions)).toThrow('none of the areas of thalamus');
    const aseg = makeLabels(
      'aseg',
      [10, 49, 16],
      new Map([
        [10, 'Left-Thalamus'],
        [49, 'Right-Thalamus-Proper'],
        [16, 'Brain-Stem'],
      ]),
    );
    const subcortex = regionsOfGroups(aseg, p1SubcorticalRegions);
    expect([...subcortex.regions[0].places]).toEqual([0, 1]);
    expect([...subcortex.regions[4].places]).toEqual([2]);
    expect(subcortex.missing.map(({ area }) => area)).not.toContain('Thalamus');
  });

  it('follow a mask', () => {
    const masked = regionsInMask(regionsOfLabels(small), [2, 3, 5, 6]);
    expect(masked.regions.map(({ places }) => [...places])).toEqual([[0], [1], [], [2]]);
    expect(masked.nPlaces).toBe(4);
    expect(() => regionsInMask(regionsOfLabels(small), [8])).toThrow('voxel 8');
  });

  it('have means that a slow loop gives, NaN left out and counted', () => {
    const value = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), value), { minLength: 1, maxLength: 40 }),
        (places) => {
          const labels = makeLabels(
            'x',
            places.map(([key]) => key),
            new Map([
              [1, 'a'],
              [2, 'b'],
              [3, 'c'],
            ]),
          );
          const means = regionMeans(
            places.map(([, one]) => one),
            regionsOfLabels(labels),
          );
          for (const [index, found] of means.entries()) {
            const own = places.filter(([key]) => key === index + 1);
            const known = own.map(([, one]) => one).filter((one) => !Number.isNaN(one));
            expect([found.nVoxels, found.nMissing]).toEqual([known.length, own.length - known.length]);
            const wanted = known.reduce((sum, one) => sum + one, 0) / known.length;
            if (known.length === 0) expect(found.mean).toBeNaN();
            else expect(found.mean).toBeCloseTo(wanted, 10);
          }
        },
      ),
    );
    expect(() => regionMeans([1, 2], regionsOfLabels(small))).toThrow('the map has 2');
  });

  it('make a table of subjects', () => {
    const subjects = [1, 2].map((factor) =>
      regionMeans(
        [0, 1, 2, 3, 4, 5, 6, 7].map((one) => one * factor),
        regionsOfLabels(small),
      ),
    );
    const means = regionTable(subjects);
    expect([means.nRows, means.nColumns]).toEqual([2, 4]);
    expect([...means.data]).toEqual([1.5, 3, Number.NaN, 5, 3, 6, Number.NaN, 10]);
    expect(() => regionTable([subjects[0], subjects[1].slice(1)])).toThrow(RangeError);
  });
});

describe.skipIf(!hasData)(`published atlases${whyNoData}`, () => {
  const text = (path: string) => new TextDecoder().decode(dataBytes(path));
  const read = () =>
    labelsOfTable(
      parseDelimited(dataBytes('surfaces/glasser_360_fsa5.csv'), 'glasser_360_fsa5.csv'),
      hcpMmp1Names(),
    );

  it('lose the 17 stray labels of the right hemisphere', () => {
    const labels = read();
    expect(labels.keys.length).toBe(20_484);
    const clean = withoutStrays(labels, 10_242);
    expect(clean.warnings).toEqual([
      expect.stringContaining('17 vertices of the right hemisphere carry the label 180 (L_p24_ROI)'),
    ]);
    expect(regionsOfLabels(clean).unknown).toEqual([]);
    expect(labels.keys.filter((key, i) => key !== clean.keys[i]).length).toBe(17);
  });

  it('have every area where its neighbours are: the order of the names is right', () => {
    const { keys } = withoutStrays(read(), 10_242);
    const mesh = surfaceOf(readGifti(dataBytes('surfaces/fsaverage5/pial_left.gii.gz'), 'pial_left'));
    const neighbours = new Map<string, Set<string>>();
    const nameOf = (vertex: number) => (keys[vertex] === 0 ? 'wall' : hcpMmp1Areas[keys[vertex] - 1]);
    for (let t = 0; t < mesh.nTriangles; t++) {
      const corners = [0, 1, 2].map((c) => nameOf(mesh.triangles[3 * t + c]));
      for (const one of corners)
        for (const other of corners) neighbours.set(one, (neighbours.get(one) ?? new Set()).add(other));
    }
    const near = (area: string) => [...neighbours.get(area)!];
    for (const [area, others] of Object.entries({
      V1: ['V2'],
      V2: ['V1', 'V3'],
      '4': ['3a', '6d', '6mp'],
      '3b': ['3a', '1'],
      MT: ['MST', 'V4t', 'LO3'],
      FST: ['V4t', 'MST', 'PH'],
      A1: ['LBelt', 'MBelt'],
      '44': ['45', '6r'],
      PGi: ['PGs', 'PFm', 'TPOJ2'],
      TPOJ1: ['STV', 'TPOJ2'],
      a24: ['p24', 'p32'],
      MI: ['AVI', 'PoI2', 'FOP3'],
      OFC: ['pOFC', '10v'],
      H: ['PreS', 'EC'],
      p24: ['a32pr', 'a24'],
      '7m': ['31pv', 'PCV'],
    })) {
      for (const other of others) expect(near(area), `${area} beside ${other}`).toContain(other);
    }
    const backmost = Array.from({ length: 10_242 }, (_, v) => v).reduce((a, b) =>
      mesh.vertices[3 * b + 1] < mesh.vertices[3 * a + 1] ? b : a,
    );
    expect(['V1', 'V2']).toContain(nameOf(backmost));
  });

  it('give all of P1’s regions voxels, and the published areas, with the two names put right', () => {
    const labels = withoutStrays(read(), 10_242);
    const { regions, missing } = regionsOfGroups(labels, p1CorticalRegions);
    expect(missing).toEqual([]);
    for (const { name, places } of regions) expect(places.length, name).toBeGreaterThan(10);
    const { individual, network17 } = JSON.parse(text('emotion/horikawa2020_roiInf.json'));
    const published = new Map<string, Set<string>>(
      individual.roiDescrip.map((name: string, i: number) => [
        name,
        new Set(individual.roiName[i].map((one: string) => areaOf(one).area)),
      ]),
    );
    const swapped = new Map([
      ['Insula', 'ACC'],
      ['ACC', 'Insula'],
    ]);
    for (const { name, areas, source } of p1CorticalRegions) {
      if (source !== 'horikawa') expect(published.has(name)).toBe(false);
      else expect(new Set(areas)).toEqual(published.get(swapped.get(name) ?? name));
    }
    expect(published.size).toBe(p1CorticalRegions.filter(({ source }) => source === 'horikawa').length);
    const networks = network17.roiName.map(([first]: [string]) => areaOf(first).area);
    expect(yeoNetworks.map(({ areas }) => areas[0])).toEqual(networks);
  });
});
