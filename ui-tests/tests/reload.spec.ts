import type { Page } from '@playwright/test';

import { cell, waitFor } from './support/endpoint';
import type { ICell } from './support/notebook';
import { sourceOf, textOf } from './support/notebook';
import { expect, test } from './support/test';

/** The page is gone, with its sockets, as when its tab is closed. */
async function leave(page: Page): Promise<void> {
  await page.evaluate(() => window.location.replace('about:blank'));
  await page.waitForURL('about:blank');
}

test('a run goes on without a page, and everything is there once afterwards', async ({
  begin,
  model,
  notebook,
  page,
  panel,
  request
}) => {
  await begin();
  const codes = ['print("one")', waitFor('go') + '\nprint("two")', '"three"'];
  await model.script([...codes.map(code => cell(code)), 'Three cells ran.']);
  await panel.send('Run three cells');
  await expect(panel.mark(1, 'Running')).toBeVisible();

  await leave(page);
  await notebook.writeFile('go');
  await expect
    .poll(async () => {
      const { path } = notebook;
      const url = '/jupyter-codeact/conversations';
      const rows = await request.get(url, { params: { notebook: path } });
      return (await rows.json()).map((row: { live: boolean }) => row.live);
    })
    .toEqual([false]);
  expect(await model.requests()).toHaveLength(4);

  const shown = (cells: ICell[]) =>
    cells.slice(1).map(each => [sourceOf(each), textOf(each)]);
  const expected = [
    [codes[0], 'one\n'],
    [codes[1], 'two\n'],
    [codes[2], "'three'"]
  ];
  for (let visit = 0; visit < 2; visit++) {
    await page.goto();
    await notebook.open();
    await panel.open();
    await expect(panel.prose.last()).toHaveText('Three cells ran.');
    await expect(panel.cards).toHaveCount(3);
    await expect
      .poll(async () => shown(await notebook.live()))
      .toEqual(expected);
    await expect
      .poll(async () => shown(await notebook.saved()))
      .toEqual(expected);
    await leave(page);
  }
});

test('a reload in mid-stream goes on streaming', async ({
  begin,
  model,
  notebook,
  page,
  panel
}) => {
  await begin('ask');
  const words = Array.from({ length: 5000 }, (_, index) => `word${index} `);
  await model.script([{ text: words.join(''), chunk_chars: 9, delay: 0.1 }]);
  const count = async () => {
    const said = (await panel.prose.last().textContent()) ?? '';
    return said.trim().split(/\s+/).length;
  };

  await panel.send('Talk');
  await expect.poll(count).toBeGreaterThan(3);
  await page.reload();
  await notebook.open();
  await panel.open();

  await expect(panel.prose).toHaveCount(1);
  await expect(panel.prose).toHaveText(/^word0 word1 word2 word3/);
  const then = await count();
  await expect.poll(count).toBeGreaterThan(then + 3);
  await panel.stop.click();
  await expect(panel.end).toHaveText('Stopped by you.');
  await panel.finished();
});
