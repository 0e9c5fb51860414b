/** Where ids go; a full array is replaced by a larger one. */
export interface IdSink {
  ids: Int32Array;
  count: number;
}

export const createIdSink = (capacity = 256): IdSink => ({ ids: new Int32Array(capacity), count: 0 });

/** Makes room for `more` ids. */
export function reserveIds(sink: IdSink, more: number): void {
  if (sink.count + more <= sink.ids.length) return;
  const larger = new Int32Array(Math.max(sink.ids.length * 2, sink.count + more));
  larger.set(sink.ids.subarray(0, sink.count));
  sink.ids = larger;
}

export function pushId(sink: IdSink, id: number): void {
  if (sink.count === sink.ids.length) reserveIds(sink, 1);
  sink.ids[sink.count++] = id;
}

/** The ids so far, as an array of their own. */
export const takeIds = ({ ids, count }: IdSink): Int32Array => ids.slice(0, count);
