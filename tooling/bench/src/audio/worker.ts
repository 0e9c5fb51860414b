import {
  type AudioStreamDecoder,
  type AudioStreamEncoder,
  type AudioTokenizer,
  audioTokenizers,
} from '@tesserae/audio';
import { type AudioSignal, type HostTensor, type TokenLevel, Tokens } from '@tesserae/core';
import { storeTensor } from '../store-tensor';
import { type Answer, measured, serveRequests } from '../worker-loop';
import { testClip, testTokens } from './clip.mjs';
import { type BenchmarkModel, benchmarkModel } from './models';
import type { Request } from './protocol';

type StreamingTokenizer = AudioTokenizer & AudioStreamEncoder & AudioStreamDecoder;

let state: { readonly model: BenchmarkModel; readonly tokenizer: StreamingTokenizer } | undefined;
let result: Tokens | AudioSignal | undefined;

function opened() {
  if (!state) throw new Error('no model is open');
  return state;
}

async function answer(request: Request): Promise<Answer> {
  switch (request.kind) {
    case 'open': {
      const { folder, engine, threads, prepack } = request;
      const model = benchmarkModel(request.model);
      const options = { folder, engine, engineOptions: { threads, prepack } };
      state = { model, tokenizer: (await audioTokenizers.fromPretrained(model.preset, options)) as StreamingTokenizer };
      return {};
    }
    case 'run': {
      const { model, tokenizer } = opened();
      const { direction, seconds } = request;
      if (direction === 'encode') {
        const clip = testClip(model.sampleRate, seconds);
        return { sample: await measured(async () => void (result = await tokenizer.encode(clip, { margins: true }))) };
      }
      const tokens = testTokens(tokenizer.info, model.codebooks, seconds);
      return { sample: await measured(async () => void (result = await tokenizer.decode(tokens))) };
    }
    case 'save': {
      if (result instanceof Tokens) {
        storeTensor(
          request.file,
          joined(result.levels, ({ data }) => data as Int32Array),
        );
        if (request.margins)
          storeTensor(
            request.margins,
            joined(result.levels, ({ margins }) => margins!),
          );
      } else if (result) {
        storeTensor(request.file, { data: result.channels[0]! });
      }
      return {};
    }
    case 'stream':
      return { steps: await streamSteps(request) };
  }
}

/** Milliseconds of every step of a clip, the first and the last left out: they are of other sizes. */
async function streamSteps({ direction, seconds, windowSeconds }: Extract<Request, { readonly kind: 'stream' }>) {
  const { model, tokenizer } = opened();
  const outputs =
    direction === 'encode'
      ? tokenizer.encodeStream(blocksOf(testClip(model.sampleRate, seconds)), { windowSeconds })
      : tokenizer.decodeStream(once(testTokens(tokenizer.info, model.codebooks, seconds)), { windowSeconds });
  const steps: { readonly milliseconds: number; readonly seconds: number }[] = [];
  let before = performance.now();
  for await (const output of outputs) {
    const now = performance.now();
    steps.push({ milliseconds: now - before, seconds: secondsOf(output) });
    before = now;
  }
  return steps.slice(1, -1);
}

function secondsOf(output: Tokens | AudioSignal): number {
  const { tokensPerSecond, sampleRate } = opened().tokenizer.info.signal as {
    readonly tokensPerSecond: number;
    readonly sampleRate: number;
  };
  if (output instanceof Tokens) return output.levels[0]!.shape[0]! / tokensPerSecond;
  return output.channels[0]!.length / sampleRate;
}

async function* blocksOf({ sampleRate, channels: [samples] }: AudioSignal): AsyncGenerator<AudioSignal> {
  const size = Math.round(0.02 * sampleRate);
  for (let from = 0; from < samples!.length; from += size) {
    yield { modality: 'audio', sampleRate, channels: [samples!.subarray(from, from + size)] };
  }
}

async function* once(tokens: Tokens): AsyncGenerator<Tokens> {
  yield tokens;
}

function joined(levels: readonly TokenLevel[], of: (level: TokenLevel) => Int32Array | Float32Array) {
  const parts = levels.map(of);
  const data = parts[0] instanceof Int32Array ? new Int32Array(sizeOf(parts)) : new Float32Array(sizeOf(parts));
  parts.reduce((at, part) => {
    data.set(part, at);
    return at + part.length;
  }, 0);
  return { data } satisfies Pick<HostTensor, 'data'>;
}

function sizeOf(parts: readonly ArrayLike<number>[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

serveRequests(answer);
