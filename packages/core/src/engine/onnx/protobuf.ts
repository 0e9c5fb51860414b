/** A message under construction: pieces and their total length, so that nothing is copied before the end. */
export interface ProtobufMessage {
  readonly pieces: Uint8Array[];
  bytes: number;
}

const encoder = new TextEncoder();

export function protobufMessage(): ProtobufMessage {
  return { pieces: [], bytes: 0 };
}

function append(message: ProtobufMessage, piece: Uint8Array): void {
  message.pieces.push(piece);
  message.bytes += piece.length;
}

/** Two's complement in 64 bits for negative numbers. */
function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

function tag(message: ProtobufMessage, field: number, wireType: 0 | 2 | 5): void {
  append(message, varint(field * 8 + wireType));
}

export function putInteger(message: ProtobufMessage, field: number, value: number | bigint): void {
  tag(message, field, 0);
  append(message, varint(value));
}

/** The bytes are referred to, not copied. */
export function putBytes(message: ProtobufMessage, field: number, bytes: Uint8Array): void {
  tag(message, field, 2);
  append(message, varint(bytes.length));
  append(message, bytes);
}

export function putString(message: ProtobufMessage, field: number, text: string): void {
  putBytes(message, field, encoder.encode(text));
}

export function putMessage(message: ProtobufMessage, field: number, inner: ProtobufMessage): void {
  tag(message, field, 2);
  append(message, varint(inner.bytes));
  for (const piece of inner.pieces) message.pieces.push(piece);
  message.bytes += inner.bytes;
}

export function putFloat(message: ProtobufMessage, field: number, value: number): void {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  tag(message, field, 5);
  append(message, bytes);
}

export function putPackedIntegers(message: ProtobufMessage, field: number, values: readonly number[]): void {
  const inner = protobufMessage();
  for (const value of values) append(inner, varint(value));
  putMessage(message, field, inner);
}

export function putPackedFloats(message: ProtobufMessage, field: number, values: readonly number[]): void {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setFloat32(index * 4, value, true));
  putBytes(message, field, bytes);
}

/** The whole message in one array. */
export function protobufBytes({ pieces, bytes }: ProtobufMessage): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let position = 0;
  for (const piece of pieces) {
    whole.set(piece, position);
    position += piece.length;
  }
  return whole;
}
