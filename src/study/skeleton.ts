import { stringify } from 'yaml';
import { formatVersion } from './version.js';

/** A commented study.yaml to fill in; it is valid as it is. */
export function studySkeleton(name: string): string {
  return `# A study: what is judged, which trials are asked, who judges, how the answers are analysed.
# Paths are relative to this file. "affectome run" makes whatever is missing or out of date.
# Editors that know JSON Schema: schema/study.schema.json of the package describes every key.
affectome: ${formatVersion}
name: ${stringify(name).trim()}
# description: A sentence or two for the report.

stimuli:
  table: stimuli.tsv # stimulus_id, name, media; fill it with: affectome import stimuli FILE
  # media: media/
  # captions: captions.tsv
  # subset: subset.txt # study only these ids
  # hidden: hidden.txt # ids whose pictures are never shown

# Ratings name components and are what judges of kind "ratings" compare. Add them with:
#   affectome import ratings FILE --name categories --kind category --min 0 --max 1
# ratings:
#   categories: { table: ratings/categories.tsv, kind: category, min: 0, max: 1 }

trials:
  design: dyads # every dyad with thirdsPerDyad random thirds
  thirdsPerDyad: 3
  seed: 1
  # validation: { from: categories, perCategory: 2, thirdsPerDyad: 100 }
  # noiseCeiling: { trials: 2000, repeats: 20 }

# Who answers. Kinds without a network: ratings, features, captions, pictures, replay, simulated.
# judges:
#   people: { kind: ratings, from: categories }
#   words: { kind: captions, method: lsa }
#   looks: { kind: pictures }

embedding:
  components: 30 # at the start; unused ones are pruned
  lambda: 0.004 # weight of the L1 penalty, or auto
  runs: 10 # independent seeds, for reproducibility

# interpretation:
#   ratings: [categories]
#   categories: categories # for the nearest centroid
`;
}
