/** @file Models of the Hugging Face Hub, by name: found in the cache that Python's tools use, or fetched into it. */
export { fetchModel, type FetchModelOptions, type HubProgress } from './fetch-model.js';
export { hubNameText, parseHubName, type HubName } from './hub-name.js';
export { hubSettings, type HubChoices, type HubSettings } from './hub-settings.js';
export { resolveModel, type ResolveModelOptions } from './resolve-model.js';
export {
  HubAccessDeniedError,
  HubCacheUnusableError,
  HubFileDamagedError,
  HubModelUnknownError,
  HubModelUnusableError,
  HubNotCachedError,
  HubUnreachableError,
} from './hub.errors.js';
