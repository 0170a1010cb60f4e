import { expect, it, onTestFinished } from 'vitest';
import { chromiumPath, Page } from './chromium.ts';
import { shop } from './support.ts';

const chromium = chromiumPath();
const without = chromium === undefined ? ' (skipped: no Chromium on the path or in CHROME_PATH)' : '';

it.skipIf(chromium === undefined)(
  `the explorer opens an operation, sends a request and shows its answer, all from one origin${without}`,
  { timeout: 60_000 },
  async () => {
    const home = await shop();
    await home.post('/driver', { callsign: 'D7' });
    const page = await Page.open(chromium ?? '');
    onTestFinished(() => page.close());

    await page.go(`${home.url}/docs`);
    await page.click('.btn.authorize');
    await page.type('.auth-container input', home.admin);
    await page.click('.auth-btn-wrapper .authorize');
    await page.click('.auth-btn-wrapper .btn-done');

    await page.click('#operations-tag-driver');
    await page.click('#operations-driver-driverList .opblock-summary-control');
    const parameter = '#operations-driver-driverList tr[data-param-name="clientId"] input';
    await page.type(parameter, home.client);
    await page.click('#operations-driver-driverList .execute');

    const answer = '#operations-driver-driverList .live-responses-table tbody';
    expect(await page.text(`${answer} .response-col_status`)).toContain('200');
    const shown = await page.text(`${answer} .response-col_description`);
    expect(shown).toContain('"callsign": "D7"');
    expect(home.logs.map((line) => JSON.parse(line)).at(-1)).toMatchObject({
      route: '/client/:clientId/driver',
      status: 200,
      token: 'admin',
    });

    const elsewhere = page.requests.filter(
      (url) => !url.startsWith(`${home.url}/`) && !url.startsWith('data:'),
    );
    expect(elsewhere).toEqual([]);
    expect(page.requests.length).toBeGreaterThan(4);
    expect(page.complaints).toEqual([]);
  },
);
