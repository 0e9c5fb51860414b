import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine } from '../machine';
import type { TextArguments } from './arguments';
import { buildTextPackage } from './built-package';
import { type Contestant, startContestant } from './contestants';
import { readCorpora, type TextCorpus, textGroups, utf8Bytes } from './corpus';
import { jsonVocabularies, packageOf, readJsonVocabulary } from './json-vocabularies';
import { measureLoads } from './load-times';
import { openJson, openPeer, ours, peerNames, type PeerPlaces, peerVersion } from './peers.mjs';
import type { TextResults } from './results';
import { measureThroughput } from './throughput';
import { measureTraining } from './training';
import { measureLetters, measureWorstCases } from './worst-cases';

type Say = (text: string) => void;

const packages = join(fileURLToPath(new URL('../../../..', import.meta.url)), '.vocabularies');

/** Peers so slow that a sample of the documents and a round must do. */
const slowPeers = new Set(['js-tiktoken', '@huggingface/tokenizers', 'tokenizers', 'tiktoken']);
/** Of the documents of slow peers. */
const slowEveryNth = 8;
const slowRounds = 2;
/** Documents of each group to train on. */
const trainingDocuments = 60;

/** Everything that was asked for. @param say - Told what is being done. */
export async function measureText(order: TextArguments, say: Say): Promise<TextResults> {
  say('building packages/text');
  const built = buildTextPackage(order.parts.includes('train') ? ['train'] : []);
  const places: PeerPlaces = { packages, built: built.folder };
  const present = peerNames.filter((name) => peerVersion(packages, name) !== undefined);
  const missing = peerNames.filter((name) => !present.includes(name)).map((name) => `${name} (npm run vocabularies)`);
  try {
    const wants = (part: (typeof order.parts)[number]) => order.parts.includes(part);
    const corpusOrder = { packages, ...(order.corpus !== undefined && { folder: order.corpus }) };
    const corpora = readCorpora({ ...corpusOrder, groups: order.groups, documents: order.documents });
    for (const group of order.groups) {
      if (!corpora.some((corpus) => corpus.group === group)) missing.push(`${group}: no text (npm run vocabularies)`);
    }
    const encodings = wants('speed') ? await measureEncodings(order, corpora, present, places, say) : [];
    const vocabularies = wants('json') ? await measureVocabularies(order, corpora, places, missing, say) : [];
    if (wants('load')) say('load');
    const loads = wants('load')
      ? order.encodings.flatMap((encoding) => measureLoads([ours, ...present], places, encoding, order.rounds + 2))
      : [];
    const { letters, worst } = wants('worst') ? await measureWorst(order, places, say) : { letters: [], worst: [] };
    if (wants('train')) say('training');
    const all = readCorpora({ ...corpusOrder, groups: textGroups, documents: trainingDocuments });
    const training = wants('train')
      ? await measureTraining(
          all.flatMap(({ measured }) => measured),
          places,
          order.python,
          Math.min(order.rounds, 3),
        )
      : undefined;
    if (training?.peerReason !== undefined) missing.push(`training beside the native trainer: ${training.peerReason}`);
    return {
      machine: describeMachine(),
      rounds: order.rounds,
      peers: Object.fromEntries(present.map((name) => [name, peerVersion(packages, name)!])),
      missing,
      encodings,
      vocabularies,
      loads,
      letters,
      worst,
      ...(training && { training }),
    };
  } finally {
    built.remove();
  }
}

async function measureEncodings(
  { encodings, rounds }: TextArguments,
  corpora: readonly TextCorpus[],
  present: readonly string[],
  places: PeerPlaces,
  say: Say,
): Promise<TextResults['encodings']> {
  const found: TextResults['encodings'][number][] = [];
  for (const encoding of encodings) {
    const contestants: Contestant[] = [];
    try {
      for (const name of [ours, ...present]) {
        const isSlow = slowPeers.has(name);
        const settings = { everyNth: isSlow ? slowEveryNth : 1, rounds: isSlow ? slowRounds : rounds };
        contestants.push(await startContestant({ name, places, encoding }, settings));
      }
      const groups = [];
      for (const corpus of corpora) {
        say(`${encoding}: ${corpus.group}`);
        groups.push(await measureThroughput(contestants, corpus, rounds));
      }
      found.push({ encoding, groups });
    } finally {
      for (const contestant of contestants) contestant.close();
    }
  }
  return found;
}

async function measureVocabularies(
  { rounds }: TextArguments,
  corpora: readonly TextCorpus[],
  places: PeerPlaces,
  missing: string[],
  say: Say,
): Promise<TextResults['vocabularies']> {
  const measured = corpora.flatMap((corpus) => corpus.measured);
  const warming = corpora.flatMap((corpus) => corpus.warming);
  const mixed = { group: 'mixed', measured, warming, bytes: utf8Bytes(measured) } as const;
  const found: TextResults['vocabularies'][number][] = [];
  for (const vocabulary of jsonVocabularies) {
    const file = await readJsonVocabulary(vocabulary, places);
    if (file === undefined || peerVersion(packages, 'tokenizers') === undefined) {
      missing.push(`${vocabulary}: needs ${packageOf(vocabulary)} and tokenizers (npm run vocabularies)`);
      continue;
    }
    say(`tokenizer.json: ${vocabulary}`);
    const path = join(places.built, `${vocabulary}.json`);
    writeFileSync(path, file);
    const contestants: Contestant[] = [];
    try {
      for (const name of [ours, 'tokenizers']) {
        contestants.push(await startContestant({ name, places, file: path }, { everyNth: 1, rounds }));
      }
      found.push({ vocabulary, mixed: await measureThroughput(contestants, mixed, rounds) });
    } finally {
      for (const contestant of contestants) contestant.close();
    }
  }
  return found;
}

async function measureWorst({ encodings, rounds }: TextArguments, places: PeerPlaces, say: Say) {
  const letters: TextResults['letters'][number][] = [];
  const worst: TextResults['worst'][number][] = [];
  for (const encoding of encodings) {
    say(`worst cases: ${encoding}`);
    const opened = await openPeer(ours, places, encoding);
    letters.push({ vocabulary: encoding, time: await measureLetters(opened, rounds) });
    worst.push(...(await measureWorstCases(encoding, opened, Math.min(rounds, 3))));
  }
  const llama2 = await readJsonVocabulary('llama2', places);
  if (llama2 !== undefined && peerVersion(packages, 'tokenizers') !== undefined) {
    say('worst cases: llama2');
    const opened = await openJson(ours, places, llama2);
    letters.push({ vocabulary: 'llama2', time: await measureLetters(opened, rounds) });
    worst.push(...(await measureWorstCases('llama2', opened, Math.min(rounds, 3))));
  }
  return { letters, worst };
}
