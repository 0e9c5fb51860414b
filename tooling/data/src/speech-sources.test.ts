import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { divideFiles } from './collect-sources';
import { evenly } from './evenly';
import { heldOutReason } from './held-out';
import type { FetchedPackage } from './packages';
import { asteriskPrompts, gcinSyllables, librivoxSentences, tuxpaintDescriptions } from './rules-speech';
import { speechSamples } from './speech-sources';

let root: string;
const copyright = `Format: http://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2003-2010, Allison Smith
License: CC-BY-SA-3.0

Files: it-*
Copyright: 2012 Carlo Flora
License: CC-BY-3.0
`;
const named = (name: string): FetchedPackage => ({ kind: 'deb', name, root }) as FetchedPackage;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tesserae-speech-sources-'));
  const files: Record<string, string> = {
    'usr/share/asterisk/sounds/x/vm-msginstruct.g722': '1',
    'usr/share/asterisk/sounds/x/digits/1.g722': '2',
    'usr/share/asterisk/sounds/x/silence/1.g722': '3',
    'usr/share/gcin-voice/ogg/ma1/5.ogg': '4',
    'usr/share/gcin-voice/ogg/ma1/3.ogg': '5',
    'usr/share/gcin-voice/ogg/ma2/5.ogg': '4',
    'usr/share/pocketsphinx/test/data/librivox/a.wav': '6',
    'usr/share/tuxpaint/stamps/frog_desc_el.ogg': '7',
    'usr/share/tuxpaint/stamps/frog_desc_de.ogg': '8',
  };
  for (const name of ['asterisk-core-sounds-en-g722', 'asterisk-core-sounds-it-g722'])
    files[`usr/share/doc/${name}/copyright`] = copyright;
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the rules of speech', () => {
  it('take author and licence from the stanza of the language, and leave silence out', () => {
    const [english, italian] = ['en', 'it'].map((language) =>
      asteriskPrompts(named(`asterisk-core-sounds-${language}-g722`)),
    );
    expect(english!.map(({ path }) => path.split('/').at(-1))).toEqual(['1.g722', 'vm-msginstruct.g722']);
    expect(english![0]).toMatchObject({
      set: 'allison-en',
      licence: 'CC-BY-SA-3.0',
      author: '2003-2010, Allison Smith',
    });
    expect(italian![0]).toMatchObject({ set: 'carlo-it', licence: 'CC-BY-3.0', author: '2012 Carlo Flora' });
    expect(asteriskPrompts(named('asterisk-core-sounds-fr-g722'))).toEqual([]);
  });

  it('take the free one of two speakers, by the name of the syllable', () => {
    expect(gcinSyllables(named('gcin-voice')).map(({ name }) => name)).toEqual(['ma1-5.ogg', 'ma2-5.ogg']);
  });

  it('keep new speakers and languages for evaluation, whatever their terms', () => {
    const files = [
      ...librivoxSentences(named('pocketsphinx-testdata')),
      ...tuxpaintDescriptions(named('tuxpaint-stamps-default')),
    ];
    const { training, heldOut } = divideFiles(files, speechSamples);
    expect(training).toEqual([]);
    expect(heldOut.map(({ path, reason }) => [path.split('/').at(-1), reason])).toEqual([
      ['a.wav', 'evaluation-only'],
      ['frog_desc_el.ogg', 'evaluation-only'],
    ]);
  });

  it('never train on the originals of samples, and on each content once', () => {
    const files = [...asteriskPrompts(named('asterisk-core-sounds-it-g722')), ...gcinSyllables(named('gcin-voice'))];
    const { training, heldOut } = divideFiles(files, speechSamples);
    expect(heldOut.map(({ path, reason }) => [path.split('/').at(-1), reason])).toContainEqual([
      'vm-msginstruct.g722',
      'sample',
    ]);
    expect(training.filter(({ set }) => set === 'chu-lo-zh').length).toBeLessThanOrEqual(1);
  });
});

describe('the shipped credits', () => {
  it('name no held-out file and no sample', () => {
    const path = new URL('../../../packages/audio/starter/CREDITS.json', import.meta.url);
    const { groups } = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly groups: readonly { readonly folder: string; readonly files: readonly (readonly [string, string])[] }[];
    };
    let count = 0;
    for (const { folder, files } of groups) {
      for (const [name, sha256] of files) {
        const heldOutName = folder.includes('gcin-voice') ? `${folder.split('/').at(-2)}-${name}` : name;
        expect([name, heldOutReason(heldOutName, sha256, speechSamples)]).toEqual([name, undefined]);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(3000);
  });
});

describe('evenly', () => {
  it('spreads over the whole list', () => {
    expect(evenly([1, 2, 3], 5)).toEqual([1, 2, 3]);
    expect(
      evenly(
        Array.from({ length: 100 }, (_, index) => index),
        4,
      ),
    ).toEqual([0, 25, 50, 75]);
  });
});
