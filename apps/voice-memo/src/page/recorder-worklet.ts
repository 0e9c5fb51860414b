/** The thread of the sound: hands on what the microphone gives, its first channel, as it comes. */
class Recorder extends AudioWorkletProcessor {
  override process([input]: readonly (readonly Float32Array[])[]): boolean {
    const channel = input?.[0];
    if (channel) this.port.postMessage(channel.slice());
    return true;
  }
}

registerProcessor('recorder', Recorder);
