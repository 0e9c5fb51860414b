/**
 * Makes the files of this folder from tones: `node --conditions=@tesserae/source --import tsx make-sound-files.ts`, run
 * in it, with ffmpeg, flac, lame, oggenc, opusenc and sox installed. Tests read the files only.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { encodeWav } from '../../src/io/wav';
import { clip, fineClip } from './clip';

const run = (command: string) =>
  execFileSync(command.split(' ')[0]!, command.split(' ').slice(1), { stdio: 'inherit' });
const convert = (from: string, options: string, to: string) =>
  run(`ffmpeg -v error -y -i ${from} ${options} -fflags +bitexact -flags:a +bitexact ${to}`);

writeFileSync('mono.wav', encodeWav(clip(1)));
writeFileSync('stereo.wav', encodeWav(clip(2)));
writeFileSync('surround.wav', encodeWav(clip(6, 1501, 48_000)));
writeFileSync('long.wav', encodeWav(clip(1, 96_000, 48_000)));
writeFileSync('24.wav', encodeWav(fineClip(1, 24), { format: 'int24' }));
writeFileSync('32.wav', encodeWav(fineClip(2, 32), { format: 'int32' }));

run('flac --silent --force --no-padding --best stereo.wav -o stereo.flac');
run('flac --silent --force --fast --no-padding surround.wav -o surround.flac');
run('flac --silent --force --no-padding 24.wav -o 24.flac');
run('flac --silent --force --no-padding 32.wav -o 32.flac');
run('flac --silent --force --no-padding --ogg --serial-number=1 stereo.wav -o stereo.oga');

run('lame --quiet -b 64 -m j stereo.wav stereo.mp3');
run('lame --quiet -V 4 mono.wav vbr-mono.mp3');
run('lame --quiet -t -b 64 -m m mono.wav untagged.mp3');
writeFileSync('itunes.mp3', Buffer.concat([itunesTag(576, 1804, 1501), readFileSync('untagged.mp3')]));
run('oggenc --quiet --serial 1 stereo.wav -o stereo.ogg');
run('oggenc --quiet --serial 1 surround.wav -o surround.ogg');
run('opusenc --quiet --serial 1 --bitrate 32 mono.wav mono.opus');
run('opusenc --quiet --serial 1 --bitrate 96 surround.wav surround.opus');
run('opusenc --quiet --serial 1 --bitrate 12 long.wav long.opus');

convert('stereo.wav', '-c:a pcm_s16be', 'stereo.aiff');
convert('stereo.wav', '-c:a pcm_s16le', 'sowt.aifc');
convert('stereo.wav', '-c:a pcm_f32be -f aiff', 'fl32.aifc');
convert('mono.wav', '-c:a pcm_mulaw -f aiff', 'ulaw.aifc');
convert('mono.wav', '-c:a pcm_alaw -f aiff', 'alaw.aifc');
convert('24.wav', '-c:a pcm_s24be -f aiff', 'in24.aifc');
convert('stereo.wav', '-c:a pcm_s16be', 'stereo.au');
convert('mono.wav', '-c:a pcm_mulaw', 'mulaw.au');
convert('mono.wav', '-c:a adpcm_ima_wav', 'adpcm.wav');
convert('mono.wav', '-c:a aac -b:a 32k', 'mono.m4a');
// ffmpeg counts the filling behind the samples as samples.
run('sox stereo.wav stereo.w64');
convert('stereo.wav', '-c:a wavpack', 'stereo.wv');

for (const name of ['mono', 'stereo', 'surround', 'long', '24', '32']) rmSync(`${name}.wav`);
rmSync('untagged.mp3');

/** An ID3 tag with the comment that iTunes writes. */
function itunesTag(delay: number, padding: number, samples: number): Uint8Array {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  const numbers = ` 00000000 ${hex(delay, 8)} ${hex(padding, 8)} ${hex(samples, 16)}${' 00000000'.repeat(8)}`;
  const content = Buffer.from(`\0engiTunSMPB\0${numbers}`, 'latin1');
  const frame = Buffer.concat([Buffer.from('COMM'), size(content.length), Buffer.from([0, 0]), content]);
  return Buffer.concat([Buffer.from('ID3\x03\0\0', 'latin1'), sevenBits(frame.length), frame]);
}

function size(bytes: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(bytes);
  return out;
}

function sevenBits(bytes: number): Buffer {
  return Buffer.from([21, 14, 7, 0].map((shift) => (bytes >> shift) & 127));
}
