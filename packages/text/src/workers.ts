export type { BatchOptions } from './workers/batch-run';
export type {
  StartThread,
  TextThread,
  ThreadEvents,
  ThreadFailure,
  ThreadOptions,
  ThreadReply,
  ThreadRequest,
} from './workers/protocol';
export { createTextWorkers, type TextWorkers, type TextWorkersOptions } from './workers/text-workers';
