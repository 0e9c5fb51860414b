import { UnsupportedError } from '@tesserae/core/data';
import type { AudioFiles } from './files';

export const writeChunks: AudioFiles['writeChunks'] = async () => {
  throw new UnsupportedError('writing a file', 'there are none here: use encodeAudio, or give a WritableStream.');
};

export const createMd5: AudioFiles['createMd5'] = () => undefined;

export const ffmpegChunks: AudioFiles['ffmpegChunks'] = () => {
  throw new UnsupportedError('ffmpeg', 'there are no programs here.');
};

export const localPath: AudioFiles['localPath'] = () => undefined;

export const temporaryFile: AudioFiles['temporaryFile'] = async () => undefined;

export const loadOpusEncoder: AudioFiles['loadOpusEncoder'] = async () => {
  throw new UnsupportedError('writing Opus', 'its encoder works in Node only; write FLAC or MP3.');
};
