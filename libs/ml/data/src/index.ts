/** @file Preference data: files in, rows out, with a verdict on every line. */
export { DataInvalidError } from './data.errors.js';
export { loadPreferences, loadPrompts, preferenceOutcomes, type LoadOptions, type LoadedRows } from './load-rows.js';
export {
  REJECT_REASONS,
  type LineOutcome,
  type PreferenceRow,
  type PromptRow,
  type RejectReason,
  type RejectedLine,
  type RowWarning,
} from './preference-row.js';
