import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { cutBytes, detectEncoding, type Encoding, namedEncoding } from './encoding.ts';

/** Turns the bytes of a file into text, piece by piece. */
export interface Decoder {
  write(bytes: Buffer): string;
  end(): string;
  /** The byte that belongs to no character, as `0xe9`; the text that was given ends before it. */
  readonly bad: string | undefined;
}

/** The encoding that a file is in, as it was asked for or else as its beginning says. */
export function chooseEncoding(
  head: Buffer,
  file: string,
  whole: boolean,
  asked: string | undefined,
): Encoding {
  return asked === undefined
    ? detectEncoding(head, file, whole)
    : namedEncoding(asked, head, (codec) => iconv.encodingExists(codec));
}

/** A decoder for the bytes after the byte order mark. */
export function decoderOf({ codec }: Encoding): Decoder {
  if (codec === 'utf-8') return new Utf8Decoder();
  const decoder = iconv.getDecoder(codec, { stripBOM: true });
  return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? '', bad: undefined };
}

/** Never puts U+FFFD in the place of bytes that are no UTF-8: what a file says would be lost without a word. */
class Utf8Decoder implements Decoder {
  #rest: Buffer = EMPTY;
  bad: string | undefined;

  write(bytes: Buffer): string {
    const piece = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const cut = cutBytes(piece);
    this.#rest = cut === 0 ? EMPTY : Buffer.from(piece.subarray(piece.length - cut));
    return this.#text(cut === 0 ? piece : piece.subarray(0, piece.length - cut));
  }

  end(): string {
    return this.#text(this.#rest);
  }

  #text(bytes: Buffer): string {
    if (this.bad !== undefined) return '';
    // Of ASCII a string with one byte for each character, which all that follows handles faster.
    if (isAscii(bytes)) return bytes.toString('latin1');
    if (isUtf8(bytes)) return bytes.toString('utf8');
    const good = goodBytes(bytes);
    this.bad = `0x${(bytes[good] ?? 0).toString(16)}`;
    return bytes.toString('utf8', 0, good);
  }
}

const EMPTY = Buffer.alloc(0);

/** How many bytes at the beginning are whole characters. */
function goodBytes(bytes: Buffer): number {
  let [good, wrong] = [0, bytes.length];
  // What begins well and is cut inside a character is good up to the cut.
  const isGood = (end: number): boolean => {
    const part = bytes.subarray(good, end);
    return isUtf8(part.subarray(0, part.length - cutBytes(part)));
  };
  while (wrong - good > 1) {
    const middle = Math.floor((good + wrong) / 2);
    if (!isGood(middle)) wrong = middle;
    else {
      const part = bytes.subarray(good, middle);
      const whole = middle - cutBytes(part);
      if (whole <= good) break;
      good = whole;
    }
  }
  while (good < bytes.length && bytes[good] !== undefined) {
    let size = 1;
    while (size <= 4 && !isUtf8(bytes.subarray(good, good + size))) size++;
    if (size > 4) break;
    good += size;
  }
  return good;
}
