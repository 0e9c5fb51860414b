import type { AudioSignal } from '@tesserae/core/data';

/** Plays a sound once. @returns When it has ended. */
export async function playSound({ channels, sampleRate }: AudioSignal): Promise<void> {
  const context = new AudioContext();
  const buffer = context.createBuffer(channels.length, channels[0]!.length, sampleRate);
  channels.forEach((channel, index) => buffer.copyToChannel(new Float32Array(channel), index));
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(context.destination);
  await context.resume();
  await new Promise((resolve) => {
    source.addEventListener('ended', resolve, { once: true });
    source.start();
  });
  await context.close();
}
