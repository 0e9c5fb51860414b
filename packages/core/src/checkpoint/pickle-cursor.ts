/** Bytes end inside of a pickle: more may follow in the file, or it is cut. */
export class PickleCut extends Error {}

/** Something in a pickle that no writer writes; becomes a `CheckpointError` where the file is known. */
export class PickleFault extends Error {
  readonly code: 'malformed' | 'limit-exceeded' | 'unsupported-format';

  constructor(message: string, code: PickleFault['code'] = 'malformed') {
    super(message);
    this.code = code;
  }
}

/** Longest integer, bytes: beyond, conversion would take seconds. */
const maximumIntegerBytes = 8192;
/** Longest text, bytes: configurations and logs in a checkpoint are a fraction of this. */
const maximumTextBytes = 16 * 1024 * 1024;

/** A position in pickle bytes. */
export class PickleCursor {
  private readonly view: DataView;
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly bytes: Uint8Array,
    public position: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  private advance(count: number): number {
    const at = this.position;
    if (count > this.bytes.length - at) throw new PickleCut(`${count} bytes at ${at}`);
    this.position = at + count;
    return at;
  }

  uint8(): number {
    if (this.position >= this.bytes.length) throw new PickleCut(`1 byte at ${this.position}`);
    return this.bytes[this.position++]!;
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  /** A length in eight bytes. */
  uint64(): number {
    const value = this.view.getBigUint64(this.advance(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new PickleFault(`a length of ${value}`, 'limit-exceeded');
    return Number(value);
  }

  /** A signed length in four bytes: negative ones are refused. */
  length32(): number {
    const length = this.int32();
    if (length < 0) throw new PickleFault(`a length of ${length}`);
    return length;
  }

  float64BigEndian(): number {
    return this.view.getFloat64(this.advance(8), false);
  }

  /** A view, no copy. */
  raw(length: number): Uint8Array {
    const at = this.advance(length);
    return this.bytes.subarray(at, at + length);
  }

  text(length: number): string {
    if (length > maximumTextBytes && length <= this.bytes.length - this.position)
      throw new PickleFault(`a text of ${length} bytes`, 'limit-exceeded');
    return this.decoder.decode(this.raw(length));
  }

  /** Up to the next line feed, which is skipped. */
  line(): string {
    const end = this.bytes.indexOf(10, this.position);
    if (end < 0) throw new PickleCut(`a line at ${this.position}`);
    const text = this.text(end - this.position);
    this.position = end + 1;
    return text;
  }

  /** Two's complement, little-endian. */
  integer(length: number): number | bigint {
    if (length > maximumIntegerBytes) throw new PickleFault(`an integer of ${length} bytes`, 'limit-exceeded');
    const bytes = this.raw(length);
    if (length === 0) return 0;
    let hex = '';
    for (let i = length - 1; i >= 0; i -= 1) hex += bytes[i]!.toString(16).padStart(2, '0');
    return narrow(BigInt.asIntN(length * 8, BigInt(`0x${hex}`)));
  }

  decimal(text: string): number | bigint {
    if (text.length > maximumIntegerBytes)
      throw new PickleFault(`an integer of ${text.length} digits`, 'limit-exceeded');
    const digits = text.endsWith('L') ? text.slice(0, -1) : text;
    if (!/^[+-]?\d+$/.test(digits)) throw new PickleFault(`the integer ${JSON.stringify(text.slice(0, 40))}`);
    return narrow(BigInt(digits));
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
