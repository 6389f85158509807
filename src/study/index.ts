export { Artifacts, type Axis, type Sidecar } from './artifacts.js';
export { type Files, type WrittenFile, writeAtomically } from './atomic.js';
export { type Configuration, parseConfiguration } from './configuration.js';
export { Hashes, hashFile } from './hashes.js';
export { lockStudy, type StudyLock } from './lock.js';
export { type StudyOptions, studyOptions } from './options.js';
export {
  type FileFacts,
  type Manifest,
  manifestPath,
  type Recipe,
  readManifest,
  type StepStatus,
  stepStatus,
} from './provenance.js';
export { studySchema } from './schema.js';
export { findStudy, openStudy, type Study, studyFile } from './study.js';
export { formatVersion, softwareVersion } from './version.js';
