import { collectFiles, divideFiles, type SourceRule, type Sources } from './collect-sources';
import type { SampleSource } from './held-out';
import {
  asteriskPrompts,
  festvoxSentences,
  gcinSyllables,
  librivoxSentences,
  type SpeechSet,
  tuxpaintDescriptions,
} from './rules-speech';

/** Originals of the speech in `samples/audio`. */
export const speechSamples: readonly SampleSource[] = [
  {
    sample: 'speech-it-carlo-16k.flac',
    name: 'vm-msginstruct.g722',
    sha256: '32302d76d250fcc8b482ee276d126a878f119a601edd83e24a80b9b88bd490c5',
  },
  {
    sample: 'speech-ru-ivrvoice-16k.flac',
    name: 'basic-pbx-ivr-main.g722',
    sha256: '05b8693afd6dbbb3ab9ef4cbcf2eff514964cb59192acf9b96eb7f8444c04fc6',
  },
  {
    sample: 'speech-ru-shmyrev-16k.flac',
    name: 'ru_0819.wav',
    sha256: '3280dc01db405f9c9ccd81577f918f75f41f085cf92c43ed985d1312568a2e35',
  },
  {
    sample: 'speech-en-austen-16k.flac',
    name: 'sense_and_sensibility_01_austen_64kb-0870.wav',
    sha256: 'b0557cf95c974d930577e58e46b7f068c432a6e3afcc286563d88922b2a5315c',
  },
  {
    sample: 'speech-en-austen-short-16k.flac',
    name: 'sense_and_sensibility_01_austen_64kb-0930.wav',
    sha256: '954adbf0b56ac8a148cbe77b39ca18d76b5f2a1e1f405565bd786ce3e68a68b7',
  },
];

/** Every package of the recipe with the rule that picks its recordings; about 0.4 GB to download. */
const rules: readonly SourceRule<SpeechSet>[] = [
  { kind: 'deb', name: 'asterisk-core-sounds-en-g722', files: asteriskPrompts },
  { kind: 'deb', name: 'asterisk-core-sounds-es-g722', files: asteriskPrompts },
  { kind: 'deb', name: 'asterisk-core-sounds-fr-g722', files: asteriskPrompts },
  { kind: 'deb', name: 'asterisk-core-sounds-it-g722', files: asteriskPrompts },
  { kind: 'deb', name: 'asterisk-core-sounds-ru-g722', files: asteriskPrompts },
  { kind: 'deb', name: 'festvox-ru', files: festvoxSentences },
  { kind: 'deb', name: 'gcin-voice', files: gcinSyllables },
  { kind: 'deb', name: 'pocketsphinx-testdata', files: librivoxSentences },
  { kind: 'deb', name: 'tuxpaint-stamps-default', files: tuxpaintDescriptions },
];

/** Fetches the packages and sorts their recordings into training and evaluation. */
export function collectSpeech(workFolder: string, report: (message: string) => void): Sources<SpeechSet> {
  const { packages, found } = collectFiles(rules, workFolder, report);
  return { packages, ...divideFiles(found, speechSamples) };
}
