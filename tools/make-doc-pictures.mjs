// Draws the pictures of README.md and docs/ from the reports of the built-in study and of the made-up brains.
// Run: npm run demo -- --no-open && npx affectome brain demo && node tools/make-doc-pictures.mjs [STUDY] [BRAIN STUDY]
import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const study = process.argv[2] ?? join(root, 'demo-study');
const brain = process.argv[3] ?? join(root, 'brain-demo');
const pictures = join(root, 'docs', 'pictures');

/** Figures have 96 units to the inch and are 960 wide. */
const dotsPerUnit = 4 / 3;
const cardRow = 152;
const margin = 8;

const draw = (figure, from = study) =>
  sharp(join(from, 'report', 'figures', `${figure}.svg`), { density: 96 })
    .png()
    .toBuffer();

/** The first `nRows` rows of a judge's cards. */
async function cards(judge, nRows) {
  const whole = await draw(`components-${judge}`);
  const { width } = await sharp(whole).metadata();
  const height = Math.round((nRows * cardRow + margin / 2) * dotsPerUnit);
  return { width, height, data: await sharp(whole).extract({ left: 0, top: 0, width, height }).toBuffer() };
}

async function stacked(parts) {
  const width = Math.max(...parts.map((part) => part.width));
  const height = parts.reduce((sum, part) => sum + part.height, 0);
  let top = 0;
  const placed = parts.map((part) => {
    const place = { input: part.data, left: 0, top };
    top += part.height;
    return place;
  });
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } }).composite(placed);
}

/** At most `width` px wide, and the upper `height` px of that. */
async function smaller(figure, { width = 960, height, from } = {}) {
  return clipped(await draw(figure, from), { width, height });
}

async function clipped(picture, { width = 960, height } = {}) {
  const scaled = await sharp(picture).resize({ width, withoutEnlargement: true }).toBuffer();
  const size = await sharp(scaled).metadata();
  const kept = Math.min(size.height, height ?? size.height);
  return sharp(scaled).extract({ left: 0, top: 0, width: size.width, height: kept });
}

async function save(name, image, colours = 128) {
  const file = join(pictures, `${name}.png`);
  await image.png({ palette: true, colours, effort: 10 }).toFile(file);
  console.log(`${file}: ${Math.round(statSync(file).size / 1000)} kB`);
}

mkdirSync(pictures, { recursive: true });
await save('components', await stacked([await cards('words', 2), await cards('looks', 2)]));
await save('embedding', sharp(await draw('embedding-words')));
await save('rsms', await smaller('rsms', { width: 640 }));
await save('projection', await smaller('projection'));
await save('alignment-plans', await smaller('alignment-plans'));
await save('component-network', await smaller('component-network', { height: 536 }));

const brainMap = (name) => clipped(join(brain, 'brain', 'maps', `${name}.png`), { width: 1000 });
await save('brain-difference', await brainMap('group-encoding-looks-judge-minus-feelings-judge'), 32);
await save('brain-regions', await smaller('brain-regions-encoding-areas', { from: brain }), 32);
await save(
  'brain-voxels',
  await smaller('brain-voxels-encoding-looks-judge', { width: 760, from: brain, height: 270 }),
  32,
);
await save('brain-searchlight', await smaller('brain-regions-searchlight-areas', { from: brain }), 32);
