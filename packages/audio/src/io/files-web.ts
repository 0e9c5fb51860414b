import { UnsupportedError } from '@tesserae/core/data';
import type { AudioFiles } from './files';

export const writeChunks: AudioFiles['writeChunks'] = async () => {
  throw new UnsupportedError('writing a file', 'there are none here: use encodeAudio, or give a WritableStream.');
};
