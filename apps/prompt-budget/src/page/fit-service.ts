import { textTokenizers, type TextTokenizer } from '@tesserae/text';
import { createLiveText, type LiveText } from '../count/live-text';
import { rememberCounts, type RememberingTokenizer } from '../count/remembered-counts';
import type { BudgetDocument } from '../fit/documents';
import { fitSteps } from '../fit/fit-documents';
import { inTurns } from '../fit/in-turns';
import type { PageMessage, WorkerMessage } from './protocol';

/** The part of a worker that counts and fits; it keeps texts and vocabulary, and answers as it gets done. */
export interface FitService {
  /** Resolves once everything that this message started is done or was overtaken by a later one. */
  receive(message: PageMessage): Promise<void>;
}

interface OpenVocabulary {
  readonly tokenizer: TextTokenizer;
  readonly counts: RememberingTokenizer;
}

type FitMessage = Extract<PageMessage, { type: 'fit' }>;

/** @param answer - Takes the answers, such as `postMessage`. */
export function createFitService(answer: (message: WorkerMessage) => void): FitService {
  const texts = new Map<number, string>();
  const live = new Map<number, LiveText>();
  let opened: OpenVocabulary | undefined;
  /** Of two vocabularies that are asked for, the later counts. */
  let openings = 0;
  let waiting: FitMessage | undefined;
  let running = new AbortController();

  const open = async (vocabulary: string, bytes: Uint8Array | undefined) => {
    openings += 1;
    const turn = openings;
    try {
      const tokenizer = await textTokenizers.fromPretrained(bytes ?? vocabulary);
      if (turn !== openings) return;
      opened = { tokenizer, counts: rememberCounts(tokenizer) };
      live.clear();
      answer({ type: 'opened', vocabulary, vocabularySize: tokenizer.info.vocabularySize });
    } catch (error) {
      if (turn !== openings) return;
      answer({ type: 'refused', vocabulary, reason: error instanceof Error ? error.message : String(error) });
    }
  };
  const liveText = (id: number, { tokenizer }: OpenVocabulary): LiveText => {
    const known = live.get(id) ?? createLiveText(tokenizer, texts.get(id));
    live.set(id, known);
    return known;
  };
  const fit = async ({ request, documents, settings }: FitMessage, vocabulary: OpenVocabulary) => {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const list = documents.map(({ id, ...document }): BudgetDocument => {
      const { text, tokens } = liveText(id, vocabulary);
      vocabulary.counts.learn(text, tokens);
      return { ...document, text };
    });
    try {
      const result = await inTurns(fitSteps(vocabulary.counts, list, settings), signal);
      answer({ type: 'fitted', request, result });
    } catch (error) {
      // A later request took over.
      if (!signal.aborted) throw error;
    }
  };

  return {
    async receive(message) {
      if (message.type === 'open') {
        await open(message.vocabulary, message.bytes);
      } else if (message.type === 'edit') {
        const { id, edit } = message;
        const known = live.get(id);
        known?.apply(edit);
        const before = texts.get(id) ?? '';
        texts.set(id, known?.text ?? before.slice(0, edit.start) + edit.inserted + before.slice(edit.end));
        if (opened) answer({ type: 'counted', id, tokens: liveText(id, opened).tokens });
        return;
      } else if (message.type === 'forget') {
        texts.delete(message.id);
        live.delete(message.id);
        return;
      } else {
        waiting = message;
      }
      // A request that came before its vocabulary is answered once that is there; a new vocabulary answers the last one again.
      if (opened && waiting) await fit(waiting, opened);
    },
  };
}
