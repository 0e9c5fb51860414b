import { isWav, text } from './riff-chunks';

/** Containers that can be told apart by their first bytes. */
export type AudioFormat =
  | 'wav'
  | 'wave64'
  | 'flac'
  | 'ogg-opus'
  | 'ogg-vorbis'
  | 'ogg-flac'
  | 'ogg'
  | 'mp3'
  | 'aac'
  | 'aiff'
  | 'au'
  | 'caf'
  | 'mp4'
  | 'matroska'
  | 'asf';

/** Name of a format for people. */
export const formatNames: Readonly<Record<AudioFormat, string>> = {
  wav: 'WAV',
  wave64: 'Wave64',
  flac: 'FLAC',
  'ogg-opus': 'Ogg Opus',
  'ogg-vorbis': 'Ogg Vorbis',
  'ogg-flac': 'Ogg FLAC',
  ogg: 'Ogg',
  mp3: 'MP3',
  aac: 'AAC',
  aiff: 'AIFF',
  au: 'AU',
  caf: 'Core Audio',
  mp4: 'MP4',
  matroska: 'Matroska or WebM',
  asf: 'Windows Media',
};

/** The format of a file by its content; undefined where nothing is recognized. A tag of ID3 is skipped. */
export function audioFormat(bytes: Uint8Array): AudioFormat | undefined {
  if (isWav(bytes)) return 'wav';
  const start = text(bytes, 0);
  switch (start) {
    case 'riff':
      return 'wave64';
    case 'fLaC':
      return 'flac';
    case 'OggS':
      return oggFormat(bytes);
    case 'FORM':
      return text(bytes, 8).startsWith('AIF') ? 'aiff' : undefined;
    case '.snd':
      return 'au';
    case 'caff':
      return 'caf';
    case '\x1aE\xdf\xa3':
      return 'matroska';
    case '0&\xb2u':
      return 'asf';
  }
  if (text(bytes, 4) === 'ftyp') return 'mp4';
  if (start.startsWith('ID3')) return afterId3(bytes);
  return mpegFormat(bytes);
}

function oggFormat(bytes: Uint8Array): AudioFormat {
  const head = String.fromCharCode(...bytes.subarray(28, 128));
  if (head.includes('OpusHead')) return 'ogg-opus';
  if (head.includes('\x01vorbis')) return 'ogg-vorbis';
  return head.includes('\x7fFLAC') ? 'ogg-flac' : 'ogg';
}

/** An ID3 tag stands in front of MP3, rarely of FLAC, AAC or WAV. */
function afterId3(bytes: Uint8Array): AudioFormat {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10);
  const size = 10 + ((a & 127) << 21) + ((b & 127) << 14) + ((c & 127) << 7) + (d & 127);
  return (bytes.length > size + 12 && audioFormat(bytes.subarray(size))) || 'mp3';
}

/** A frame header: eleven bits of synchronization, then fields without forbidden values. */
function mpegFormat(bytes: Uint8Array): AudioFormat | undefined {
  const [first = 0, second = 0, third = 0] = bytes;
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  if ((second & 0xf6) === 0xf0) return 'aac';
  const layer = (second >> 1) & 3;
  const version = (second >> 3) & 3;
  return layer !== 0 && version !== 1 && third >> 4 !== 15 && ((third >> 2) & 3) !== 3 ? 'mp3' : undefined;
}
