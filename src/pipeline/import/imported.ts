import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Document, isMap, parseDocument, type YAMLMap } from 'yaml';
import { parseDelimited, type Table } from '../../formats/delimited.js';
import { inputError } from '../../numerics/errors.js';
import { readStimuli, type StimulusSet } from '../../stimuli/index.js';
import { Artifacts } from '../../study/artifacts.js';
import { writeAtomically } from '../../study/atomic.js';
import { parseConfiguration } from '../../study/configuration.js';
import { readFailure } from '../../study/failures.js';
import { lockStudy } from '../../study/lock.js';
import { openStudy, type Study, shownPath, studyFile } from '../../study/study.js';

/** What an import did. */
export interface Imported {
  /** Files written, absolute. */
  readonly files: readonly string[];
  /** In words: "2,180 stimuli, all with media". */
  readonly facts: readonly string[];
}

export async function readForeign(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw readFailure(error, file, 'Check the path.');
  }
}

export async function readForeignTable(file: string): Promise<Table> {
  return parseDelimited(await readForeign(file), file);
}

/** What an import writes, and how it changes study.yaml. */
export interface ImportPlan {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly facts: readonly string[];
  edit(document: Document): void;
}

/**
 * Checks the changed study.yaml first, then writes the files, then study.yaml; its comments and layout stay.
 * @throws AffectomeError `config` when study.yaml would not be valid; then nothing was written.
 */
export async function applyImport(
  folder: string,
  plan: (study: Study) => Promise<ImportPlan>,
): Promise<Imported> {
  const study = await openStudy(folder);
  const { files, facts, edit } = await plan(study);
  const lock = await lockStudy(study.folder);
  try {
    const path = join(study.folder, studyFile);
    const text = editYaml(await readFile(path, 'utf8'), edit);
    parseConfiguration(text, shownPath(path));
    const artifacts = new Artifacts(study.folder);
    for (const [name, content] of Object.entries(files)) {
      await artifacts.writeBytes(
        name,
        typeof content === 'string' ? new TextEncoder().encode(content) : content,
      );
    }
    await writeAtomically(path, [new TextEncoder().encode(text)]);
    return { files: [...Object.keys(files).map((name) => artifacts.path(name)), path], facts };
  } finally {
    await lock.release();
  }
}

/** Changes a YAML text and keeps its comments. */
export function editYaml(text: string, edit: (document: Document) => void): string {
  const document = parseDocument(text);
  edit(document);
  return document.toString({ lineWidth: 0 });
}

/** Sets `section.name` to a mapping on one line; a section that is there but empty is filled. */
export function setEntry(
  document: Document,
  section: string,
  name: string,
  value: Readonly<Record<string, unknown>>,
): void {
  openSection(document, section);
  document.setIn([section, name], document.createNode(value, { flow: true }));
}

/** Sets one key of a section and keeps the others. */
export function setKey(document: Document, section: string, key: string, value: unknown): void {
  openSection(document, section);
  document.setIn([section, key], value);
}

/** Makes sure that the section is a mapping; an empty one gets a line per entry. */
function openSection(document: Document, section: string): void {
  if (!isMap(document.get(section))) document.set(section, document.createNode({}));
  const map = document.get(section) as YAMLMap;
  if (map.items.length === 0) map.flow = false;
}

/** The stimuli of the study: they must be imported before what belongs to them. */
export async function studyStimuli(study: Study): Promise<StimulusSet> {
  const { table, idColumn } = study.options.stimuli;
  const artifacts = new Artifacts(study.folder);
  if (!(await artifacts.exists(table))) {
    throw inputError({
      problem: 'is not there yet; ratings and captions belong to stimuli.',
      where: { file: shownPath(artifacts.path(table)) },
      remedy: `Import the stimuli first: affectome import stimuli FILE --study ${basename(study.folder)}`,
    });
  }
  return readStimuli(await artifacts.readTable(table), idColumn === undefined ? {} : { idColumn });
}
