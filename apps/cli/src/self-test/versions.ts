import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What reads MP3, Ogg Vorbis and Opus; ffmpeg does as well. */
export const soundPackages = ['mpg123-decoder', '@wasm-audio-decoders/ogg-vorbis', 'opus-decoder'] as const;

const asked = {
  '@tesserae/core': ['@tensorflow/tfjs-core', 'onnxruntime-node', 'onnxruntime-web', '@tensorflow/tfjs-node'],
  '@tesserae/image': ['sharp'],
  '@tesserae/audio': soundPackages,
} as const;

/** Versions of the packages that matter, as those that use them see them; null where one is not installed. */
export function packageVersions(): Readonly<Record<string, string | null>> {
  const versions: Record<string, string | null> = {};
  for (const [user, packages] of Object.entries(asked)) {
    const manifest = createRequire(import.meta.url).resolve(`${user}/package.json`);
    versions[user] = versionIn(manifest);
    for (const name of packages) versions[name] = versionOf(name, manifest);
  }
  return versions;
}

function versionOf(name: string, from: string): string | null {
  try {
    const entry = createRequire(from).resolve(name);
    // Not every package lets its package.json be resolved: it is the nearest one of that name above the entry.
    for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
      const version = versionIn(join(folder, 'package.json'), name);
      if (version !== null) return version;
    }
  } catch {
    // Not installed.
  }
  return null;
}

function versionIn(file: string, expected?: string): string | null {
  try {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
    return version !== undefined && (expected === undefined || name === expected) ? version : null;
  } catch {
    return null;
  }
}
