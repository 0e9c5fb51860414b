import { execFile } from 'node:child_process';

/** Version of the installed ffmpeg; null where there is none. */
export function ffmpegVersion(signal: AbortSignal): Promise<string | null> {
  return new Promise((done) => {
    execFile('ffmpeg', ['-hide_banner', '-version'], { signal, timeout: 10_000 }, (error, text) =>
      done(error ? null : (/^ffmpeg version (\S+)/.exec(text)?.[1] ?? 'of an unknown version')),
    );
  });
}

const installers: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'brew install ffmpeg',
  win32: 'winget install ffmpeg',
  linux: 'sudo apt-get install ffmpeg',
};

/** The line that brings it. */
export const ffmpegFix = installers[process.platform] ?? 'install ffmpeg (https://ffmpeg.org)';
