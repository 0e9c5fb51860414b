import { textTokenizers } from '@tesserae/text';
import { describe, expect, it } from 'vitest';
import { createFitService } from './fit-service';
import type { PageMessage, WorkerMessage } from './protocol';

function service() {
  const answers: WorkerMessage[] = [];
  const { receive } = createFitService((message) => answers.push(message));
  const fit = (request: number, budget: number): PageMessage => ({
    type: 'fit',
    request,
    documents: [{ id: 1, name: 'one' }],
    settings: { budget, layout: 'plain' },
  });
  const type = (start: number, inserted: string): PageMessage => ({
    type: 'edit',
    id: 1,
    edit: { start, end: start, inserted },
  });
  return { answers, receive, fit, type };
}

describe('the worker', () => {
  it('counts as texts are typed, and fits once the vocabulary is there', async () => {
    const { answers, receive, fit, type } = service();
    await receive(type(0, 'Hello'));
    await receive(fit(1, 3));
    expect(answers).toEqual([]);
    await receive({ type: 'open', vocabulary: 'gpt2' });
    await receive(type(5, ', world!'));
    await receive(fit(2, 3));
    expect(answers).toMatchObject([
      { type: 'opened', vocabulary: 'gpt2', vocabularySize: 50_257 },
      { type: 'fitted', request: 1, result: { prompt: 'Hello', tokens: 1 } },
      { type: 'counted', id: 1, tokens: 4 },
      { type: 'fitted', request: 2, result: { fits: true, tokens: 0, documents: [{ state: 'left out', tokens: 4 }] } },
    ]);
  });

  it('answers the last request again with another vocabulary, also from a file', async () => {
    const { answers, receive, fit, type } = service();
    const bytes = (await textTokenizers.fromPretrained('r50k_base')).save('tokenizer.json');
    await receive({ type: 'open', vocabulary: 'cl100k_base' });
    await receive(type(0, 'สวัสดี'));
    await receive(fit(1, 50));
    await receive({ type: 'open', vocabulary: 'mine.json', bytes });
    await receive({ type: 'forget', id: 1 });
    await receive(fit(2, 50));
    const fitted = answers.flatMap((answer) => (answer.type === 'fitted' ? [answer.result.tokens] : []));
    expect(fitted).toHaveLength(3);
    expect(fitted[1]).toBeGreaterThan(fitted[0]!);
    expect(fitted[2]).toBe(0);
  });

  it('says what it cannot open, and keeps what it has', async () => {
    const { answers, receive, fit, type } = service();
    await receive({ type: 'open', vocabulary: 'gpt2' });
    await receive({ type: 'open', vocabulary: 'broken.json', bytes: new TextEncoder().encode('{"model": 1}') });
    await receive({ type: 'open', vocabulary: 'nowhere' });
    await receive(type(0, 'Hello'));
    await receive(fit(1, 9));
    expect(answers.map((answer) => answer.type)).toEqual(['opened', 'refused', 'refused', 'counted', 'fitted']);
    expect(answers[2]).toMatchObject({ vocabulary: 'nowhere', reason: expect.stringContaining('nowhere') });
  });

  it('drops a fit that a later one overtakes', async () => {
    const { answers, receive, fit, type } = service();
    await receive({ type: 'open', vocabulary: 'gpt2' });
    await receive(type(0, 'word number one, '.repeat(20_000)));
    const long = receive({ ...fit(1, 3000), settings: { budget: 3000, cut: 'middle' } } as PageMessage);
    await Promise.all([long, receive(fit(2, 5000))]);
    const fitted = answers.filter((answer) => answer.type === 'fitted');
    expect(fitted.map(({ request }) => request)).toEqual([2]);
    expect(fitted[0]?.result).toMatchObject({ tokens: 5000, fits: true });
  });
});
