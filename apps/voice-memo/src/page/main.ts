import type { AudioSignal } from '@tesserae/core/data';
import { linkCharacters, linkOf, memoIn } from '../memo/link';
import { usualMost } from '../memo/message';
import { createMemoClient } from './memo-client';
import { playSound } from './player';
import { type Recording, startRecording } from './recorder';
import { readSoundFile } from './sound-file';

/** An element of the page by its id. @throws {Error} The page has no such element of that kind. */
function elementOf<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.querySelector(`#${id}`);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${kind.name} #${id}.`);
}

const record = elementOf('record', HTMLButtonElement);
const file = elementOf('file', HTMLInputElement);
const most = elementOf('most', HTMLInputElement);
const status = elementOf('status', HTMLElement);
const progress = elementOf('progress', HTMLProgressElement);
const notice = elementOf('notice', HTMLElement);
const memo = elementOf('memo', HTMLElement);
const play = elementOf('play', HTMLButtonElement);
const copy = elementOf('copy', HTMLButtonElement);
const facts = elementOf('facts', HTMLElement);
const link = elementOf('link', HTMLTextAreaElement);

const client = createMemoClient(new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }));
const page = `${location.origin}${location.pathname}`;
let recording: Recording | undefined;
/** Of two sounds or links, the later counts. */
let turn = 0;

/** Does something that may fail, and says so. */
async function attempt(work: () => Promise<void>): Promise<void> {
  notice.hidden = true;
  try {
    await work();
  } catch (error) {
    notice.textContent = error instanceof Error ? error.message : String(error);
    notice.hidden = false;
    status.textContent = '';
  } finally {
    progress.hidden = true;
  }
}

function showMemo(text: string, about: string): void {
  link.value = linkOf(page, text);
  facts.textContent = `${about}${link.value.length} characters`;
  memo.hidden = false;
}

/** A message from the microphone or from a file becomes a link. */
async function takeSound(message: AudioSignal): Promise<void> {
  turn += 1;
  const own = turn;
  memo.hidden = true;
  progress.removeAttribute('value');
  progress.hidden = false;
  status.textContent = 'Encoding';
  const characters = Number(most.value.replaceAll(/[\s,.]/gu, '')) || usualMost;
  const encoded = await client.encode(message, characters - linkCharacters(page), ({ completed, total }) => {
    if (total !== undefined && total > 0) progress.value = completed / total;
  });
  if (own !== turn) return;
  const { seconds, codebooks, allCodebooks, bitsPerSecond } = encoded;
  showMemo(
    encoded.memo,
    `${seconds.toFixed(2)} s, ${codebooks} of ${allCodebooks} codebooks, ${bitsPerSecond} bit/s, `,
  );
  status.textContent = 'The link holds the message';
  history.replaceState(null, '', link.value);
}

const takeFile = (given: File) => attempt(async () => takeSound(await readSoundFile(given)));

async function toggleRecording(): Promise<void> {
  if (recording) {
    const ending = recording;
    recording = undefined;
    record.setAttribute('aria-pressed', 'false');
    record.textContent = 'Record';
    await takeSound(await ending.stop());
    return;
  }
  recording = await startRecording((seconds) => {
    status.textContent = `Recording: ${seconds.toFixed(1)} s`;
  });
  record.setAttribute('aria-pressed', 'true');
  record.textContent = 'Stop';
}

/** The link that the page was opened with. */
function openLink(): void {
  if (memoIn(location.hash) === location.hash) return;
  turn += 1;
  showMemo(memoIn(location.hash), '');
  status.textContent = 'A message came with the link';
}

record.addEventListener('click', async () => {
  record.disabled = true;
  await attempt(toggleRecording);
  record.disabled = false;
});
file.addEventListener('change', async () => {
  const [first] = file.files ?? [];
  if (first) await takeFile(first);
  file.value = '';
});
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  const [first] = event.dataTransfer?.files ?? [];
  if (first) void takeFile(first);
});
play.addEventListener('click', () =>
  attempt(async () => {
    play.disabled = true;
    try {
      const sound = await client.decode(memoIn(link.value));
      play.dataset['samples'] = String(sound.channels[0]!.length);
      await playSound(sound);
    } finally {
      play.disabled = false;
    }
  }),
);
copy.addEventListener('click', () =>
  attempt(async () => {
    await navigator.clipboard.writeText(link.value);
    status.textContent = 'Copied';
  }),
);
addEventListener('hashchange', openLink);

openLink();
await attempt(async () => {
  const engine = await client.opened;
  document.body.dataset['engine'] = engine;
  if (memo.hidden && !recording) status.textContent = 'Ready';
});
