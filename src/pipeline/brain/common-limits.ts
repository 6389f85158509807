import { dataLimits } from '../../brain/maps/index.js';
import type { DrawnPicture } from './map-rows.js';
import type { MapsRecord } from './maps.js';

/** A picture before it is drawn. */
export interface PlannedMap {
  readonly about: Pick<MapsRecord['maps'][number], 'name' | 'measure' | 'rows' | 'subjects'>;
  readonly isDifference: boolean;
  readonly picture: DrawnPicture;
}

/** Pictures of one measure, all of subjects, of means or of differences, are there to be compared by eye. */
const familyOf = ({ about, isDifference }: PlannedMap): string =>
  `${about.measure.kind} ${about.rows} ${isDifference ? 'difference' : 'value'}`;

/** One colour scale for every family of pictures: to the largest value in any of them, or to `size`. */
export function withCommonLimits(maps: readonly PlannedMap[], size: number | undefined): PlannedMap[] {
  return maps.map((map) => {
    const family = maps.filter((other) => familyOf(other) === familyOf(map));
    const limits =
      size === undefined
        ? dataLimits(
            family.flatMap(({ picture }) => picture.rows.map(({ values }) => ({ values }))),
            'diverging',
          )
        : ([-size, size] as const);
    const said =
      size !== undefined
        ? ` Values beyond ±${size} have the colour of the end.`
        : family.length > 1
          ? ` All ${family.length} maps of this kind have one colour scale.`
          : '';
    const { scale, caption } = map.picture;
    return { ...map, picture: { ...map.picture, scale: { ...scale, limits }, caption: `${caption}${said}` } };
  });
}
