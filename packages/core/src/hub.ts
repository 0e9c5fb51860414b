export { hubCacheFolder } from './hub/cache-folder';
export {
  type CachedFile,
  type CachedItem,
  type CachedRevision,
  listCache,
  type ListCacheOptions,
  removeCached,
  type RemovalRequest,
  type RemovedFiles,
} from './hub/cache-items';
export { type CacheProblem, verifyCache, type VerifyCacheOptions } from './hub/verify-cache';
export { findSnapshot, type CachedRepository } from './hub/layout';
export { describeLicense, type LicenseNotice } from './hub/license-notice';
export { type HubId, parseHubId } from './hub/names';
export { type Pulled, type PulledFile, pullRepository, pullUrl } from './hub/pull';
export { type HubOptions, isOffline, type Patience } from './hub/settings';
export { urlCacheFolder, urlCachePath, type WantedUrl } from './hub/url-cache';
export type { Wanted } from './hub/obtain';
