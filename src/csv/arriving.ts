import { HEAD_BYTES } from './encoding.ts';
import { RowStream } from './rows.ts';
import { type FileRequest, formatOf, understandFile } from './understand.ts';

/**
 * Looks through a file while it is still being written, so that what cannot be right is refused at once and not when
 * all of it has arrived: no text, unknown columns, a quote that is not closed, a row without an end.
 */
export class Arriving {
  readonly #name: string;
  readonly #request: FileRequest;
  #stream: RowStream | undefined;
  #hasHeader = false;

  constructor(name: string, request: FileRequest) {
    this.#name = name;
    this.#request = request;
  }

  /** `size`: how much of it is there. Throws INVALID as the reading of the whole file would. */
  look(path: string, size: number): void {
    if (size < HEAD_BYTES) return;
    this.#stream ??= new RowStream(formatOf(path, this.#name, this.#request), { grows: true });
    for (let rows = this.#stream.next(); rows !== undefined; rows = this.#stream.next()) {
      if (this.#hasHeader || rows.length === 0) continue;
      // The first row has ended, so what is made of it will not change.
      understandFile(path, this.#name, this.#request);
      this.#hasHeader = true;
    }
  }

  close(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }
}
