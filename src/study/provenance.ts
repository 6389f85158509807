import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactError } from '../numerics/errors.js';
import { Artifacts } from './artifacts.js';
import { canonicalJson, type Hashes } from './hashes.js';
import { removeLeftOver } from './left-over.js';
import { formatVersion, softwareVersion } from './version.js';

/** What is recorded about a step that ran: enough to tell whether it must run again, and to repeat it. */
export interface Manifest {
  readonly format: number;
  readonly affectome: string;
  readonly node: string;
  readonly step: string;
  /** False while the step runs, and after it was interrupted: its outputs may be older than its inputs. */
  readonly isFinished: boolean;
  /** Raised when a step's algorithm changes, so that its results are made again. */
  readonly stepVersion: number;
  readonly options: unknown;
  readonly seeds: Readonly<Record<string, number>>;
  readonly inputs: Readonly<Record<string, FileFacts>>;
  readonly outputs: Readonly<Record<string, FileFacts>>;
  readonly finished: string;
  readonly seconds: number;
}

export interface FileFacts {
  readonly sha256: string;
  readonly bytes?: number;
}

/** What decides whether a step's results still hold. */
export interface Recipe {
  readonly id: string;
  readonly version: number;
  readonly options: unknown;
  readonly seeds: Readonly<Record<string, number>>;
  /** Files it reads, relative to the study folder. */
  readonly inputs: readonly string[];
}

export interface StepStatus {
  readonly isCurrent: boolean;
  /** Why it must run, in words; empty when current. */
  readonly reasons: readonly string[];
  /** Outputs whose content is not what the step wrote: damaged, or edited by hand. */
  readonly changedOutputs: readonly string[];
}

export function manifestPath(id: string): string {
  return `provenance/${id}.json`;
}

/** @throws AffectomeError `artifact` when a newer version wrote it. A damaged manifest counts as none. */
export async function readManifest(folder: string, id: string): Promise<Manifest | undefined> {
  const artifacts = new Artifacts(folder);
  const path = manifestPath(id);
  if (!(await artifacts.exists(path))) return undefined;
  const manifest = await artifacts.readJson<Manifest>(path).catch(() => undefined);
  if (manifest && manifest.format > formatVersion) {
    throw artifactError({
      problem: `was written by affectome ${manifest.affectome} in format ${manifest.format}; affectome ${softwareVersion} reads up to format ${formatVersion}.`,
      where: { file: artifacts.path(path) },
      remedy: 'Update affectome. Nothing was changed.',
    });
  }
  return manifest?.outputs && manifest.inputs ? manifest : undefined;
}

/** Compares a step with the record of its last run and with the files as they are now. */
export async function stepStatus(folder: string, recipe: Recipe, hashes: Hashes): Promise<StepStatus> {
  const manifest = await readManifest(folder, recipe.id);
  if (!manifest) return { isCurrent: false, reasons: ['it has not run yet'], changedOutputs: [] };
  if (!manifest.isFinished)
    return { isCurrent: false, reasons: ['its last run was not finished'], changedOutputs: [] };
  const reasons = [...recipeChanges(manifest, recipe), ...(await inputChanges(manifest, recipe, hashes))];
  const changedOutputs: string[] = [];
  const gone: string[] = [];
  for (const [path, { sha256 }] of Object.entries(manifest.outputs)) {
    const now = await hashes.of(path);
    if (now === undefined) gone.push(path);
    else if (now !== sha256) changedOutputs.push(path);
  }
  if (gone.length > 0) reasons.push(goneText(gone));
  for (const path of changedOutputs)
    reasons.push(`${path} is not what was written (damaged, or edited by hand)`);
  return { isCurrent: reasons.length === 0, reasons, changedOutputs };
}

function goneText([first, ...others]: readonly string[]): string {
  return others.length > 0 ? `${first} and ${others.length} more of its files are gone` : `${first} is gone`;
}

function recipeChanges(manifest: Manifest, recipe: Recipe): string[] {
  const reasons: string[] = [];
  if (manifest.stepVersion !== recipe.version)
    reasons.push('this version of affectome computes it differently');
  const now = JSON.parse(JSON.stringify({ options: recipe.options, seeds: recipe.seeds }));
  reasons.push(...changesOf(manifest.options, now.options), ...changesOf(manifest.seeds, now.seeds));
  return reasons;
}

async function inputChanges(manifest: Manifest, recipe: Recipe, hashes: Hashes): Promise<string[]> {
  const reasons: string[] = [];
  const gone: string[] = [];
  for (const path of recipe.inputs) {
    const before = manifest.inputs[path]?.sha256;
    const now = await hashes.of(path);
    if (before === undefined) reasons.push(`${path} is a new input`);
    else if (now === undefined) gone.push(path);
    else if (now !== before) reasons.push(`${path} changed`);
  }
  if (gone.length > 0) reasons.push(goneText(gone).replace('its files', 'its inputs'));
  for (const path of Object.keys(manifest.inputs)) {
    if (!recipe.inputs.includes(path)) reasons.push(`${path} is no longer an input`);
  }
  return reasons;
}

/** What differs between nested options, by dotted path: "align changed: null → {...}". */
function changesOf(old: unknown, now: unknown, path = ''): string[] {
  if (isSection(old) && isSection(now)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    return keys.flatMap((key) => changesOf(old[key], now[key], path === '' ? key : `${path}.${key}`));
  }
  if (old !== undefined && now !== undefined && canonicalJson(old) === canonicalJson(now)) return [];
  return old === now ? [] : [`${path} changed: ${briefly(old)} → ${briefly(now)}`];
}

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const longestShown = 60;

/** As JSON where that is short. */
function briefly(value: unknown): string {
  if (value === undefined) return 'none';
  const text = canonicalJson(value);
  if (text.length <= longestShown) return text;
  if (Array.isArray(value)) return `[${value.length} entries]`;
  return isSection(value) ? '{...}' : `${text.slice(0, longestShown)}..."`;
}

/** Marks a step as unfinished before it overwrites anything, so that an interrupted run is never taken for a finished one. */
export async function beginStep(folder: string, id: string): Promise<{ wasFinished: boolean }> {
  return { wasFinished: await changeFinished(folder, id, false) };
}

/** Undoes `beginStep` of a finished step that failed before it wrote anything: what is there is the last run's, whole. */
export async function abandonStep(folder: string, id: string): Promise<void> {
  await changeFinished(folder, id, true);
}

/** Whether it had to be changed. */
async function changeFinished(folder: string, id: string, isFinished: boolean): Promise<boolean> {
  const manifest = await readManifest(folder, id);
  if (!manifest || manifest.isFinished === isFinished) return false;
  await new Artifacts(folder).writeJson(manifestPath(id), { ...manifest, isFinished });
  return true;
}

/**
 * Records a finished step. `inputs` are the hashes taken before it ran; outputs of its last run that this one did
 * not write again are removed, unless they were changed since, with folders that are empty then: `removed` names both.
 */
export async function recordStep(
  folder: string,
  recipe: Recipe,
  run: {
    inputs: Readonly<Record<string, FileFacts>>;
    artifacts: Artifacts;
    seconds: number;
    /** False for results that are whole but not all that was asked for. */
    isFinished?: boolean;
  },
  hashes: Hashes,
): Promise<{ manifest: Manifest; removed: string[] }> {
  const before = await readManifest(folder, recipe.id);
  const outputs: Record<string, FileFacts> = {};
  for (const [path, facts] of [...run.artifacts.written].sort(([a], [b]) => (a < b ? -1 : 1))) {
    outputs[path] = facts;
    await hashes.learn(path, facts.sha256);
  }
  const { id: step, version: stepVersion, options, seeds } = recipe;
  const { isFinished = true } = run;
  const identity = {
    format: formatVersion,
    affectome: softwareVersion,
    node: process.versions.node,
    step,
    isFinished,
    stepVersion,
  };
  const manifest: Manifest = {
    ...identity,
    options,
    seeds,
    inputs: run.inputs,
    outputs,
    finished: new Date().toISOString(),
    seconds: Math.round(run.seconds * 1000) / 1000,
  };
  await new Artifacts(folder).writeJson(manifestPath(step), manifest);
  const removed = await removeLeftOver(folder, before, outputs, hashes);
  await hashes.save();
  return { manifest, removed };
}

/** The hashes of a step's inputs as they are now. @throws AffectomeError `artifact` when one is missing. */
export async function hashInputs(
  folder: string,
  inputs: readonly string[],
  hashes: Hashes,
): Promise<Record<string, FileFacts>> {
  const facts: Record<string, FileFacts> = {};
  for (const path of inputs) {
    const sha256 = await hashes.of(path);
    if (sha256 === undefined) await new Artifacts(folder).readBytes(path);
    facts[path] = { sha256: sha256! };
  }
  return facts;
}

/** Moves a changed output aside (`<name>.changed`, `.changed-2`, ...), so that making it again loses nothing. */
export async function keepAside(folder: string, path: string): Promise<string> {
  const artifacts = new Artifacts(folder);
  let aside = `${path}.changed`;
  for (let n = 2; await artifacts.exists(aside); n++) aside = `${path}.changed-${n}`;
  await rename(join(folder, path), join(folder, aside));
  return aside;
}
