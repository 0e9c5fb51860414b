import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyrightOf, parseDebianCopyright } from './debian-copyright';
import { copyrightText, type FetchedPackage, filesOf } from './packages';
import type { SourceFile } from './source-file';

/** Who speaks; new voices are for evaluation only. */
export type SpeechSet =
  | 'allison-en'
  | 'allison-es'
  | 'june-fr'
  | 'carlo-it'
  | 'ivrvoice-ru'
  | 'shmyrev-ru'
  | 'chu-lo-zh'
  | 'new-speaker'
  | 'new-languages';

export type SpeechFile = SourceFile<SpeechSet>;

const asteriskSpeakers: Readonly<Record<string, SpeechSet>> = {
  en: 'allison-en',
  es: 'allison-es',
  fr: 'june-fr',
  it: 'carlo-it',
  ru: 'ivrvoice-ru',
};

/** Telephone prompts at 16 kHz, one speaker a package; the empty ones of silence are left out. */
export function asteriskPrompts(source: FetchedPackage): readonly SpeechFile[] {
  const language = /sounds-(\w+)-g722/.exec(source.name)![1]!;
  // Patterns of the copyright file are those of the upstream archives: `it-*`.
  const rights = copyrightOf(parseDebianCopyright(copyrightText(source)), `${language}-sounds`);
  if (!rights) return [];
  return filesOf(source, 'usr/share/asterisk/sounds', /\.g722$/)
    .filter((path) => !path.includes('/silence/'))
    .map((path) => fileOf(source, path, asteriskSpeakers[language]!, rights));
}

/** Studio recordings of sentences, 16 kHz. */
export function festvoxSentences(source: FetchedPackage): readonly SpeechFile[] {
  const rights = copyrightOf(parseDebianCopyright(copyrightText(source)), 'msu_ru_nsh_clunits/wav');
  if (!rights) return [];
  return filesOf(source, 'usr/share/festival/voices', /\/wav\/[^/]+\.wav$/).map((path) =>
    fileOf(source, path, 'shmyrev-ru', rights),
  );
}

/** Mandarin syllables of the speaker whose recordings are CC-BY. */
export function gcinSyllables(source: FetchedPackage): readonly SpeechFile[] {
  // The copyright file writes CC-BY-3.
  const rights = { author: 'ChionMeilin recording group, voice: Chu Lo', licence: 'CC-BY-3.0' };
  return filesOf(source, 'usr/share/gcin-voice/ogg', /\/5\.ogg$/).map((path) => ({
    ...fileOf(source, path, 'chu-lo-zh', rights),
    // All files have one name, their folders are the syllables.
    name: path.split('/').slice(-2).join('-'),
  }));
}

/** Five LibriVox sentences of a speaker that is in no training set. */
export function librivoxSentences(source: FetchedPackage): readonly SpeechFile[] {
  return filesOf(source, 'usr/share/pocketsphinx/test/data/librivox', /\.wav$/).map((path) => ({
    ...fileOf(source, path, 'new-speaker', { author: 'LibriVox volunteer', licence: 'public-domain' }),
    evaluationOnly: true,
  }));
}

/** Spoken descriptions in languages and by speakers that are in no training set. */
export function tuxpaintDescriptions(source: FetchedPackage): readonly SpeechFile[] {
  return filesOf(source, 'usr/share/tuxpaint/stamps', /_desc_(ca|el|ro)\.ogg$/).map((path) => ({
    ...fileOf(source, path, 'new-languages', { author: 'Tux Paint contributors', licence: 'GPL-2' }),
    evaluationOnly: true,
  }));
}

function fileOf(
  source: FetchedPackage,
  path: string,
  set: SpeechSet,
  { author, licence }: { readonly author: string; readonly licence: string },
): SpeechFile {
  return { set, package: source, path, author, licence, bytes: () => readFileSync(join(source.root, path)) };
}
