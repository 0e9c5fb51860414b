import { createFitService } from './fit-service';
import type { PageMessage } from './protocol';

const service = createFitService((message) => globalThis.postMessage(message));
globalThis.addEventListener('message', ({ data }: MessageEvent<PageMessage>) => void service.receive(data));
