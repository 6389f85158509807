// Writes the built-in study's data, examples/emoji/, from emojibase-data (MIT) and @twemoji/svg (graphics CC-BY 4.0).
// Deterministic: the same packages give the same bytes. Run: node tools/make-emoji-study.mjs
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const emojis = require('emojibase-data/en/data.json');
const { subgroups } = require('emojibase-data/meta/groups.json');
const shortcodePresets = ['emojibase', 'github', 'joypixels'].map((name) =>
  require(`emojibase-data/en/shortcodes/${name}.json`),
);
const svgFolder = dirname(require.resolve('@twemoji/svg/package.json'));
const studyFolder = join(dirname(fileURLToPath(import.meta.url)), '..', 'examples', 'emoji');

/** Category -> how many stimuli to take from each subgroup of Unicode's emoji ordering (as emojibase-data gives it). */
const categories = {
  'joyful faces': {
    'face-smiling': 13,
    'face-affection': 7,
    'face-tongue': 4,
    'face-hat': 2,
    'face-glasses': 1,
  },
  'troubled faces': { 'face-concerned': 20, 'face-negative': 4, 'face-unwell': 9 },
  'neutral faces': { 'face-neutral-skeptical': 10, 'face-sleepy': 4, 'face-hand': 5 },
  creatures: { 'face-costume': 6, 'cat-face': 8, 'monkey-face': 3, 'person-fantasy': 6 },
  hearts: { heart: 24 },
  hands: {
    'hand-fingers-open': 5,
    'hand-fingers-partial': 7,
    'hand-single-finger': 4,
    'hand-fingers-closed': 4,
    hands: 6,
  },
  people: {
    person: 3,
    'person-gesture': 6,
    'person-role': 6,
    'person-sport': 6,
    'person-activity': 3,
    family: 2,
  },
  animals: {
    'animal-mammal': 18,
    'animal-bird': 7,
    'animal-reptile': 4,
    'animal-marine': 7,
    'animal-bug': 6,
  },
  plants: { 'plant-flower': 8, 'plant-other': 9 },
  food: {
    'food-fruit': 10,
    'food-vegetable': 5,
    'food-prepared': 8,
    'food-asian': 3,
    'food-sweet': 7,
    drink: 7,
  },
  travel: { 'transport-ground': 10, 'transport-water': 4, 'transport-air': 6 },
  places: { 'place-geographic': 5, 'place-building': 8, 'place-other': 5 },
  sky: { 'sky-weather': 22 },
  activities: { event: 8, 'award-medal': 2, sport: 9, game: 6, 'arts-crafts': 2 },
  objects: {
    'musical-instrument': 5,
    clothing: 8,
    'book-paper': 3,
    tool: 5,
    household: 3,
    computer: 3,
    money: 3,
  },
  symbols: { geometric: 8, 'av-symbol': 5, zodiac: 5, arrow: 5, warning: 3 },
};

/** Larger drawings would not fit a folder of 1 MB, and some drawings (gestures meant to offend, a pistol) are no demonstration. */
const largestPicture = 5000;
const leftOut = new Set(['1F595', '1F4A9', '1F51E', '1F52B']);

const categoryOfSubgroup = new Map(
  Object.entries(categories).flatMap(([category, counts]) =>
    Object.keys(counts).map((name) => [name, category]),
  ),
);
const subgroupOf = (emoji) => subgroups[emoji.subgroup];

function svgOf(emoji) {
  const name = emoji.hexcode.toLowerCase();
  const file = [name, name.replaceAll('-fe0f', '')]
    .map((stem) => join(svgFolder, `${stem}.svg`))
    .find(existsSync);
  return file && statSync(file).size <= largestPicture ? file : undefined;
}

/** One picture per idea: no variants by gender, skin, hair or walking direction. */
const isVariant = (emoji) =>
  /200D-(2640|2642|27A1|1F9B)|1F3F[B-F]/.test(emoji.hexcode) || emoji.gender !== undefined;

/** The `count` emoji with the most tags (the most used ones have the most), in Unicode's order. */
function mostTagged(items, count) {
  const byTags = [...items].sort(
    (a, b) => (b.tags?.length ?? 0) - (a.tags?.length ?? 0) || a.order - b.order,
  );
  return byTags.slice(0, count).sort((a, b) => a.order - b.order);
}

function chooseStimuli() {
  const candidates = emojis.filter(
    (emoji) => !isVariant(emoji) && !leftOut.has(emoji.hexcode) && svgOf(emoji),
  );
  return Object.entries(categories).flatMap(([category, counts]) =>
    Object.entries(counts).flatMap(([subgroup, count]) =>
      mostTagged(
        candidates.filter((emoji) => subgroupOf(emoji) === subgroup),
        count,
      ).map((emoji) => ({ ...emoji, category, id: emoji.hexcode.toLowerCase() })),
    ),
  );
}

const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];
const tagWords = (emoji) => [...new Set(wordsOf([emoji.label, ...(emoji.tags ?? [])].join(' ')))];

/** The name, the tags and the names people type, each a text of its own. */
function captionsOf(emoji) {
  const codes = shortcodePresets
    .flatMap((preset) => preset[emoji.hexcode] ?? [])
    .map((code) => code.replaceAll('_', ' '));
  const texts = [
    emoji.label,
    (emoji.tags ?? []).join(' '),
    ...codes.filter((code) => wordsOf(code).length > 0),
  ];
  return [...new Set(texts.filter((text) => text !== ''))];
}

/**
 * How much a stimulus belongs to each category, 0..1: half is whether Unicode files it there, half the mean over
 * its words (name and tags) of the share of *other* emoji with that word that are filed there.
 */
function rateGroups(stimuli) {
  const names = Object.keys(categories);
  const filed = emojis.filter((emoji) => categoryOfSubgroup.has(subgroupOf(emoji)) && !isVariant(emoji));
  const holders = new Map();
  for (const emoji of filed)
    for (const word of tagWords(emoji)) holders.set(word, [...(holders.get(word) ?? []), emoji]);
  return stimuli.map((stimulus) => {
    const shares = names.map(() => 0);
    const others = tagWords(stimulus)
      .map((word) => (holders.get(word) ?? []).filter((emoji) => emoji.hexcode !== stimulus.hexcode))
      .filter((emojisWithWord) => emojisWithWord.length > 0);
    for (const emojisWithWord of others) {
      for (const emoji of emojisWithWord) {
        const category = categoryOfSubgroup.get(subgroupOf(emoji));
        shares[names.indexOf(category)] += 1 / emojisWithWord.length / others.length;
      }
    }
    return names.map((name, c) =>
      Number(((name === stimulus.category ? 0.5 : 0) + shares[c] / 2).toFixed(3)),
    );
  });
}

const tsv = (header, rows) => `${[header, ...rows].map((row) => row.join('\t')).join('\n')}\n`;
const write = (path, text) => writeFileSync(join(studyFolder, path), text);

const stimuli = chooseStimuli();
const groups = Object.keys(categories);

for (const folder of ['media', 'ratings']) {
  rmSync(join(studyFolder, folder), { recursive: true, force: true });
  mkdirSync(join(studyFolder, folder), { recursive: true });
}
for (const emoji of stimuli) write(`media/${emoji.id}.svg`, readFileSync(svgOf(emoji)));
write(
  'stimuli.tsv',
  tsv(
    ['stimulus_id', 'name', 'media', 'emoji', 'category', 'subgroup'],
    stimuli.map((e) => [e.id, e.label, `media/${e.id}.svg`, e.emoji, e.category, subgroupOf(e)]),
  ),
);
write(
  'captions.tsv',
  tsv(
    ['stimulus_id', 'caption'],
    stimuli.flatMap((e) => captionsOf(e).map((text) => [e.id, text])),
  ),
);
const ratings = rateGroups(stimuli);
write(
  'ratings/groups.tsv',
  tsv(
    ['stimulus_id', ...groups],
    stimuli.map((e, s) => [e.id, ...ratings[s]]),
  ),
);
write(
  'ratings/groups.json',
  `${JSON.stringify(Object.fromEntries(groups.map((name) => [name, { kind: 'category', min: 0, max: 1 }])), null, 2)}\n`,
);
console.log(`${stimuli.length} stimuli in ${groups.length} categories written to ${studyFolder}`);
