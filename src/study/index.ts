export { openStudy, findStudy, studyFile, type Study } from './study.js';
export { studyOptions, type StudyOptions } from './options.js';
export { studySchema } from './schema.js';
export { parseConfiguration, type Configuration } from './configuration.js';
export { Artifacts, type Axis, type Sidecar } from './artifacts.js';
export { writeAtomically, type Files, type WrittenFile } from './atomic.js';
export { Hashes, hashFile } from './hashes.js';
export {
  manifestPath,
  readManifest,
  stepStatus,
  type FileFacts,
  type Manifest,
  type Recipe,
  type StepStatus,
} from './provenance.js';
export { lockStudy, type StudyLock } from './lock.js';
export { formatVersion, softwareVersion } from './version.js';
