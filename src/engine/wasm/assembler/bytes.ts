/** A growing run of bytes, with the number formats of the WebAssembly binary format. */
export class Bytes {
  private data: Uint8Array<ArrayBuffer>
  private view: DataView
  length = 0

  constructor(capacity = 256) {
    this.data = new Uint8Array(capacity)
    this.view = new DataView(this.data.buffer)
  }

  private reserve(count: number): void {
    if (this.length + count <= this.data.length) return
    const grown = new Uint8Array(Math.max(2 * this.data.length, this.length + count))
    grown.set(this.data.subarray(0, this.length))
    this.data = grown
    this.view = new DataView(grown.buffer)
  }

  byte(value: number): this {
    if (this.length === this.data.length) this.reserve(1)
    this.data[this.length++] = value
    return this
  }

  /** Unsigned LEB128. */
  unsigned(value: number): this {
    let v = value >>> 0
    while (v > 127) {
      this.byte((v & 127) | 128)
      v >>>= 7
    }
    return this.byte(v)
  }

  /** Signed LEB128 of 32 bits. */
  signed(value: number): this {
    let v = value | 0
    for (;;) {
      const low = v & 127
      v >>= 7
      if ((v === 0 && low < 64) || (v === -1 && low >= 64)) return this.byte(low)
      this.byte(low | 128)
    }
  }

  /** Signed LEB128 of 64 bits. */
  signedLong(value: bigint): this {
    let v = value
    for (;;) {
      const low = Number(v & 127n)
      v >>= 7n
      if ((v === 0n && low < 64) || (v === -1n && low >= 64)) return this.byte(low)
      this.byte(low | 128)
    }
  }

  i32(value: number): this {
    this.reserve(4)
    this.view.setInt32(this.length, value, true)
    this.length += 4
    return this
  }

  i64(value: bigint): this {
    this.reserve(8)
    this.view.setBigInt64(this.length, value, true)
    this.length += 8
    return this
  }

  f32(value: number): this {
    this.reserve(4)
    this.view.setFloat32(this.length, value, true)
    this.length += 4
    return this
  }

  f64(value: number): this {
    this.reserve(8)
    this.view.setFloat64(this.length, value, true)
    this.length += 8
    return this
  }

  append(bytes: ArrayLike<number>): this {
    this.reserve(bytes.length)
    if (bytes.length < 32) for (let i = 0; i < bytes.length; i++) this.data[this.length + i] = bytes[i]!
    else this.data.set(bytes, this.length)
    this.length += bytes.length
    return this
  }

  /** Length, then contents. */
  sized(bytes: Uint8Array): this {
    return this.unsigned(bytes.length).append(bytes)
  }

  text(value: string): this {
    return this.sized(new TextEncoder().encode(value))
  }

  get contents(): Uint8Array<ArrayBuffer> {
    return this.data.subarray(0, this.length)
  }
}
