import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** A Chromium of this machine: `CHROME_PATH`, else one on the path; undefined where there is none. */
export function chromiumPath(): string | undefined {
  const { CHROME_PATH, PATH = '' } = process.env;
  if (CHROME_PATH !== undefined && CHROME_PATH !== '') return CHROME_PATH;
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...files, ...elsewhere].find((file) => existsSync(file));
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** One page in a headless browser, driven by the DevTools protocol over a pipe. */
export class Page {
  /** Every address that the page asked for. */
  readonly requests: string[] = [];
  /** What its console and the browser complain of. */
  readonly complaints: string[] = [];
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #out: Writable;
  readonly #waiting = new Map<
    number,
    { resolve: (message: Message) => void; reject: (error: Error) => void }
  >();
  #session: string | undefined;
  #count = 0;

  static async open(chromium: string): Promise<Page> {
    const page = new Page(chromium);
    const { targetId } = await page.#tell('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await page.#tell('Target.attachToTarget', { targetId, flatten: true });
    page.#session = String(sessionId);
    for (const domain of ['Network', 'Runtime', 'Log', 'Page']) await page.#tell(`${domain}.enable`);
    return page;
  }

  private constructor(chromium: string) {
    this.#folder = mkdtempSync(join(tmpdir(), 'tph-chromium-'));
    const flags = [
      '--headless=new',
      '--remote-debugging-pipe',
      `--user-data-dir=${this.#folder}`,
      // A browser of the tests opens nothing but the page under test, and root has no sandbox.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--window-size=1280,1600',
    ];
    this.#child = spawn(chromium, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.#child.once('error', (error) => this.#fail(error));
    this.#child.once('close', () => this.#fail(new Error('the browser has ended')));
    this.#out = this.#child.stdio[3] as Writable;
    this.#out.on('error', () => {});
    this.#listen(this.#child.stdio[4] as Readable);
  }

  async go(url: string): Promise<void> {
    await this.#tell('Page.navigate', { url });
  }

  /** The value of an expression in the page. */
  async value<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#tell('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as { readonly value: T }).value;
  }

  /** Waits for an element, scrolls to it, and clicks it as a mouse does. */
  async click(selector: string): Promise<void> {
    const { x, y } = await this.#place(selector);
    for (const type of ['mousePressed', 'mouseReleased'])
      await this.#tell('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
  }

  /** Clicks an input and types into it, in place of what is there. */
  async type(selector: string, text: string): Promise<void> {
    await this.click(selector);
    await this.value('document.activeElement.select()');
    await this.#tell('Input.insertText', { text });
  }

  /** The text of an element once there is one with some. */
  async text(selector: string): Promise<string> {
    return this.#until(
      () => this.value<string>(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`),
      selector,
    );
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  #place(selector: string): Promise<{ readonly x: number; readonly y: number }> {
    const find = `(() => {
      const found = document.querySelector(${JSON.stringify(selector)});
      if (found === null) return null;
      found.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { x, y, width, height } = found.getBoundingClientRect();
      return width === 0 ? null : { x: x + width / 2, y: y + height / 2 };
    })()`;
    return this.#until(() => this.value<{ x: number; y: number } | null>(find), selector);
  }

  async #until<T>(look: () => Promise<T | null | ''>, what: string): Promise<T> {
    for (let turn = 0; turn < 400; turn += 1) {
      const found = await look();
      if (found !== null && found !== '') return found;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`the page never shows ${what}`);
  }

  #tell(method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> {
    this.#count += 1;
    const id = this.#count;
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    this.#out.write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        reject,
        resolve: ({ result = {}, error }) =>
          error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`)),
      });
    });
  }

  #listen(input: Readable): void {
    let rest = '';
    input.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\0');
      rest = parts.pop() ?? '';
      for (const part of parts) this.#take(JSON.parse(part) as Message);
    });
  }

  #take(message: Message): void {
    const { id, method, params = {} } = message;
    if (id !== undefined) {
      this.#waiting.get(id)?.resolve(message);
      this.#waiting.delete(id);
    } else if (method === 'Network.requestWillBeSent')
      this.requests.push((params['request'] as { readonly url: string }).url);
    else if (method === 'Runtime.exceptionThrown') this.complaints.push(JSON.stringify(params));
    else if (method === 'Log.entryAdded') {
      const { level, text } = params['entry'] as { readonly level: string; readonly text: string };
      if (level === 'error') this.complaints.push(text);
    }
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
