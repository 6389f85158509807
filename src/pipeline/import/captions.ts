import { type CaptionsOptions, formatCaptions, readCaptions } from '../../stimuli/index.js';
import { applyImport, type Imported, readForeignTable, setKey, studyStimuli } from './imported.js';

/** Copies a table of captions to captions.tsv. */
export function importCaptions(
  folder: string,
  file: string,
  options: CaptionsOptions = {},
): Promise<Imported> {
  return applyImport(folder, async (study) => {
    const { ids } = await studyStimuli(study);
    const { idColumn, captionColumn } = options;
    const captions = readCaptions(await readForeignTable(file), ids, {
      ...(idColumn !== undefined && { idColumn }),
      ...(captionColumn !== undefined && { captionColumn }),
    });
    const nCaptions = captions.texts.reduce((sum, texts) => sum + texts.length, 0);
    const nWithout = captions.texts.filter((texts) => texts.length === 0).length;
    return {
      files: { 'captions.tsv': formatCaptions(captions, ids) },
      facts: [
        `${nCaptions} captions for ${ids.length - nWithout} stimuli${nWithout > 0 ? `; ${nWithout} have none` : ''}`,
      ],
      edit: (document) => setKey(document, 'stimuli', 'captions', 'captions.tsv'),
    };
  });
}
