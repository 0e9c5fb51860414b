import type { MelRvqTokenizer } from '@tesserae/audio';
import { decodeMessage, encodeMessage } from '../memo/message';
import type { PageMessage, WorkerMessage } from './protocol';

/** The part of a worker that holds the model; requests are answered one after the other. */
export interface MemoService {
  /** Resolves once the request is answered. */
  receive(message: PageMessage): Promise<void>;
}

/**
 * @param open - Opens the model, at once; what fails is said then, and again to every request.
 * @param answer - Takes the answers, such as `postMessage`.
 */
export function createMemoService(
  open: () => Promise<MelRvqTokenizer>,
  answer: (message: WorkerMessage) => void,
): MemoService {
  const opening = open();
  let queue = opening.then(
    ({ info }) => answer({ type: 'opened', engine: info.engine.name }),
    (error: unknown) => answer({ type: 'refused', reason: reasonOf(error) }),
  );
  const work = async (message: PageMessage): Promise<void> => {
    const { request } = message;
    try {
      const tokenizer = await opening;
      if (message.type === 'decode') {
        return answer({ type: 'decoded', request, sound: await decodeMessage(tokenizer, message.memo) });
      }
      const encoded = await encodeMessage(tokenizer, message.message, message.most, {
        onProgress: (event) => answer({ type: 'progress', request, event }),
      });
      answer({ type: 'encoded', request, encoded });
    } catch (error) {
      answer({ type: 'failed', request, reason: reasonOf(error) });
    }
  };
  return {
    receive(message) {
      queue = queue.then(() => work(message));
      return queue;
    },
  };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
