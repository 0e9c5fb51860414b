import { checkSound, melRvq } from '@tesserae/audio';
import { describe, expect, it } from 'vitest';
import { createMemoService } from './memo-service';
import type { WorkerMessage } from './protocol';

describe('the part of the page that holds the model', () => {
  it('answers every request, in its turn', async () => {
    const answers: WorkerMessage[] = [];
    const opening = melRvq.fromPretrained('audio-starter');
    const service = createMemoService(
      () => opening,
      (message) => answers.push(message),
    );
    void service.receive({ type: 'encode', request: 1, message: checkSound(), most: 100 });
    void service.receive({ type: 'encode', request: 2, message: checkSound(), most: 300 });
    await service.receive({ type: 'decode', request: 3, memo: 'AQGA' });
    const told = answers.filter(({ type }) => type !== 'progress');
    expect(told).toMatchObject([
      { type: 'opened' },
      { type: 'failed', request: 1, reason: expect.stringContaining('expected at most 0.96 s') },
      { type: 'encoded', request: 2, encoded: { codebooks: 3, samples: 16_000 } },
      { type: 'failed', request: 3, reason: 'memo: expected at least 14 bytes, got 3.' },
    ]);
    const memo = told[2]?.type === 'encoded' ? told[2].encoded.memo : '';
    await service.receive({ type: 'decode', request: 4, memo });
    const last = answers.at(-1);
    expect(last).toMatchObject({ type: 'decoded', request: 4, sound: { sampleRate: 16_000 } });
    expect(last?.type === 'decoded' && last.sound.channels[0]!.length).toBe(16_000);
    await (await opening).dispose();
  });

  it('says why the model cannot be opened, at once and to every request', async () => {
    const answers: WorkerMessage[] = [];
    const service = createMemoService(
      () => Promise.reject(new Error('no weights')),
      (message) => answers.push(message),
    );
    await service.receive({ type: 'decode', request: 1, memo: 'AQGA' });
    expect(answers).toEqual([
      { type: 'refused', reason: 'no weights' },
      { type: 'failed', request: 1, reason: 'no weights' },
    ]);
  });
});
