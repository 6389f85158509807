import { formatStimuli, readStimuli } from '../../stimuli/index.js';
import { applyImport, type Imported, readForeignTable, setKey } from './imported.js';

/** Copies a table of stimuli to stimuli.tsv. */
export function importStimuli(
  folder: string,
  file: string,
  { idColumn }: { idColumn?: string } = {},
): Promise<Imported> {
  return applyImport(folder, async () => {
    const stimuli = readStimuli(await readForeignTable(file), idColumn === undefined ? {} : { idColumn });
    const nMedia = stimuli.media.filter((path) => path !== null).length;
    return {
      files: { 'stimuli.tsv': formatStimuli(stimuli) },
      facts: [`${stimuli.ids.length} stimuli, ${nMedia} with media in the table`],
      edit(document) {
        setKey(document, 'stimuli', 'table', 'stimuli.tsv');
        document.deleteIn(['stimuli', 'idColumn']);
      },
    };
  });
}
