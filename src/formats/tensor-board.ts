/**
 * TensorBoard's event files: records of TFRecord (https://www.tensorflow.org/tutorials/load_data/tfrecord) that hold Event
 * messages of protocol buffers (tensorflow/core/util/event.proto).
 */

/** What a file begins with. `time` is in seconds since 1970. */
export function tensorBoardHead(time: number): Uint8Array {
  return record(Buffer.concat([double(1, time), text(3, "brain.Event:2")]));
}

/** Values of one step, by tag. */
export function tensorBoardEvent(
  time: number,
  step: number,
  values: Readonly<Record<string, number>>,
): Uint8Array {
  const summary = Object.entries(values).map(([tag, value]) =>
    message(1, Buffer.concat([text(1, tag), float(2, value)])),
  );
  return record(Buffer.concat([double(1, time), whole(2, step), message(5, Buffer.concat(summary))]));
}

/** Length, its checksum, the bytes, theirs. */
function record(data: Uint8Array): Uint8Array {
  const length = new Uint8Array(BigUint64Array.of(BigInt(data.length)).buffer);
  return Buffer.concat([length, checksum(length), data, checksum(data)]);
}

function checksum(data: Uint8Array): Uint8Array {
  const sum = crc32c(data);
  const masked = (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
  return new Uint8Array(Uint32Array.of(masked).buffer);
}

/** CRC-32C (Castagnoli, RFC 3720), bit by bit: events are small. */
export function crc32c(data: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

// Fields of protocol buffers: number and wire type, then the value.

const double = (field: number, value: number): Uint8Array =>
  Buffer.concat([Uint8Array.of((field << 3) | 1), new Uint8Array(Float64Array.of(value).buffer)]);
const float = (field: number, value: number): Uint8Array =>
  Buffer.concat([Uint8Array.of((field << 3) | 5), new Uint8Array(Float32Array.of(value).buffer)]);
const whole = (field: number, value: number): Uint8Array =>
  Buffer.concat([Uint8Array.of(field << 3), varint(value)]);
const message = (field: number, bytes: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.of((field << 3) | 2), varint(bytes.length), bytes]);
const text = (field: number, value: string): Uint8Array => message(field, Buffer.from(value));

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(Math.floor(value / 128 ** bytes.length));
  return Uint8Array.from(bytes);
}
