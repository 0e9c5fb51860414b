import type { CodecRow } from './speech-figures';

export interface AudioCardFacts {
  readonly seed: string;
  readonly steps: string;
  readonly batch: string;
  readonly note: string;
  /** Recordings, and hours of them. */
  readonly files: number;
  readonly hours: number;
  readonly updates: number;
  readonly minutes: number;
  /** Of the weights. */
  readonly bytes: number;
}

/** The model card of the speech codec, Markdown. */
export function audioCard(rows: readonly CodecRow[], facts: AudioCardFacts): string {
  const { seed, steps, batch, note, files, hours, updates, minutes, bytes } = facts;
  const groups = rows[0]!.groups;
  const cells = rows.map(({ name, kilobits, groups: own }) =>
    [name, kilobits.toFixed(2), ...own.map(({ logMel, stoi }) => `${logMel.toFixed(3)} / ${stoi.toFixed(3)}`)].join(
      ' | ',
    ),
  );
  const worst = groups.map(
    ({ group, worstLogMel }) => `${group} ${worstLogMel.map((value) => value.toFixed(2)).join(', ')}`,
  );
  return `# audio-starter

A small speech codec in the style of Vocos: log-mel spectra, ConvNeXt blocks (4 of width 192 at 50 Hz), residual vector
quantization (4 codebooks of 1024 codes), ConvNeXt blocks (6 of width 192 at 100 Hz), inverse Fourier transform. 16 kHz mono,
50 frames a second of 1 to 4 codes: 0.5 to 2 kbit/s. It is bundled so that everything runs offline. Trained on ${files} files
(${hours.toFixed(1)} hours of six voices), ${minutes} minutes, one thread; not a benchmark entry, and no codec for other voices
or for music.

- Weights: \`audio-starter.safetensors\`, ${(bytes / 1e6).toFixed(1)} MB, float16, 2.1 million parameters.
- Licence of the weights: CC-BY-SA-4.0. The recordings and their authors are listed in \`CREDITS.json\`.
- Loss: log-mel and multi-resolution STFT distances, a little of the waveform's; nothing adversarial.

## Training

\`\`\`
npm run data -- audio
npm run train -- audio-starter --seed ${seed} --steps ${steps} --batch ${batch}
\`\`\`

- Data: ${files} recordings (\`data.lock.json\`), decoded to 16 kHz; ${batch} segments of a second an update, speakers by the root of
  their hours, speed 0.9 to 1.1, loudness -12 to 0 dB, either polarity. The clips below are not among them.
- Codebooks: k-means after 200 updates without them, then averages (decay 0.99), dead codes replaced; half of the items use
  all four, the others any number of the first ones.
- Optimizers: Muon 2e-3 on inner kernels, AdamW 2e-3 on the rest, warm-up of 100 updates, cosine to 1 %.
- Seed ${seed}, ${updates} updates, ${minutes} minutes of wall-clock time on one thread of two CPU cores that did other work as well.
- Log: \`train.jsonl\`, plot: \`losses.svg\`.
${note ? `- ${note}\n` : ''}
## Figures

Log-mel distance (80 mels, natural logarithm of at least 1e-3, lower is better) / STOI (higher is better), means over held-out
clips of 1.5 to 8 seconds. Our bits are the ids at 10 bits without a container; Opus (opus-tools, the lowest rate
it takes) is an Ogg file, whose headers count in clips as short as these; Codec 2 has no container and takes 8 kHz, its delay is
taken out. Read them with care: the log-mel distance is close to what this model was trained on, and it punishes Opus and Codec 2
for leaving out what lies above 4 kHz; STOI looks up to 5 kHz and no further. No listening test was made; expect a buzz.

| codec | kbit/s | ${groups.map(({ group, clips }) => `${group} (${clips})`).join(' | ')} |
|---|---|${groups.map(() => '---|').join('')}
${cells.map((row) => `| ${row} |`).join('\n')}

The groups: other recordings of the voices that it was trained on; a LibriVox reader that it never heard; Greek, Romanian and
Catalan by speakers that it never heard (these last clips are GPL and were used for nothing else). The three worst clips with
four codebooks, log-mel distance: ${worst.join('; ')}.
`;
}
