import { melRvq } from '@tesserae/audio';
import { createMemoService } from './memo-service';
import type { PageMessage } from './protocol';

async function openModel() {
  const response = await fetch(new URL('audio-starter.safetensors', import.meta.url));
  if (!response.ok) throw new Error(`The weights could not be loaded: ${response.status} ${response.statusText}.`);
  return melRvq.fromPretrained(new Uint8Array(await response.arrayBuffer()));
}

const service = createMemoService(openModel, (message) => globalThis.postMessage(message));
globalThis.addEventListener('message', ({ data }: MessageEvent<PageMessage>) => void service.receive(data));
