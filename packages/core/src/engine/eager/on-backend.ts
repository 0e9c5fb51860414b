import * as tf from '@tensorflow/tfjs-core';

/** Runs `body` (synchronous) on a backend and restores the one before: several engines live in one process. */
export function onBackend<T>(name: string, body: () => T): T {
  const before = tf.getBackend();
  if (before !== name) void tf.setBackend(name);
  try {
    return body();
  } finally {
    if (before && before !== name) void tf.setBackend(before);
  }
}
