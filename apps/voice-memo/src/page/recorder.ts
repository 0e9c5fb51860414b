import type { AudioSignal } from '@tesserae/core/data';

/** A recording in progress. */
export interface Recording {
  /** Ends it. @returns Mono, at the rate of the microphone. */
  stop(): Promise<AudioSignal>;
}

/**
 * Starts to record the microphone, after the browser has asked for it.
 *
 * @param onSeconds - Told how long the recording is, as it goes.
 * @throws {DOMException} There is no microphone, or the page may not use it.
 */
export async function startRecording(onSeconds: (seconds: number) => void): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  const context = new AudioContext();
  const end = async () => {
    for (const track of stream.getTracks()) track.stop();
    await context.close();
  };
  try {
    await context.audioWorklet.addModule(new URL('./recorder-worklet.js', import.meta.url));
    const { sampleRate } = context;
    const parts: Float32Array[] = [];
    let samples = 0;
    const recorder = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0 });
    recorder.port.addEventListener('message', ({ data }: MessageEvent<Float32Array>) => {
      parts.push(data);
      samples += data.length;
      onSeconds(samples / sampleRate);
    });
    recorder.port.start();
    context.createMediaStreamSource(stream).connect(recorder);
    return {
      async stop() {
        await end();
        const channel = new Float32Array(samples);
        let at = 0;
        for (const part of parts) {
          channel.set(part, at);
          at += part.length;
        }
        return { modality: 'audio', sampleRate, channels: [channel] };
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}
