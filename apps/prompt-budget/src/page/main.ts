import { textTokenizers } from '@tesserae/text';
import { editBetween } from '../count/text-edit';
import type { FitResult } from '../fit/fit-documents';
import { createDocumentCards } from './document-cards';
import { readFiles } from './dropped-files';
import { elementOf, fillChoice, make } from './elements';
import { cutLabels, layoutLabels, shareLabels } from './labels';
import {
  addDocument,
  addressOf,
  changeDocument,
  firstState,
  moveDocument,
  type PageSettings,
  type PageState,
  removeDocument,
  requestedDocuments,
  wholeNumber,
} from './page-state';
import { showResult } from './prompt-view';
import type { PageMessage, WorkerMessage } from './protocol';

const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
const budget = elementOf('budget', HTMLInputElement);
const vocabulary = elementOf('vocabulary', HTMLSelectElement);
const vocabularyFile = elementOf('vocabulary-file', HTMLInputElement);
const files = elementOf('files', HTMLInputElement);
const copy = elementOf('copy', HTMLButtonElement);
const save = elementOf('save', HTMLButtonElement);
const notice = elementOf('notice', HTMLElement);
const drop = elementOf('drop', HTMLElement);
const shown = {
  meter: elementOf('meter', HTMLElement),
  text: elementOf('meter-text', HTMLElement),
  prompt: elementOf('prompt', HTMLElement),
};

let state: PageState = { ...firstState(location.hash), documents: [] };
let request = 0;
/** Documents and names of the last request. */
let requested = state;
let result: FitResult | undefined;
/** Vocabularies from files, by the name that they have in the list. */
const ownVocabularies = new Map<string, Uint8Array>();

const send = (message: PageMessage) => worker.postMessage(message);
const say = (text: string) => {
  notice.textContent = text;
  notice.hidden = text === '';
};

const cards = createDocumentCards(elementOf('documents', HTMLElement), {
  change: (id, change) => update(changeDocument(state, id, change)),
  move: (id, by) => update(moveDocument(state, id, by)),
  remove: (id) => update(removeDocument(state, id)),
});

/** Takes a new state: shows it, tells the worker what changed, and asks for a fit. */
function update(next: PageState): void {
  const before = new Map(state.documents.map(({ id, text }) => [id, text]));
  for (const { id, text } of next.documents) {
    const edit = editBetween(before.get(id) ?? '', text);
    if (edit) send({ type: 'edit', id, edit });
    before.delete(id);
  }
  for (const id of before.keys()) send({ type: 'forget', id });
  state = next;
  requested = next;
  request += 1;
  cards.show(state);
  history.replaceState(null, '', addressOf(state));
  send({ type: 'fit', request, documents: requestedDocuments(state), settings: state.settings });
}

const change = (settings: Partial<PageSettings>) => update({ ...state, settings: { ...state.settings, ...settings } });

async function addFiles(list: Iterable<File>): Promise<void> {
  const read = await readFiles(list);
  const found = read.filter((file) => 'text' in file);
  if (found.length > 0) update(found.reduce((next, { name, text }) => addDocument(next, name, text), state));
  say(read.flatMap((file) => ('problem' in file ? [file.problem] : [])).join('; '));
}

worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
  if (data.type === 'opened') say('');
  else if (data.type === 'refused') say(`${data.vocabulary}: ${data.reason}`);
  else if (data.type === 'counted') cards.showTokens(data.id, data.tokens);
  else if (data.request === request) {
    result = data.result;
    showResult(
      shown,
      result,
      requested.documents.map(({ name }) => name),
    );
    cards.showResult(requested, result);
    copy.disabled = !result.fits;
    save.disabled = !result.fits;
  }
});
worker.addEventListener('error', ({ message }) => say(message || 'The part of the page that counts could not start.'));

fillChoice(vocabulary, Object.fromEntries(textTokenizers.list().map(({ name }) => [name, name])), state.vocabulary);
const openVocabulary = (name: string) => {
  const bytes = ownVocabularies.get(name);
  say('');
  send({ type: 'open', vocabulary: name, ...(bytes && { bytes }) });
};
vocabulary.addEventListener('change', () => {
  openVocabulary(vocabulary.value);
  // A file has no place in the address.
  if (!ownVocabularies.has(vocabulary.value)) update({ ...state, vocabulary: vocabulary.value });
});
vocabularyFile.addEventListener('change', async () => {
  const [file] = vocabularyFile.files ?? [];
  if (!file) return;
  if (!ownVocabularies.has(file.name)) vocabulary.add(new Option(file.name));
  ownVocabularies.set(file.name, new Uint8Array(await file.arrayBuffer()));
  vocabulary.value = file.name;
  openVocabulary(file.name);
});

for (const [id, labels] of [
  ['layout', layoutLabels],
  ['share', shareLabels],
  ['cut', cutLabels],
] as const) {
  const select = elementOf(id, HTMLSelectElement);
  fillChoice(select, labels, state.settings[id]);
  select.addEventListener('change', () => change({ [id]: select.value }));
}
for (const id of ['before', 'after'] as const) {
  const area = elementOf(id, HTMLTextAreaElement);
  area.value = state.settings[id];
  area.addEventListener('input', () => change({ [id]: area.value }));
}
budget.value = state.settings.budget.toLocaleString('en-US');
budget.addEventListener('input', () => {
  const value = wholeNumber(budget.value);
  budget.setCustomValidity(value === undefined ? 'A whole number of tokens' : '');
  budget.reportValidity();
  if (value !== undefined) change({ budget: value });
});
elementOf('settings', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
elementOf('add', HTMLButtonElement).addEventListener('click', () => {
  update(addDocument(state, `Document ${state.nextId}`, ''));
});
files.addEventListener('change', async () => {
  await addFiles(files.files ?? []);
  files.value = '';
});

copy.addEventListener('click', async () => {
  if (!result) return;
  try {
    await navigator.clipboard.writeText(result.prompt);
    copy.textContent = 'Copied';
    setTimeout(() => (copy.textContent = 'Copy the prompt'), 1500);
  } catch {
    say('The browser does not let the page copy: save the prompt instead.');
  }
});
save.addEventListener('click', () => {
  if (!result) return;
  const href = URL.createObjectURL(new Blob([result.prompt], { type: 'text/plain' }));
  make('a', { href, download: 'prompt.txt' }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
});

/** How many elements a drag is above; the events of entering and leaving come in pairs. */
let above = 0;
const showDrop = (by: number) => {
  above = Math.max(above + by, 0);
  drop.hidden = above === 0;
};
addEventListener('dragenter', () => showDrop(1));
addEventListener('dragleave', () => showDrop(-1));
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  showDrop(-above);
  void addFiles(event.dataTransfer?.files ?? []);
});

openVocabulary(state.vocabulary);
update(firstState(location.hash));
